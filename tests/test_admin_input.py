"""What no form of the admin sends, sent to it: 400, while what is wrong with the site itself stays a 500."""

from itertools import product
from typing import Any

import pytest
from django.test import Client, RequestFactory

from config.middleware import AdminInputMiddleware
from courses.models import CoursePage, LessonPage
from courses.tests.test_admin import lesson_form
from library.tests.factories import make_image

HALF_A_PAIR = """{"blocks": [{"text": "\\ud800", "type": "unstyled", "depth": 0, "key": "a", "inlineStyleRanges": [],
"entityRanges": []}], "entityMap": {}}"""
RICH_TEXT = ["x", "[]", "5", '{"blocks": 5}', "[" * 5000, HALF_A_PAIR]
SEARCHES = ['"', "\\", "\0", 'say "x', '""', "a\\b", "x " * 2000, '"x" ' * 2000, "y" * 5000, "%s", "title:x", "*"]


@pytest.fixture
def admin(admin_client: Client) -> Client:
    admin_client.raise_request_exception = False
    return admin_client


def edited(admin: Client, lesson: LessonPage, **fields: Any) -> int:
    form = {name: value for name, value in (lesson_form() | fields).items() if value is not None}
    return admin.post(f"/admin/pages/{lesson.pk}/edit/", form).status_code


def test_rich_text_that_is_not_in_its_json_is_refused(admin: Client, open_lesson: LessonPage) -> None:
    for content in RICH_TEXT:
        assert edited(admin, open_lesson, **{"body-0-value": content}) == 400, content

    assert not open_lesson.revisions.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"body-count": "x"},
        {"body-count": None},
        {"body-count": "9" * 5000},
        {"body-0-order": "1.5"},
        {"body-0-type": None},
        {"captions-INITIAL_FORMS": "9", "captions-TOTAL_FORMS": "9"},
        {"video": "x"},
    ],
)
def test_form_that_is_not_the_editors_is_refused(
    admin: Client, open_lesson: LessonPage, fields: dict[str, Any]
) -> None:
    assert edited(admin, open_lesson, **fields) == 400


def test_ids_that_are_none_are_refused(admin: Client, open_lesson: LessonPage) -> None:
    image = make_image()

    for address in (
        "images/chooser/chosen/x/",
        "documents/chooser/chosen/%00/",
        "pages/{}/revisions/compare/{}...live/",
    ):
        assert admin.get(f"/admin/{address.format(open_lesson.pk, '9' * 5000)}").status_code == 400
    assert admin.get(f"/admin/pages/{open_lesson.pk}/revisions/0/revert/").status_code == 400
    assert admin.get(f"/admin/how-to-edit/{'x' * 5000}.webp").status_code == 404
    assert admin.post(f"/admin/pages/{open_lesson.pk}/unpublish/?next=nonsense").status_code == 400
    for address in (f"bulk/library/customimage/delete/?id={2**63}&next=/", "pages/?owner=9223372036854775808"):
        assert admin.get(f"/admin/{address}").status_code in {200, 302, 400, 404}
    assert admin.get(f"/admin/images/{image.pk}/").status_code == 200


def test_anything_may_be_searched_for(admin: Client, open_lesson: LessonPage) -> None:
    for words in SEARCHES:
        for address in ("pages/", "pages/search/", "images/chooser/results/"):
            assert admin.get(f"/admin/{address}", {"q": words}).status_code == 200, (address, words)


def test_search_finds_what_it_found(admin: Client, open_lesson: LessonPage) -> None:
    CoursePage.objects.get(pk=open_lesson.get_parent().pk).save()  # which puts it into the index

    for words in (open_lesson.get_parent().title, f'"{open_lesson.get_parent().title}"', 'course "'):
        found = admin.get("/admin/pages/search/", {"q": words}).context["page_obj"].object_list

        assert open_lesson.get_parent().pk in {page.pk for page in found}


def test_what_wagtail_has_no_view_for_is_refused(admin: Client, open_lesson: LessonPage) -> None:
    for address, form in [
        ("snippets/choose/courses/topic/create/", {}),
        (f"pages/{open_lesson.pk}/copy/", {"new_parent_page": "0", "new_title": "x", "new_slug": "x"}),
        (f"pages/{open_lesson.pk}/copy/", {}),
    ]:
        assert admin.post(f"/admin/{address}", form).status_code == 400, address
    translated = f"/admin/api/main/pages/{open_lesson.pk}/action/copy_for_translation/"
    assert admin.post(translated, {"locale": "en"}, content_type="application/json").status_code == 400  # it is English


def answer(error: Exception, method: str, path: str) -> Any:
    middleware = AdminInputMiddleware(lambda request: None)  # type: ignore[arg-type, return-value]
    return middleware.process_exception(RequestFactory().generic(method, path, QUERY_STRING="page=2"), error)


@pytest.mark.parametrize("kind", [ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError])
def test_mistake_of_the_sites_own_stays_one(kind: type[Exception]) -> None:
    with pytest.raises(kind) as caught:
        raise kind("a view's own")

    for method, path in product(("GET", "POST"), ("/admin/pages/", "/courses/")):
        assert answer(caught.value, method, path) is None


def test_public_pages_trip_over_nothing_unseen() -> None:
    with pytest.raises(ValueError, match="number") as caught:
        CoursePage.objects.filter(pk="x")

    assert answer(caught.value, "GET", "/courses/") is None
    assert answer(caught.value, "GET", "/admin/").status_code == 400

"""Every page: where it may be in the tree, how it may be requested, and that requests write nothing."""

from collections.abc import Callable

import pytest
from django.apps import apps
from django.test import Client
from wagtail.models import Page, get_page_models

from access.policy import Level
from conftest import CANARY
from courses.models import CourseIndexPage, CoursePage, LessonCaption, LessonPage
from courses.models.stage import Availability
from courses.public.syllabus import entries_for, sections
from courses.tests.content import VTT, download, picture
from home.models import HomePage
from library.models import CustomDocument, CustomImage, Video

MakeCourse = Callable[..., CoursePage]
MakeLesson = Callable[..., LessonPage]


# Where a page may be in the tree


@pytest.mark.parametrize(
    ("page_type", "parents", "children"),
    [
        (HomePage, {Page}, {CourseIndexPage}),
        (CourseIndexPage, {HomePage}, {CoursePage}),
        (CoursePage, {CourseIndexPage}, {LessonPage}),
        (LessonPage, {CoursePage}, set()),
    ],
)
def test_page_type_has_one_place(page_type: type[Page], parents: set[type[Page]], children: set[type[Page]]) -> None:
    assert set(page_type.allowed_parent_page_models()) == parents
    assert set(page_type.allowed_subpage_models()) == children


@pytest.mark.parametrize("page_type", [HomePage, CourseIndexPage])
def test_there_is_one_front_page_and_one_catalogue(home_page: HomePage, page_type: type[Page]) -> None:
    parent = home_page if page_type is CourseIndexPage else home_page.get_parent()

    assert not page_type.can_create_at(parent)


def test_no_other_page_type_can_be_made() -> None:
    ours = {HomePage, CourseIndexPage, CoursePage, LessonPage}

    assert {model for model in get_page_models() if model.is_creatable} == ours


def test_wagtails_own_page_privacy_is_not_offered() -> None:
    assert all(model.private_page_options == [] for model in get_page_models() if model is not Page)


# How a page may be asked for


@pytest.fixture
def addresses(open_lesson: LessonPage, email_lesson: LessonPage) -> list[str]:
    return ["/", "/courses/", "/courses/open/", "/courses/open/lesson/", "/courses/gated/lesson/"]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_page_is_only_read(client: Client, addresses: list[str], method: str) -> None:
    assert {getattr(client, method)(address).status_code for address in addresses} == {405}


@pytest.mark.parametrize("method", ["PROPFIND", "FOO", "G\u00e8T"])
def test_odd_method_is_refused(client: Client, addresses: list[str], method: str) -> None:
    assert {client.generic(method, address).status_code for address in addresses} == {405}


def test_options_names_the_methods(client: Client, addresses: list[str]) -> None:
    assert {client.options(address)["Allow"] for address in addresses} == {"GET, HEAD, OPTIONS"}


@pytest.mark.parametrize("method", ["get", "head", "options", "post"])
def test_draft_looks_like_a_missing_page_by_any_method(
    client: Client, make_course: MakeCourse, make_lesson: MakeLesson, method: str
) -> None:
    make_lesson(make_course(slug="open"), slug="draft", live=False)

    draft, missing = (getattr(client, method)(f"/courses/open/{slug}/") for slug in ("draft", "missing"))

    assert (draft.status_code, draft.content, draft.headers) == (404, missing.content, missing.headers)


@pytest.mark.refusal("policy")
def test_head_of_a_gated_lesson_is_answered_by_the_gate(client: Client, email_lesson: LessonPage) -> None:
    response = client.head(email_lesson.url)

    assert "access/gate.html" in [template.name for template in response.templates]
    assert response.content == b""


# Asking writes nothing


def rows() -> dict[str, int]:
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


@pytest.fixture
def public_addresses(
    make_course: MakeCourse, make_lesson: MakeLesson, image: CustomImage, document: CustomDocument, video: Video
) -> list[str]:
    """Every public address of a site that has one of everything, open and shut."""
    found = [
        "/",
        "/courses/",
        "/courses/?q=x",
        "/sitemap.xml",
        "/robots.txt",
        "/healthz",
        "/missing/",
        "/access/session/",
    ]
    for level in Level:
        for availability in Availability:
            course = make_course(access=level, availability=availability, thumbnail=image)
            body = [picture(image), download(document), ("code", {"language": "python", "code": "1", "caption": ""})]
            lesson = make_lesson(course, video=video, body=body)
            lesson.captions.set([LessonCaption(language="en", label="English", vtt=VTT)])
            lesson.save()
            found += [course.url, lesson.url, f"/lessons/{lesson.pk}/captions/en.vtt"]
            found += [f"/files/{lesson.pk}/picture/{image.pk}/480/", f"/files/{lesson.pk}/video/{video.pk}/"]
    return [*found, document.url, *(rendition.url for rendition in image.renditions.all())]


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_anonymous_reading_writes_no_row(client: Client, public_addresses: list[str], method: str) -> None:
    before = rows()

    for address in public_addresses:
        response = getattr(client, method)(address)
        assert response.status_code < 500
        response.getvalue()

    assert rows() == before


def test_anonymous_reading_changes_no_document(
    client: Client, open_lesson: LessonPage, document: CustomDocument
) -> None:
    CustomDocument.objects.update(file_size=None)
    open_lesson.body = [download(CustomDocument.objects.get())]
    open_lesson.save_revision().publish()

    client.get(open_lesson.url)

    assert CustomDocument.objects.get().file_size is None


@pytest.mark.refusal("policy")
def test_nothing_secret_is_anywhere_in_public(client: Client, public_addresses: list[str]) -> None:
    CoursePage.objects.filter(access=Level.ANYONE).delete()
    answers = [client.get(address).getvalue() for address in public_addresses]

    assert not any(CANARY.encode() in answer for answer in answers)


def test_cacheable_pages_set_no_cookie(client: Client, addresses: list[str]) -> None:
    for address in addresses:
        response = client.get(address)
        assert "public" not in response["Cache-Control"] or not response.cookies


def test_lessons_stand_in_their_sections_on_the_course_and_beside_each_lesson(
    client: Client, make_course: MakeCourse, make_lesson: MakeLesson
) -> None:
    course = make_course(slug="open")
    for number, section in enumerate(["", "Salt", "", "Water"], start=1):
        make_lesson(course, slug=f"l{number}", title=f"L{number}", section=section)

    pages = [client.get("/courses/open/").text, client.get("/courses/open/l4/").text]

    for page in pages:
        syllabus = page[page.index('id="syllabus_heading"') :]
        places = [syllabus.index(word) for word in ("L1", "Salt</h3>", "L2", "L3", "Water</h3>", "L4")]
        assert places == sorted(places)
    assert [(each.title, [entry.slug for entry in each.entries]) for each in sections(entries_for(course))] == [
        ("", ["l1"]),
        ("Salt", ["l2", "l3"]),
        ("Water", ["l4"]),
    ]


def test_the_last_lesson_that_is_open_leads_on(
    client: Client, make_course: MakeCourse, make_lesson: MakeLesson
) -> None:
    course = make_course(slug="open")
    lessons = [make_lesson(course, slug=f"l{number}") for number in range(3)]
    LessonPage.objects.filter(pk=lessons[2].pk).update(availability=Availability.COMING_SOON)

    assert ['id="finished"' in client.get(lesson.url).text for lesson in lessons[:2]] == [False, True]

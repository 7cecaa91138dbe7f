"""Comments, locks, history and comparison, which Wagtail brings, on every page type of ours."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from wagtail.models import Comment, Page

from courses.models import CourseIndexPage, CoursePage, LessonCaption, LessonPage
from courses.tests.content import VTT
from courses.tests.test_admin import course_form, lesson_form
from home.models import HomePage

Pages = dict[str, Any]
KINDS = ["home", "catalogue", "course", "lesson"]


@pytest.fixture
def pages(
    home_page: HomePage,
    catalogue: CourseIndexPage,
    make_course: Callable[..., CoursePage],
    make_lesson: Callable[..., LessonPage],
) -> Pages:
    course = make_course(description=[("rich_text", "<p>About it.</p>")])
    lesson = make_lesson(course)
    lesson.captions.set([LessonCaption(language="en", label="English", vtt=VTT)])
    lesson.save_revision().publish()
    return {"home": home_page, "catalogue": catalogue, "course": course, "lesson": LessonPage.objects.get()}


def retitled(page: Page) -> tuple[int, int]:
    """The ids of two revisions, the second with another title."""
    page = type(page).objects.get(pk=page.pk)
    first = page.save_revision(log_action=True)
    page.title = "Entirely new"
    return first.pk, page.save_revision().pk


@pytest.mark.parametrize("kind", KINDS)
def test_page_is_compared_with_its_draft(moderator: Client, pages: Pages, kind: str) -> None:
    page = pages[kind]
    first, second = retitled(page)

    answer = moderator.get(f"/admin/pages/{page.pk}/revisions/compare/{first}...{second}/")

    assert answer.status_code == 200
    assert "Entirely new" in answer.text


def test_every_field_of_a_lesson_is_compared(moderator: Client, pages: Pages, video: Any) -> None:
    lesson = pages["lesson"]
    first = lesson.save_revision()
    lesson.summary, lesson.minutes, lesson.is_free_preview, lesson.video = "New summary", 77, True, video
    lesson.availability = "coming_soon"
    lesson.body = [("rich_text", "<p>New words.</p>")]
    lesson.captions.set([LessonCaption(language="de", label="Deutsch", vtt=VTT)])
    second = lesson.save_revision()

    text = moderator.get(f"/admin/pages/{lesson.pk}/revisions/compare/{first.pk}...{second.pk}/").text

    expected = ["Summary", "Minutes", "Free preview", "Availability", "Video", "Body", "Captions"]
    assert [label for label in expected if label not in text] == []
    assert "Deutsch" in text


def test_access_is_compared(moderator: Client, pages: Pages) -> None:
    course = pages["course"]
    first = course.save_revision()
    course.access = "purchase"
    second = course.save_revision()

    text = moderator.get(f"/admin/pages/{course.pk}/revisions/compare/{first.pk}...{second.pk}/").text

    assert "Purchase" in text


@pytest.mark.parametrize("kind", KINDS)
def test_page_has_its_history(moderator: Client, pages: Pages, kind: str) -> None:
    page = pages[kind]
    retitled(page)

    answer = moderator.get(f"/admin/pages/{page.pk}/history/")

    assert answer.status_code == 200
    assert "Draft saved" in answer.text


@pytest.mark.parametrize("kind", KINDS)
def test_older_revision_is_offered_again(moderator: Client, pages: Pages, kind: str) -> None:
    page = pages[kind]
    first, _second = retitled(page)

    assert moderator.get(f"/admin/pages/{page.pk}/revisions/{first}/revert/").status_code == 200


@pytest.mark.parametrize("kind", KINDS)
def test_locked_page_is_kept_from_others(
    moderator: Client, make_staff: Callable[[str], Client], pages: Pages, kind: str
) -> None:
    page = pages[kind]
    moderator.post(f"/admin/pages/{page.pk}/lock/")
    page.refresh_from_db()
    assert page.locked

    editor = make_staff("Editors")
    forms = {"course": course_form, "lesson": lesson_form}
    form = forms.get(kind, dict)(title="Changed", slug=page.slug)
    editor.post(f"/admin/pages/{page.pk}/edit/", form)

    assert type(page).objects.get(pk=page.pk).get_latest_revision_as_object().title == page.title
    assert "locked" in editor.get(f"/admin/pages/{page.pk}/edit/").text
    moderator.post(f"/admin/pages/{page.pk}/unlock/")
    page.refresh_from_db()
    assert not page.locked


@pytest.mark.parametrize(
    ("kind", "place"), [("home", "headline"), ("catalogue", "intro"), ("course", "summary"), ("lesson", "summary")]
)
def test_comment_is_shown_at_its_field(moderator: Client, pages: Pages, kind: str, place: str) -> None:
    page = pages[kind]
    user = get_user_model().objects.get()
    Comment.objects.create(page=page, user=user, text="Say it shorter", contentpath=place)

    text = moderator.get(f"/admin/pages/{page.pk}/edit/").text

    assert "Say it shorter" in text
    assert f'data-contentpath="{place}"' in text

"""What editors see of courses and lessons in the explorer and in the editor, and what they can do there."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from access.policy import Level
from courses.models import CourseIndexPage, CoursePage, LessonPage
from courses.models.stage import Availability
from courses.tests.test_admin import edit, lesson_form
from library.models import Video

MakeCourse = Callable[..., CoursePage]
MakeLesson = Callable[..., LessonPage]


def listed(client: Client, address: str) -> list[str]:
    """The titles in the explorer's table."""
    return [page.title for page in client.get(address).context["table"].data]


# The list of courses


def test_courses_are_listed_with_how_they_stand(
    editor: Client, catalogue: CourseIndexPage, make_course: MakeCourse
) -> None:
    make_course(access=Level.PURCHASE, availability=Availability.COMING_SOON)

    text = editor.get(f"/admin/pages/{catalogue.pk}/").text

    assert "Coming soon" in text
    assert "Purchase" in text
    assert "Announced, with no opening date." in text
    assert "3 to fix" in text


@pytest.mark.parametrize("model", ["coursepage", "lessonpage"])
@pytest.mark.parametrize("results", ["", "results/"])
def test_pages_of_a_type_are_listed_with_how_they_stand(
    editor: Client, open_lesson: LessonPage, model: str, results: str
) -> None:
    response = editor.get(f"/admin/pages/usage/courses/{model}/{results}")

    assert "Readiness" in response.text
    assert [page.pk for page in response.context["table"].data] == (
        [open_lesson.pk] if model == "lessonpage" else [open_lesson.get_parent().pk]
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("status=draft", ["Draft", "Wish"]),
        ("status=coming_soon", ["Soon"]),
        ("status=published", ["Open", "Paid"]),
        ("access=purchase", ["Paid"]),
        ("next=wishing", ["Wish"]),
        ("next=scheduled", []),
        ("next=review", []),
        ("status=published&access=anyone", ["Open"]),
    ],
)
def test_courses_are_filtered(
    editor: Client, catalogue: CourseIndexPage, make_course: MakeCourse, query: str, expected: list[str]
) -> None:
    make_course(title="Draft", live=False)
    make_course(title="Soon", availability=Availability.COMING_SOON, access=Level.EMAIL)
    make_course(title="Open")
    make_course(title="Paid", access=Level.PURCHASE)
    wish = make_course(title="Wish", live=False)
    wish.go_live_at = timezone.now() + timedelta(days=1)
    wish.save_revision()

    assert sorted(listed(editor, f"/admin/pages/{catalogue.pk}/?{query}")) == expected


def test_search_of_the_whole_site_shows_every_kind_of_page(
    editor: Client, catalogue: CourseIndexPage, make_course: MakeCourse
) -> None:
    course = make_course(title="Findable")
    course.save_revision().publish()

    assert editor.get(f"/admin/pages/{catalogue.pk}/?q=Findable&search_all=1").status_code == 200


@pytest.mark.parametrize("kind", ["courses", "lessons"])
@pytest.mark.parametrize("group", ["Editors", "Moderators"])
def test_list_of_twelve_costs_as_much_as_one_of_two(
    make_staff: Callable[[str], Client],
    group: str,
    catalogue: CourseIndexPage,
    make_course: MakeCourse,
    make_lesson: MakeLesson,
    kind: str,
) -> None:
    def fill(count: int) -> None:
        for _ in range(count):
            page = make_course() if kind == "courses" else make_lesson(course)
            page.save_revision(clean=False)

    def cost() -> int:
        address = f"/admin/pages/{catalogue.pk}/" if kind == "courses" else f"/admin/pages/{course.pk}/"
        with CaptureQueriesContext(connection) as queries:
            assert staff.get(address).status_code == 200
        return len(queries)

    staff = make_staff(group)
    course = make_course()
    fill(2)
    cost()
    few = cost()
    fill(10)

    assert cost() <= few


# A course and its lessons


def test_lessons_are_listed_in_their_order(editor: Client, make_course: MakeCourse, make_lesson: MakeLesson) -> None:
    course = make_course(live=False)
    for title in ("B", "A", "C"):
        make_lesson(course, title=title)

    answer = editor.get(f"/admin/pages/{course.pk}/")

    assert [page.title for page in answer.context["table"].data] == ["B", "A", "C"]
    assert "Not visible yet: its course is a draft." in answer.text


@pytest.mark.parametrize(("query", "expected"), [("is_free_preview=True", ["Free"]), ("status=draft", ["Draft"])])
def test_lessons_are_filtered(
    editor: Client, make_course: MakeCourse, make_lesson: MakeLesson, query: str, expected: list[str]
) -> None:
    course = make_course()
    make_lesson(course, title="Free", is_free_preview=True)
    make_lesson(course, title="Draft", live=False)
    make_lesson(course, title="Usual")

    assert listed(editor, f"/admin/pages/{course.pk}/?{query}") == expected


@pytest.mark.parametrize("address", ["/admin/pages/{}/", "/admin/pages/{}/edit/"])
def test_a_lesson_is_added_from_its_course(editor: Client, make_course: MakeCourse, address: str) -> None:
    assert "Add lesson" in editor.get(address.format(make_course().pk)).text


def test_a_lesson_is_added_from_the_row_of_its_course(
    editor: Client, catalogue: CourseIndexPage, make_course: MakeCourse
) -> None:
    course = make_course()

    assert f"/admin/pages/add/courses/lessonpage/{course.pk}/" in editor.get(f"/admin/pages/{catalogue.pk}/").text


# The editor


def test_editor_shows_how_the_page_stands(editor: Client, make_course: MakeCourse) -> None:
    course = make_course(live=False)
    course.go_live_at = timezone.now() + timedelta(days=1)
    course.save_revision()

    answer = editor.get(f"/admin/pages/{course.pk}/edit/")

    assert answer.text.count("Won’t go live") == 2  # above the form, and in the panel of the status


@pytest.mark.parametrize("slug", ["home", "courses"])
def test_status_panel_of_other_pages_says_so_too(
    editor: Client, home_page: Any, catalogue: CourseIndexPage, slug: str
) -> None:
    page = home_page if slug == "home" else catalogue

    assert "Live." in editor.get(f"/admin/pages/{page.pk}/edit/").text


def test_editor_links_to_what_is_missing(editor: Client, make_course: MakeCourse, make_lesson: MakeLesson) -> None:
    course = make_course()
    lesson = make_lesson(course, body=[])

    assert 'href="#body-root"' in editor.get(f"/admin/pages/{lesson.pk}/edit/").text
    assert f'href="/admin/pages/{lesson.pk}/edit/#body-root"' in editor.get(f"/admin/pages/{course.pk}/edit/").text


def test_saved_draft_is_looked_at_anew(editor: Client, make_course: MakeCourse, make_lesson: MakeLesson) -> None:
    lesson = make_lesson(make_course(), slug="x", body=[])

    edit(editor, lesson, lesson_form(slug="x"))

    assert 'href="#body-root"' not in editor.get(f"/admin/pages/{lesson.pk}/edit/").text


def test_editor_tells_what_a_change_of_access_costs(editor: Client, email_lesson: LessonPage) -> None:
    course = email_lesson.course
    assert course
    course.access = Level.PURCHASE
    course.save_revision()

    assert "0 people with a verified email lose access" in editor.get(f"/admin/pages/{course.pk}/edit/").text


# Minutes


@pytest.mark.parametrize(("typed", "duration", "minutes"), [("", 61, 2), ("0", 61, 2), ("7", 61, 7), ("", 10**9, 1000)])
def test_minutes_left_empty_are_the_videos(
    editor: Client,
    make_course: MakeCourse,
    make_lesson: MakeLesson,
    video: Video,
    typed: str,
    duration: int,
    minutes: int,
) -> None:
    Video.objects.update(duration=duration)
    lesson = make_lesson(make_course(), slug="x")

    edit(editor, lesson, lesson_form(slug="x", minutes=typed, video=str(video.pk)))

    assert LessonPage.objects.get().get_latest_revision_as_object().minutes == minutes


@pytest.mark.parametrize(("words", "minutes"), [(1, 1), (200, 1), (201, 2)])
def test_minutes_left_empty_without_a_video_are_the_texts_reading_time(words: int, minutes: int) -> None:
    lesson = LessonPage(title="x", slug="x", body=[("rich_text", f"<p>{'word ' * words}</p>")])

    lesson.clean()

    assert lesson.minutes == minutes


def test_minutes_of_a_lesson_without_video_and_text_stay_empty() -> None:
    lesson = LessonPage(title="x", slug="x")

    lesson.clean()

    assert lesson.minutes == 0

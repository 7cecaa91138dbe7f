"""Lessons are put in order by dragging. What visitors see of it changes at once, so it needs the right to publish."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from courses.models import CoursePage, LessonPage

MakeCourse = Callable[..., CoursePage]
MakeLesson = Callable[..., LessonPage]


@pytest.fixture
def fill(make_course: MakeCourse, make_lesson: MakeLesson) -> Callable[..., CoursePage]:
    """A course of lessons A, B, C; those named in `drafts` are not live."""

    def make(*, drafts: str = "", **fields: Any) -> CoursePage:
        course = make_course(**fields)
        for title in "ABC":
            make_lesson(course, title=title, live=title not in drafts)
        return course

    return make


def drag(client: Client, title: str, position: str) -> int:
    lesson = LessonPage.objects.get(title=title)
    return client.post(f"/admin/pages/{lesson.pk}/set_position/?position={position}").status_code


def order() -> str:
    return "".join(LessonPage.objects.order_by("path").values_list("title", flat=True))


@pytest.mark.parametrize(
    ("title", "position", "expected"),
    [("C", "0", "CAB"), ("A", "1", "BAC"), ("A", "2", "BCA"), ("B", "1", "ABC"), ("A", "99", "BCA"), ("A", "", "BCA")],
)
def test_moderator_orders_live_lessons(
    moderator: Client, fill: Callable[..., CoursePage], title: str, position: str, expected: str
) -> None:
    fill()

    assert drag(moderator, title, position) == 200
    assert order() == expected


@pytest.mark.parametrize("position", ["-1", "x", "1e9", "٣", "9" * 40])
def test_strange_position_is_the_last(moderator: Client, fill: Callable[..., CoursePage], position: str) -> None:
    fill()

    assert drag(moderator, "A", position) == 200
    assert order() == "BCA"


def test_editor_cannot_change_what_visitors_see(editor: Client, fill: Callable[..., CoursePage]) -> None:
    fill()

    drag(editor, "C", "0")

    assert order() == "ABC"


def test_editor_orders_a_draft_course(editor: Client, fill: Callable[..., CoursePage]) -> None:
    fill(live=False)

    assert drag(editor, "C", "0") == 200
    assert order() == "CAB"


def test_editor_puts_a_draft_between_live_lessons(editor: Client, fill: Callable[..., CoursePage]) -> None:
    fill(drafts="C")

    assert drag(editor, "C", "1") == 200
    assert order() == "ACB"


def test_stranger_orders_nothing(client: Client, fill: Callable[..., CoursePage]) -> None:
    fill(live=False)

    drag(client, "C", "0")

    assert order() == "ABC"


def test_editor_is_offered_a_handle_where_it_works(editor: Client, fill: Callable[..., CoursePage]) -> None:
    course = fill(drafts="C")

    assert editor.get(f"/admin/pages/{course.pk}/").text.count("w-orderable__item__handle") == 1


def test_moderator_is_offered_every_handle(moderator: Client, fill: Callable[..., CoursePage]) -> None:
    course = fill()

    assert moderator.get(f"/admin/pages/{course.pk}/").text.count("w-orderable__item__handle") == 3

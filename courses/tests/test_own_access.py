"""A lesson that comes from a stricter course keeps what it asked, says so, and opens only when a publisher decides."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from wagtail.models import Page, PageLogEntry

from access.models import Email, Grant
from access.policy import Level
from access.staff import explain
from conftest import CANARY
from courses.editing import access_change
from courses.editing.access_change import Circle
from courses.models import CourseIndexPage, CoursePage, LessonPage

MakeCourse = Callable[..., CoursePage]


@pytest.fixture
def open_course(make_course: MakeCourse) -> CoursePage:
    return make_course(slug="free", title="Free for all", access=Level.ANYONE)


@pytest.fixture
def anyone() -> Client:
    return Client()


def again(page: Any) -> Any:
    return type(page).objects.get(pk=page.pk)


def reads(client: Client, lesson: LessonPage) -> bool:
    return CANARY in client.get(again(lesson).url).content.decode()


def copy(client: Client, page: Page, to: Page, **typed: str) -> Any:
    """By Wagtail's own form."""
    data = {"new_title": "Copy", "new_slug": "copy", "new_parent_page": to.pk, **typed}
    assert client.post(f"/admin/pages/{page.pk}/copy/", data).status_code == 302
    return type(page).objects.get(slug="copy")


def publish(page: Page) -> None:
    again(page).get_latest_revision().publish()


def lift(client: Client, lesson: LessonPage) -> Any:
    return client.post(f"/admin/courses/{lesson.pk}/own-access/")


def kept(lesson: LessonPage) -> str:
    return access_change.effect(lesson, again(lesson).get_latest_revision()).kept


# A copy


def test_published_copy_keeps_what_it_asked_until_a_publisher_decides(
    editor: Client, moderator: Client, anyone: Client, buyer: Client, paid_lesson: LessonPage, open_course: CoursePage
) -> None:
    lesson = copy(editor, paid_lesson, open_course)
    assert "came from “" in kept(lesson)
    assert "Purchase" in kept(lesson)
    assert kept(lesson) in editor.get(f"/admin/pages/{lesson.pk}/edit/").content.decode()
    publish(lesson)
    assert (reads(anyone, lesson), reads(buyer, lesson)) == (False, True)

    assert lift(editor, lesson).status_code == 302
    assert not reads(anyone, lesson)
    assert "Free for all" in moderator.get(f"/admin/courses/{lesson.pk}/own-access/").content.decode()
    lift(moderator, lesson)

    assert reads(anyone, lesson)
    assert kept(lesson) == ""
    assert PageLogEntry.objects.filter(action="courses.follow_course", page=lesson.pk).count() == 1
    publish(lesson)  # the draft is older than the decision
    assert reads(anyone, lesson)


def test_copy_that_is_published_at_once_keeps_it_too(
    moderator: Client, anyone: Client, verified_learner: Client, email_lesson: LessonPage, open_course: CoursePage
) -> None:
    lesson = copy(moderator, email_lesson, open_course, publish_copies="on")

    assert (reads(anyone, lesson), reads(verified_learner, lesson)) == (False, True)


def test_copy_of_a_copy_and_of_an_alias_keep_it(
    moderator: Client, anyone: Client, paid_lesson: LessonPage, open_course: CoursePage, make_course: MakeCourse
) -> None:
    alias = paid_lesson.create_alias(parent=again(open_course), update_slug="alias")
    course = copy(moderator, open_course, open_course.get_parent(), copy_subpages="on", publish_copies="on")
    of_alias = LessonPage.objects.child_of(course).get()
    of_copy = again(of_alias).copy(to=make_course(), keep_live=True)
    moderator.post(f"/admin/pages/{alias.pk}/convert_alias/")

    assert again(alias).alias_of is None
    assert [reads(anyone, each) for each in (of_alias, of_copy, alias)] == [False] * 3


def test_copy_under_a_course_that_asks_as_much_follows_that_one(
    moderator: Client, anyone: Client, buyer: Client, paid_lesson: LessonPage, make_course: MakeCourse
) -> None:
    other = make_course(slug="other", access=Level.PURCHASE)

    lesson = copy(moderator, paid_lesson, other, publish_copies="on")

    assert (reads(anyone, lesson), reads(buyer, lesson)) == (False, False)
    assert kept(lesson) == ""
    assert again(lesson).restriction().courses == {other.translation_key}
    CoursePage.objects.filter(pk=other.pk).update(access=Level.ANYONE)  # as an approval of the course does
    assert reads(anyone, lesson)


def test_copied_course_asks_for_itself_alone_and_not_less_when_its_copy_is_opened(
    moderator: Client, anyone: Client, paid_lesson: LessonPage, catalogue: CourseIndexPage
) -> None:
    live = copy(moderator, paid_lesson.get_parent().specific, catalogue, copy_subpages="on", publish_copies="on")
    lesson = LessonPage.objects.child_of(live).get()
    assert again(lesson).restriction().courses == {live.translation_key}
    live.delete()

    draft = copy(moderator, paid_lesson.get_parent().specific, catalogue, copy_subpages="on")
    draft.access = Level.ANYONE
    draft.save_revision().publish()
    lesson = LessonPage.objects.child_of(draft).get()
    publish(lesson)

    assert not reads(anyone, lesson)
    assert kept(lesson)


def test_source_that_is_deleted_opens_no_copy(
    moderator: Client, anyone: Client, buyer: Client, paid_lesson: LessonPage, open_course: CoursePage
) -> None:
    lesson = copy(moderator, paid_lesson, open_course, publish_copies="on")

    paid_lesson.get_parent().specific.delete()

    assert (reads(anyone, lesson), reads(buyer, lesson)) == (False, True)
    assert "deleted" in kept(lesson)


# A lesson that is moved


def test_lesson_moved_into_an_open_course_keeps_what_it_asked(
    moderator: Client, anyone: Client, email_lesson: LessonPage, open_course: CoursePage
) -> None:
    moderator.post(f"/admin/pages/{email_lesson.pk}/move/{open_course.pk}/confirm/")
    email_lesson = again(email_lesson)
    email_lesson.save_revision().publish()

    assert email_lesson.get_parent().pk == open_course.pk
    assert not reads(anyone, email_lesson)
    assert "came from" in kept(email_lesson)
    lift(moderator, email_lesson)
    assert reads(anyone, email_lesson)


def test_lesson_moved_to_a_course_that_asks_as_much_follows_it_at_once(
    anyone: Client, email_lesson: LessonPage, make_course: MakeCourse
) -> None:
    before, other = email_lesson.get_parent().specific, make_course(access=Level.EMAIL)

    again(email_lesson).move(again(other), pos="last-child")
    before.delete()
    CoursePage.objects.filter(pk=other.pk).update(access=Level.ANYONE)

    assert reads(anyone, email_lesson)


# What staff read


def test_change_of_the_course_says_nothing_of_what_is_kept(
    moderator: Client, paid_lesson: LessonPage, make_course: MakeCourse, make_lesson: Callable[..., LessonPage]
) -> None:
    course = make_course(slug="mailed", access=Level.EMAIL)
    copy(moderator, paid_lesson, course, publish_copies="on")
    make_lesson(again(course), title="Its own")
    course = again(course)
    course.access = Level.ANYONE

    (change,) = access_change.effect(course, course.save_revision()).changes

    assert (change.lessons, change.after) == (("Its own",), Circle.EVERYONE)


def test_why_page_says_that_it_is_kept(
    moderator: Client, paid_lesson: LessonPage, open_course: CoursePage, learner_email: Email, now: datetime
) -> None:
    lesson = copy(moderator, paid_lesson, open_course, publish_copies="on")

    lines = explain.why(learner_email.address, lesson, now=now).lines

    assert "Purchase, kept from the course it was copied or moved from" in [line.text for line in lines]
    assert not Grant.objects.exists()

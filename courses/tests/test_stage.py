"""How far along a page is: derived from whether it is live and from what its published revision says."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client

from access.policy import Status
from conftest import CANARY
from courses.models import CoursePage, LessonPage
from courses.models.stage import Availability, status_of

MakeCourse = Callable[..., CoursePage]
MakeLesson = Callable[..., LessonPage]


def stored(course: CoursePage) -> CoursePage:
    found: CoursePage = CoursePage.objects.get(pk=course.pk)
    return found


@pytest.mark.parametrize(
    ("is_live", "availability", "status"),
    [
        (False, Availability.COMING_SOON, Status.DRAFT),
        (False, Availability.PUBLISHED, Status.DRAFT),
        (True, Availability.COMING_SOON, Status.COMING_SOON),
        (True, Availability.PUBLISHED, Status.PUBLISHED),
        (True, "something later", Status.DRAFT),
    ],
)
def test_status_follows_from_live_and_availability(is_live: bool, availability: str, status: Status) -> None:
    assert status_of(is_live=is_live, availability=availability) is status


def test_database_takes_no_unknown_availability(make_course: MakeCourse) -> None:
    course = make_course()

    with pytest.raises(IntegrityError), transaction.atomic():
        CoursePage.objects.filter(pk=course.pk).update(availability="later")


def test_availability_edited_in_a_draft_changes_nothing(make_course: MakeCourse) -> None:
    course = make_course(availability=Availability.COMING_SOON)
    course.availability = Availability.PUBLISHED
    course.save_revision()

    assert stored(course).status is Status.COMING_SOON


def test_availability_counts_once_its_revision_is_published(make_course: MakeCourse) -> None:
    course = make_course(availability=Availability.COMING_SOON)
    course.availability = Availability.PUBLISHED
    course.save_revision().publish()

    assert stored(course).status is Status.PUBLISHED


def test_unpublished_course_is_a_draft(make_course: MakeCourse) -> None:
    course = make_course()
    course.unpublish()

    assert stored(course).status is Status.DRAFT


def test_lesson_is_never_further_along_than_its_course(make_course: MakeCourse, make_lesson: MakeLesson) -> None:
    lesson = make_lesson(make_course(availability=Availability.COMING_SOON))

    assert LessonPage.objects.get(pk=lesson.pk).status is Status.COMING_SOON


@pytest.fixture
def scheduled_course(make_course: MakeCourse, make_lesson: MakeLesson, now: datetime) -> CoursePage:
    """Live as coming soon; its published revision is approved and due in a minute."""
    course = make_course(slug="due", availability=Availability.COMING_SOON)
    make_lesson(course, slug="lesson")
    course = stored(course)
    course.availability = Availability.PUBLISHED
    course.go_live_at = now + timedelta(minutes=1)
    course.save_revision(approved_go_live_at=course.go_live_at)
    return course


@pytest.mark.refusal("policy")
def test_scheduled_course_stays_shut_until_its_minute(client: Client, scheduled_course: CoursePage) -> None:
    call_command("publish_scheduled")

    assert CANARY not in client.get("/courses/due/lesson/").content.decode()


def test_scheduled_course_stays_coming_soon_until_its_minute(scheduled_course: CoursePage) -> None:
    call_command("publish_scheduled")

    assert stored(scheduled_course).status is Status.COMING_SOON


def test_scheduled_course_opens_on_its_minute(client: Client, scheduled_course: CoursePage, now: datetime) -> None:
    bring_forward(scheduled_course, to=now - timedelta(minutes=1))

    call_command("publish_scheduled")

    assert CANARY in client.get("/courses/due/lesson/").content.decode()


def bring_forward(course: CoursePage, *, to: datetime) -> None:
    revision = stored(course).latest_revision
    revision.approved_go_live_at = to
    revision.content["go_live_at"] = to.isoformat()
    revision.save()

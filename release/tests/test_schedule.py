"""Each page goes live, and comes down, at its time: once, whatever becomes of the others, and late is said."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection
from wagtail.models import PageLogEntry, Revision
from wagtail.signals import page_published, page_unpublished

from courses.models import CoursePage
from release import schedule
from release.models import LateRelease

MakeCourse = Callable[..., CoursePage]
At = Callable[..., datetime]


@pytest.fixture
def make_due(make_course: MakeCourse, now: datetime, at: At) -> Callable[..., CoursePage]:
    """A draft that was approved to go live in an hour, which has passed by so much."""

    def make(slug: str, *, late: timedelta = timedelta(minutes=1)) -> CoursePage:
        at(hours=0)
        course = make_course(slug=slug, live=False)
        course.go_live_at = now + timedelta(hours=1)
        course.save_revision().publish()
        at(hours=1, seconds=late.total_seconds())
        return course

    return make


def live() -> list[str]:
    return sorted(CoursePage.objects.live().values_list("slug", flat=True))


def test_it_goes_live_at_its_time_and_not_before(make_due: Callable[..., CoursePage], now: datetime) -> None:
    make_due("due")

    schedule.publish_due(now=now + timedelta(minutes=59))
    before = live()
    schedule.publish_due(now=now + timedelta(minutes=61))

    assert (before, live()) == ([], ["due"])
    assert PageLogEntry.objects.filter(action="wagtail.publish.scheduled").count() == 1


def test_one_failing_page_does_not_stop_the_rest(
    make_due: Callable[..., CoursePage], now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    broken = make_due("broken")
    make_due("fine")
    revision = Revision.objects.for_instance(broken).get()
    Revision.objects.filter(pk=revision.pk).update(content={**revision.content, "slug": "fine"})  # taken meanwhile

    schedule.publish_due(now=now + timedelta(hours=1, minutes=1))

    assert live() == ["fine"]
    assert [record.levelno for record in caplog.records if record.name == schedule.__name__] == [logging.ERROR]
    assert [each.pk for each in schedule.overdue(now=now + timedelta(hours=2))] == [revision.pk]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_four_clocks_at_once_publish_once(make_due: Callable[..., CoursePage], now: datetime) -> None:
    make_due("due")
    fired: list[object] = []

    def note(**kwargs: object) -> None:
        fired.append(kwargs["instance"])

    def run(_: int) -> None:
        try:
            schedule.publish_due(now=now + timedelta(hours=2))
        finally:
            connection.close()

    page_published.connect(note)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(run, range(4)))
    page_published.disconnect(note)

    assert len(fired) == 1
    assert PageLogEntry.objects.filter(action="wagtail.publish.scheduled").count() == 1
    assert LateRelease.objects.count() == 1


def test_a_page_comes_down_at_its_time_once(make_course: MakeCourse, now: datetime) -> None:
    course = make_course(slug="old", expire_at=now - timedelta(minutes=1))
    make_course(slug="stays", expire_at=now + timedelta(minutes=1))
    fired: list[object] = []

    def note(**kwargs: object) -> None:
        fired.append(kwargs["instance"])

    page_unpublished.connect(note)
    schedule.publish_due(now=now)
    schedule.publish_due(now=now)
    page_unpublished.disconnect(note)

    course.refresh_from_db()
    assert live() == ["stays"]
    assert course.expired
    assert len(fired) == 1


def test_a_page_that_went_live_late_is_noted(
    make_due: Callable[..., CoursePage], now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    course = make_due("late", late=timedelta(hours=3))

    schedule.publish_due(now=now + timedelta(hours=4))

    late = LateRelease.objects.get()
    assert (late.page_id, late.due_at, late.released_at) == (
        course.pk,
        now + timedelta(hours=1),
        now + timedelta(hours=4),
    )


def test_a_page_that_went_live_in_time_is_not(make_due: Callable[..., CoursePage], now: datetime) -> None:
    make_due("due")

    schedule.publish_due(now=now + timedelta(hours=1, minutes=4))

    assert not LateRelease.objects.exists()

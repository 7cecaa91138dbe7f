"""The sentence on the approval page: what will happen, when, in which time zone, and to how many."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from access.models import Email
from courses.models import CoursePage, LessonPage
from courses.models.stage import Availability
from release import release_summary
from release.models import WaitlistEntry

MakeEntry = Callable[..., WaitlistEntry]
NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)


def sentence(course: CoursePage, **fields: object) -> str:
    for name, value in fields.items():
        setattr(course, name, value)
    return release_summary.sentence(course, course.save_revision(), NOW)


def test_now_and_nobody_waits(soon_course: CoursePage) -> None:
    assert sentence(soon_course, availability=Availability.PUBLISHED) == "Publishes now."


def test_at_its_time_which_is_named(soon_course: CoursePage, make_entry: MakeEntry) -> None:
    for number in range(3):
        make_entry(soon_course, f"reader{number}@example.org")

    with timezone.override(ZoneInfo("Europe/Berlin")):
        said = sentence(
            soon_course, availability=Availability.PUBLISHED, go_live_at=datetime(2027, 3, 3, 8, tzinfo=UTC)
        )

    assert said == "Goes live Wed 3 Mar 2027 09:00 CET. 3 people will get an email."


def test_one_that_stays_coming_soon_mails_nobody(soon_course: CoursePage, make_entry: MakeEntry) -> None:
    make_entry(soon_course)

    assert sentence(soon_course) == (
        "Publishes now. It’s still coming soon: 1 person stays on the waitlist and gets no email yet."
    )


def test_when_it_comes_down(soon_course: CoursePage) -> None:
    said = sentence(soon_course, expire_at=NOW + timedelta(days=1))

    assert said == "Publishes now. It goes offline Tue 2 Mar 2027 12:00 UTC."


@pytest.mark.parametrize("fields", [{"confirmed_at": None}, {"sent_at": NOW}, {"parked_at": NOW}])
def test_whoever_gets_no_mail_is_not_counted(
    soon_course: CoursePage, make_entry: MakeEntry, fields: dict[str, object]
) -> None:
    make_entry(soon_course, **fields)

    assert sentence(soon_course, availability=Availability.PUBLISHED) == "Publishes now."


def test_blocked_people_are_not_counted(soon_course: CoursePage, make_entry: MakeEntry) -> None:
    make_entry(soon_course)
    Email.objects.update(blocked_at=NOW)

    assert sentence(soon_course, availability=Availability.PUBLISHED) == "Publishes now."


def test_a_lesson_mails_nobody(email_lesson: LessonPage) -> None:
    assert release_summary.sentence(email_lesson, email_lesson.save_revision(), NOW) == "Publishes now."

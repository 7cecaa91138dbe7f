"""Fixtures for the release: a course that is coming soon, people who wait for it, a mail server, and the time."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from access.models import Email
from access.policy import Level
from access.tests import misbehaving_mail
from access.tests.misbehaving_mail import MailServer
from courses.models import CoursePage
from courses.models.stage import Availability
from release.models import WaitlistEntry


@pytest.fixture
def soon_course(make_course: Callable[..., CoursePage]) -> CoursePage:
    course = make_course(
        slug="soon", title="Soon & sure", access=Level.EMAIL, availability=Availability.COMING_SOON, live=False
    )
    course.save_revision().publish()
    return CoursePage.objects.get(pk=course.pk)


@pytest.fixture
def make_entry(now: datetime) -> Callable[..., WaitlistEntry]:
    """Somebody who waits for this course, and has confirmed it unless said otherwise."""

    def make(course: CoursePage, address: str = "ada@example.org", **fields: Any) -> WaitlistEntry:
        email, _ = Email.objects.get_or_create(address=address, defaults={"asked_at": now, "verified_at": now})
        fields = {"asked_at": now, "confirmed_at": now, **fields}
        return WaitlistEntry.objects.create(email=email, course_key=course.translation_key, **fields)

    return make


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    with misbehaving_mail.running() as server:
        settings.MAILERS = server.mailers
        yield server


@pytest.fixture
def at(now: datetime, monkeypatch: pytest.MonkeyPatch) -> Callable[..., datetime]:
    """Move the site's time to so much after now."""

    def move(**passed: float) -> datetime:
        time = now + timedelta(**passed)
        monkeypatch.setattr("django.utils.timezone.now", lambda: time)
        return time

    return move


def put(course: CoursePage, availability: Availability, *, go_live_at: datetime | None = None) -> None:
    """Publish the course as it is with this availability, as an approval does: now, or at its time."""
    draft = CoursePage.objects.get(pk=course.pk).get_latest_revision_as_object()
    draft.availability, draft.go_live_at = availability, go_live_at
    draft.save_revision().publish()

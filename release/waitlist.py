"""The waitlist of a course: subscribe, confirm by email or session, unsubscribe, delete what has expired."""

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from access import batches
from access.models import Email, EmailVerificationToken
from access.models.pages import live_now
from access.sessions.clients import Browser
from access.verification import tokens
from courses.models import CoursePage
from courses.models.stage import Availability
from release.models import WaitlistEntry, WaitlistEntryQuerySet

SALT = "release.leave"


class CannotWait(Exception):
    """The course is open, so there is nothing to wait for."""


class LinkUnknown(Exception):
    """No mail of ours ever held this link."""


class WaitlistStatus(enum.Enum):
    """Whether an address is on a course's waitlist, and was notified."""

    APART = "apart"
    WAITING = "waiting"
    TOLD = "told"


@dataclass(frozen=True, kw_only=True)
class WaitedFor:
    """A course that an address waits for."""

    page_id: int
    title: str
    url: str


def find(page_id: int) -> CoursePage | None:
    """The live course with this id; of an alias, the course that it mirrors: people wait for that one, once."""
    course = CoursePage.objects.filter(live_now(), pk=page_id).first()
    return find(course.alias_of_id) if course and course.alias_of_id else course


def opened(key: UUID) -> CoursePage | None:
    """The published course of this key; of its translations, the first."""
    published = CoursePage.objects.filter(live_now(), translation_key=key, availability=Availability.PUBLISHED)
    return published.order_by("pk").first()


def ask(address: str, course: CoursePage, *, browser: Browser, now: datetime) -> EmailVerificationToken:
    """Subscribe, and queue the email that confirms the subscription: the same for every address, known or not.

    Raises CannotWait or throttle.Throttled.
    """
    _refuse_open(course)
    key, purpose = course.translation_key, EmailVerificationToken.Purpose.NOTIFY

    def record(token: EmailVerificationToken) -> None:
        # An entry that exists stays as it is: asking again in its owner's name must not undo what they confirmed.
        WaitlistEntry.objects.get_or_create(email=token.email, course_key=key, defaults={"asked_at": token.asked_at})

    # A person who has left the list since then has to ask anew.
    same = Q(Exists(WaitlistEntry.objects.filter(email=OuterRef("email"), course_key=key)))
    return tokens.request_verification(
        address, page=course, browser=browser, now=now, purpose=purpose, same=same, record=record
    )


def join(address: str, course: CoursePage, *, now: datetime) -> None:
    """Subscribe an address that this very browser has proved. Raises CannotWait."""
    _refuse_open(course)
    entry, _ = WaitlistEntry.objects.get_or_create(
        email=Email.objects.get(address=address), course_key=course.translation_key, defaults={"asked_at": now}
    )
    WaitlistEntry.objects.filter(pk=entry.pk, confirmed_at=None).update(confirmed_at=now)


def standing(address: str, course: CoursePage) -> WaitlistStatus:
    entries = WaitlistEntry.objects.filter(email__address=address, course_key=course.translation_key).confirmed()
    entry = entries.first()
    if entry is None:
        return WaitlistStatus.APART
    return WaitlistStatus.TOLD if entry.sent_at else WaitlistStatus.WAITING


def waited_for_by(address: str) -> list[WaitedFor]:
    """The courses coming soon that this address waits for, and will be emailed about; one a waitlist."""
    entries = WaitlistEntry.objects.filter(email__address=address).confirmed().queued()
    soon = CoursePage.objects.filter(
        live_now(), availability=Availability.COMING_SOON, translation_key__in=entries.values("course_key")
    )
    courses = {course.translation_key: course for course in soon.defer("description", "search_text").order_by("-pk")}
    return [WaitedFor(page_id=course.pk, title=course.title, url=course.get_url() or "") for course in courses.values()]


def leave(address: str, course: CoursePage) -> None:
    WaitlistEntry.objects.filter(email__address=address, course_key=course.translation_key).delete()


def leave_url(email_id: int, key: UUID) -> str:
    """The link in the email that unsubscribes without a login. It names no address, and does nothing but that."""
    return settings.SITE_URL + reverse("release:leave", args=[signing.dumps([email_id, key.hex], salt=SALT)])


def leave_by_link(signed: str) -> None:
    """Leave, by what a mail's link holds; twice is once. Raises LinkUnknown."""
    try:
        email_id, key = signing.loads(signed, salt=SALT)
    except signing.BadSignature as error:
        raise LinkUnknown from error
    WaitlistEntry.objects.filter(email=email_id, course_key=UUID(key)).delete()


def settle(entries: WaitlistEntryQuerySet, *, now: datetime) -> None:
    """Write down who of these has confirmed: the proof is deleted after some days, the entry is not."""
    entries.filter(confirmed_at=None).proved().update(confirmed_at=now)


def let_go(*, now: datetime) -> None:
    """Delete some entries that nobody needs: never confirmed, notified or given up long ago, or of a deleted course."""
    unproved = WaitlistEntry.objects.filter(
        confirmed_at=None, asked_at__lt=now - timedelta(days=settings.KEEP_UNVERIFIED_DAYS)
    )
    settle(unproved, now=now)
    batches.delete(unproved.order_by("asked_at"))
    long_ended = now - timedelta(days=settings.KEEP_ENDED_DAYS)
    ended = Q(sent_at__lt=long_ended) | Q(parked_at__lt=long_ended)
    is_there = Exists(CoursePage.objects.filter(translation_key=OuterRef("course_key")))
    batches.delete(batches.some(WaitlistEntry.objects.all()).filter(ended | ~is_there))


def export(email: Email) -> list[dict[str, Any]]:
    """What is kept of a person's subscriptions, for them."""
    entries = list(WaitlistEntry.objects.filter(email=email).order_by("asked_at"))
    keys = [entry.course_key for entry in entries]
    titles = dict(CoursePage.objects.filter(translation_key__in=keys).values_list("translation_key", "title"))
    return [
        {
            "course": titles.get(entry.course_key, ""),
            "asked_at": entry.asked_at,
            "confirmed_at": entry.confirmed_at,
            "told_at": entry.sent_at,
        }
        for entry in entries
    ]


def _refuse_open(course: CoursePage) -> None:
    if not course.status.is_coming_soon:
        raise CannotWait

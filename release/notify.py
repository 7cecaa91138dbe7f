"""Notify the waitlist that a course is open: each person once, ever, from the rows alone.

No signal says when: it fires for what is only scheduled, and again for every republishing. Each round asks which
courses are published now. What is pulled is held.
"""

from datetime import datetime

from django.core.mail import EmailMessage

from access.limits import blocking
from mail import outbox
from release import messages, waitlist
from release.models import WaitlistEntry

ENTRIES = WaitlistEntry.objects.select_related("email").order_by("course_key", "pk")


class Pulled(Exception):
    """The course is not open any more: it was pulled since the row was claimed."""


def send_due(*, now: datetime, limit: int = 500) -> int:
    """Email those whose course is open, in the order they asked; returns how many were notified."""
    return outbox.send_due(ENTRIES, _opened, now=now, limit=limit)


def send(entry_id: int, *, now: datetime) -> bool:
    """Tell this person if it is due and nobody else has claimed it; True when the mail server took it."""
    return outbox.send(ENTRIES.filter(pk=entry_id), _opened, now=now)


def _opened(entry: WaitlistEntry, now: datetime) -> list[EmailMessage] | None:
    waitlist.settle(WaitlistEntry.objects.filter(pk=entry.pk), now=now)  # only confirmed entries are ever notified
    course = waitlist.opened(entry.course_key)
    if course is None:
        raise Pulled
    return None if blocking.is_blocked(entry.email.address) else [messages.opened(entry, course)]

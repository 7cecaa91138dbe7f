"""Telling those who wait that their course is open: each once, ever, from the rows alone.

No signal says when: it fires for what is only scheduled, and again for every republishing. Each round asks which
courses are published now, and claims each row as access.outbox claims its own. What is pulled is held.
"""

import logging
from datetime import datetime

from access import blocking, outbox
from release import mails, waitlist
from release.models import WaitlistEntry

logger = logging.getLogger(__name__)


def send_due(*, now: datetime, limit: int = 500) -> int:
    """Mail those whose course is open, in the order they asked; returns how many were told."""
    waitlist.settle(now=now)
    due = list(WaitlistEntry.objects.due(now).order_by("pk").values_list("pk", flat=True)[:limit])
    return sum(send(pk, now=moment) for pk, moment in outbox.one_by_one(due, now=now))


def send(entry_id: int, *, now: datetime) -> bool:
    """Tell this person if it is due and nobody else has claimed it; True when the mail server took it."""
    entries = WaitlistEntry.objects.filter(pk=entry_id)
    if not outbox.claim(entries.due(now), now=now):
        return False
    entry = entries.select_related("email").first()
    course = waitlist.opened(entry.course_key) if entry else None
    if entry is None or course is None:
        return False  # left, or pulled, this very moment
    if blocking.is_blocked(entry.email.address):
        entries.update(parked_at=now)
        return False
    try:
        mails.opened(entry, course).send()
    except Exception as error:  # whatever it is, it must not keep the others from hearing
        # Only while it is this claim's: one that hung for longer leaves what another has done alone.
        entries.filter(sent_at=None, sends=entry.sends).update(**outbox.next_try(entry.sends, now=now))
        outbox.say_failure(f"Waitlist entry {entry.pk}", entry.sends, error)
        return False
    entries.filter(sent_at=None).update(sent_at=now)
    return True

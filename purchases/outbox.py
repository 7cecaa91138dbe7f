"""Sending what buyers and the given are owed in writing: each row once, claimed as access.outbox claims its own."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.mail import EmailMultiAlternatives

from access import blocking, outbox
from access.models import Email
from purchases import mails
from purchases.models import GiftMail, PurchaseMail


def send_due(*, now: datetime, limit: int = 200) -> int:
    """Send what is due, oldest first; returns how many went out."""
    due = list(PurchaseMail.objects.due(now).order_by("pk").values_list("pk", flat=True)[:limit])
    return sum(send(pk, now=moment) for pk, moment in outbox.one_by_one(due, now=now))


def send(mail_id: int, *, now: datetime) -> bool:
    """Send this one if it is due and nobody else has claimed it; True when the mail server took it."""
    rows = PurchaseMail.objects.filter(pk=mail_id).select_related("payment__email", "payment__intent")
    return _send(rows, to=lambda row: row.payment.email, words=mails.told, now=now)


def send_gifts_due(*, now: datetime, limit: int = 200) -> int:
    """The same for those who were given a course."""
    due = list(GiftMail.objects.due(now).order_by("pk").values_list("pk", flat=True)[:limit])
    return sum(send_gift(pk, now=moment) for pk, moment in outbox.one_by_one(due, now=now))


def send_gift(mail_id: int, *, now: datetime) -> bool:
    rows = GiftMail.objects.filter(pk=mail_id).select_related("grant__email")
    return _send(rows, to=lambda row: None if row.grant.revoked_at else row.grant.email, words=mails.gift, now=now)


def _send(
    rows: Any,
    *,
    to: Callable[[Any], Email | None],
    words: Callable[..., EmailMultiAlternatives],
    now: datetime,
) -> bool:
    if not outbox.claim(rows.due(now), now=now):
        return False
    row = rows.get()
    email, same = to(row), type(row).objects.filter(pk=row.pk, sent_at=None)
    if email is None or blocking.is_blocked(email.address):
        same.update(parked_at=now)  # erased, blocked, or taken back meanwhile: nobody to tell
        return False
    try:
        words(row, to=email.address).send()
    except Exception as error:  # whatever it is, it must not keep the others from being told
        # Only while it is this claim's: one that hung for longer leaves what another has done alone.
        same.filter(sends=row.sends).update(**outbox.next_try(row.sends, now=now))
        outbox.say_failure(f"{type(row).__name__} {row.pk}", row.sends, error)
        return False
    same.update(sent_at=now)
    return True

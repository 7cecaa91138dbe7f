"""Sending what buyers and the given are owed in writing: each row once, claimed as access.outbox claims its own."""

from datetime import datetime

from access import blocking, outbox
from purchases import mails
from purchases.models import GiftMail, PurchaseMail


def send_due(*, now: datetime, limit: int = 200) -> int:
    """Send what is due, oldest first; returns how many went out."""
    due = list(PurchaseMail.objects.due(now).order_by("pk").values_list("pk", flat=True)[:limit])
    return sum(send(pk, now=moment) for pk, moment in outbox.one_by_one(due, now=now))


def send(mail_id: int, *, now: datetime) -> bool:
    """Send this one if it is due and nobody else has claimed it; True when the mail server took it."""
    rows = PurchaseMail.objects.filter(pk=mail_id)
    if not outbox.claim(rows.due(now), now=now):
        return False
    row = rows.select_related("payment__email", "payment__intent").get()
    email = row.payment.email
    if email is None or blocking.is_blocked(email.address):
        rows.update(parked_at=now)  # erased, or blocked: nobody to tell
        return False
    try:
        mails.told(row, to=email.address).send()
    except Exception as error:  # whatever it is, it must not keep the others from being told
        rows.filter(sent_at=None, sends=row.sends).update(**outbox.next_try(row.sends, now=now))
        outbox.say_failure(f"Purchase mail {row.pk}", row.sends, error)
        return False
    rows.filter(sent_at=None).update(sent_at=now)
    return True


def send_gifts_due(*, now: datetime, limit: int = 200) -> int:
    """The same for those who were given a course."""
    due = list(GiftMail.objects.due(now).order_by("pk").values_list("pk", flat=True)[:limit])
    return sum(send_gift(pk, now=moment) for pk, moment in outbox.one_by_one(due, now=now))


def send_gift(mail_id: int, *, now: datetime) -> bool:
    rows = GiftMail.objects.filter(pk=mail_id)
    if not outbox.claim(rows.due(now), now=now):
        return False
    row = rows.select_related("grant__email").get()
    email = row.grant.email
    if email is None or row.grant.revoked_at or blocking.is_blocked(email.address):
        rows.update(parked_at=now)  # erased, blocked, or taken back meanwhile: nothing to tell
        return False
    try:
        mails.gift(row, to=email.address).send()
    except Exception as error:  # whatever it is, it must not keep the others from being told
        rows.filter(sent_at=None, sends=row.sends).update(**outbox.next_try(row.sends, now=now))
        outbox.say_failure(f"Gift mail {row.pk}", row.sends, error)
        return False
    rows.filter(sent_at=None).update(sent_at=now)
    return True

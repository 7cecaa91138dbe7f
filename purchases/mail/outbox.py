"""Send emails to buyers and to recipients of gifts."""

from datetime import datetime

from django.core.mail import EmailMessage

from access.limits import blocking
from access.models import Email
from mail import outbox
from purchases.mail import messages
from purchases.models import GiftMail, PurchaseMail

PURCHASE_MAILS = PurchaseMail.objects.select_related("payment__email", "payment__intent").order_by("queued_at")
GIFT_MAILS = GiftMail.objects.select_related("grant__email").order_by("queued_at")


def send_due(*, now: datetime, limit: int = 200) -> int:
    """Send what is due, oldest first; returns how many went out."""
    return outbox.send_due(PURCHASE_MAILS, _told, now=now, limit=limit)


def send(mail_id: int, *, now: datetime) -> bool:
    """Send this one if it is due and nobody else has claimed it; True when the mail server took it."""
    return outbox.send(PURCHASE_MAILS.filter(pk=mail_id), _told, now=now)


def send_gifts_due(*, now: datetime, limit: int = 200) -> int:
    """The same for those who were given a course."""
    return outbox.send_due(GIFT_MAILS, _gift, now=now, limit=limit)


def send_gift(mail_id: int, *, now: datetime) -> bool:
    return outbox.send(GIFT_MAILS.filter(pk=mail_id), _gift, now=now)


def _told(row: PurchaseMail, _now: datetime) -> list[EmailMessage] | None:
    email = row.payment.email
    return [messages.told(row, to=email.address)] if email and _may_be_told(email) else None


def _gift(row: GiftMail, _now: datetime) -> list[EmailMessage] | None:
    """Nothing of a course that was taken back meanwhile."""
    email = row.grant.email
    return (
        [messages.gift(row, to=email.address)] if not row.grant.revoked_at and email and _may_be_told(email) else None
    )


def _may_be_told(email: Email) -> bool:
    return not blocking.is_blocked(email.address)

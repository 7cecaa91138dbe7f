"""What is kept about a buyer (privacy): exported for them, and erased or deleted as far as the books allow."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from access import batches
from access.models import Email
from purchases.models import CheckoutIntent, GiftMail, Move, Payment, PaymentEvent


def export(email: Email) -> list[dict[str, Any]]:
    return [
        {
            "course": payment.intent.course_title if payment.intent else "",
            "state": payment.state,
            "amount": str(payment.money),
            "refunded": str(payment.money_refunded),
            "paid_at": payment.paid_at,
        }
        for payment in Payment.objects.filter(email=email).exclude(currency="").select_related("intent").order_by("pk")
    ]


def gifts(email: Email) -> list[dict[str, Any]]:
    return [
        {"course_key": mail.grant.course_key, "giver": mail.giver, "note": mail.note, "mailed_at": mail.sent_at}
        for mail in GiftMail.objects.filter(grant__email=email).select_related("grant").order_by("pk")
    ]


def erase(email: Email) -> None:
    """Take the person out of the provider's messages and of notes to them. What was paid and refunded stays, as the
    books need it."""
    GiftMail.objects.filter(grant__email=email).update(giver="", note="")
    theirs = Payment.objects.filter(Q(email=email) | Q(intent__email=email))  # also what they passed on
    PaymentEvent.objects.filter(payment__in=theirs).update(body="")


def still_owed() -> Exists:
    """Whether an address has an order, which it would lose."""
    return Exists(Payment.objects.filter(email=OuterRef("pk")))


def let_go(*, now: datetime) -> None:
    """Delete the checkouts and moves of addresses that were never proved."""
    old = now - timedelta(days=settings.KEEP_UNVERIFIED_DAYS)
    batches.delete(batches.some(Move.objects.all()).filter(done_at=None, asked_at__lt=old))
    never_proved = CheckoutIntent.objects.filter(confirmed_at=None, created_at__lt=old, payments=None)
    batches.delete(never_proved.order_by("created_at"))

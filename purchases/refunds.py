"""Giving money back: the row first, then the provider, so that no press and no crash gives it twice or not at all."""

import logging
from datetime import datetime
from typing import Any

from django.db import transaction

from purchases import ledger, stripe
from purchases.models import Payment, Refund

logger = logging.getLogger(__name__)


class TooMuch(Exception):
    """More than is left of the payment, counting what was asked for and is still on its way."""


def left(payment: Payment) -> int:
    """Minor units that can still be asked for: without what was asked for and is on its way."""
    waiting = Refund.objects.filter(payment=payment, reference=None, refused_at=None)
    return payment.left - sum(waiting.values_list("amount", flat=True))


def ask(payment: Payment, *, amount: int, reason: str, keeps_access: bool, by: Any, now: datetime) -> Refund:
    """Write down that `amount` minor units go back; `carry_out` does it. Raises TooMuch."""
    with transaction.atomic():
        ledger.lock(payment, email_id=payment.email_id)
        if not 0 < amount <= left(payment):
            raise TooMuch
        return Refund.objects.create(
            payment=payment, amount=amount, reason=reason, keeps_access=keeps_access, by=by, asked_at=now
        )


def carry_out(row: Refund, *, now: datetime) -> None:
    """Ask the provider, and let access follow at once. Raises stripe.ProviderAway: then it is tried again by itself;
    or stripe.ProviderRefused: then it never will be."""
    try:
        event = stripe.refund(row)
    except stripe.ProviderRefused:
        Refund.objects.filter(pk=row.pk, reference=None).update(refused_at=now)
        raise
    reference = event.reference.removeprefix("asked-")
    with transaction.atomic():
        Refund.objects.filter(pk=row.pk, reference=None).update(reference=reference)
        ledger.record(event, now=now)


def carry_out_due(*, now: datetime) -> int:
    """Those that a dead process or an absent provider left undone; returns how many were done."""
    done = 0
    for row in Refund.objects.filter(reference=None, refused_at=None).select_related("payment"):
        try:
            carry_out(row, now=now)
        except stripe.ProviderRefused as error:
            logger.error("Refund %s was refused by the payment provider: %s", row.pk, error)
        else:
            done += 1
    return done

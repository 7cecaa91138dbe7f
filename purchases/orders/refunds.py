"""Refund a payment: the row first, then the provider, so that no click and no crash refunds it twice or not at all.

The refund ends access to the course once the provider confirms it (purchases.ledger.entitlement).
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from purchases.ledger import ledger
from purchases.models import Payment, Refund
from purchases.models.states import State
from purchases.stripe import stripe_api

logger = logging.getLogger(__name__)


# The provider forgets its idempotency keys after a day; from then on its own list says whether a refund was made.
KEY_LASTS = timedelta(hours=12)
MOST = 20  # refunds in one round, each of which may wait for an absent provider


class TooMuch(Exception):
    """More than is left of the payment, counting what was asked for and is still on its way."""


def left(payment: Payment) -> int:
    """Minor units that can still be asked for: without what was asked for and is on its way."""
    waiting = Refund.objects.filter(payment=payment, reference=None, refused_at=None)
    return payment.left - sum(waiting.values_list("amount", flat=True))


def ask(payment: Payment, *, amount: int, reason: str, keeps_access: bool, by: Any, now: datetime) -> Refund:
    """Write down that `amount` minor units go back; `carry_out` does it. Raises TooMuch.

    A part refund leaves the course open by itself, and says nothing about a refund of the rest: `keeps_access` counts
    only where all that is left goes back.
    """
    with transaction.atomic():
        ledger.lock(payment, email_id=payment.email_id)
        remains = left(payment)
        if not State(payment.state).has_money or not 0 < amount <= remains:
            raise TooMuch
        return Refund.objects.create(
            payment=payment,
            amount=amount,
            reason=reason,
            keeps_access=keeps_access and amount == remains,
            by=by,
            asked_at=now,
        )


def carry_out(row: Refund, *, now: datetime) -> None:
    """Ask the provider, and let access follow at once. Raises stripe.ProviderAway: then it is tried again by itself;
    or stripe.ProviderRefused: then it never will be."""
    try:
        made = stripe_api.find_refund(row) if now > row.asked_at + KEY_LASTS else None
        event = made or stripe_api.refund(row)
    except stripe_api.ProviderRefused:
        Refund.objects.filter(pk=row.pk, reference=None).update(refused_at=now)
        raise
    reference = event.reference.removeprefix("asked-")
    with transaction.atomic():
        Refund.objects.filter(pk=row.pk, reference=None).update(reference=reference)
        ledger.record(event, now=now)


def carry_out_due(*, now: datetime) -> int:
    """Those that a dead process or an absent provider left undone; returns how many were done."""
    done = 0
    waiting = Refund.objects.filter(reference=None, refused_at=None).select_related("payment").order_by("asked_at")
    for row in waiting[:MOST]:
        try:
            carry_out(row, now=now)
        except stripe_api.ProviderRefused as error:
            logger.error("Refund %s was refused by the payment provider: %s", row.pk, error)
        except stripe_api.ProviderAway as error:
            logger.warning("Refund %s waits for the payment provider: %s", row.pk, error)
        else:
            done += 1
    return done

"""Reconciliation: find what no event told us, by the provider's own list and by rows that do not fit each other."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, Min, OuterRef, QuerySet

from access import batches
from access.models import Grant
from purchases.checkout import checkouts
from purchases.ledger import ledger
from purchases.models import CheckoutIntent, Payment, Reconciliation
from purchases.models.intents import PAYABLE_FOR
from purchases.orders import refunds
from purchases.stripe import stripe_api

logger = logging.getLogger(__name__)

EVERY = timedelta(minutes=10)
OVERLAP = timedelta(hours=1)  # events are listed a little after they happen
REMEMBERED = timedelta(days=30)  # by the provider
LOOKED_AT = timedelta(minutes=5)  # an open checkout is left to its buyer for that long
MOST = 50  # checkouts looked up in one round


@dataclass(frozen=True, kw_only=True)
class Report:
    """How many of each were found and put right; `unexplained` grants have no payment at all, and are left alone."""

    events: int = 0
    checkouts: int = 0
    access: int = 0
    refunds: int = 0
    unexplained: int = 0


def run(*, now: datetime, payments: QuerySet[Payment] | None = None) -> Report:
    """May be killed and run again at any moment. Raises stripe.ProviderAway; what was done until then stays done.

    What does not fit is looked for among these `payments`; among all, and all grants, where none are given.
    """
    unexplained = _unexplained().count() if payments is None else 0
    payments = Payment.objects.all() if payments is None else payments
    if not stripe_api.is_configured():
        return Report(access=_repair(payments, now=now), unexplained=unexplained)
    done = refunds.carry_out_due(now=now)
    events = _read_events(now=now)
    # Never opened at the provider, or nobody was led there: nobody can pay them any more.
    CheckoutIntent.objects.filter(closed_at=None, session=None, created_at__lt=now - 2 * PAYABLE_FOR).update(
        closed_at=now
    )
    looked_up = sum(_look(intent, now=now) for intent in _left_open(now))
    access = _repair(payments, now=now)
    return Report(events=events, checkouts=looked_up, access=access, refunds=done, unexplained=unexplained)


def run_if_due(*, now: datetime) -> None:
    """For the scheduler: the provider is asked every ten minutes at most, and its absence is no alarm yet."""
    if Reconciliation.objects.filter(read_until__gt=now - EVERY).exists():
        return
    if not CheckoutIntent.objects.exists():
        return
    try:
        report = run(now=now, payments=batches.some(Payment.objects.all()))
    except stripe_api.ProviderAway as error:
        logger.warning("The payment provider did not answer (%s); the next round asks again.", error)
        return
    if report.events or report.checkouts or report.access:
        logger.warning("Put right what the payment provider's messages had not told: %s", report)


def _read_events(*, now: datetime) -> int:
    first = CheckoutIntent.objects.aggregate(at=Min("created_at"))["at"]
    if first is None:
        return 0  # whatever the account did before, it was not for us
    row, _ = Reconciliation.objects.get_or_create(name="events", defaults={"read_until": first - EVERY})
    since = max(row.read_until - OVERLAP, now - REMEMBERED)
    new = sum(ledger.record(event, now=now) for event in stripe_api.events(since=since, until=now))
    Reconciliation.objects.filter(pk=row.pk).update(read_until=now)
    return new


def _left_open(now: datetime) -> Iterator[CheckoutIntent]:
    forgotten = CheckoutIntent.objects.filter(closed_at=None, created_at__lt=now - LOOKED_AT)
    yield from forgotten.exclude(session=None).exclude(asked_at__gt=now - LOOKED_AT).order_by("created_at")[:MOST]


def _look(intent: CheckoutIntent, *, now: datetime) -> bool:
    """Whether there was news of it."""
    try:
        checkouts.look(intent, now=now)
    except stripe_api.ProviderRefused:  # it knows none, as after a change from tests to real money
        CheckoutIntent.objects.filter(pk=intent.pk, created_at__lt=now - PAYABLE_FOR).update(closed_at=now)
    return CheckoutIntent.objects.filter(pk=intent.pk, closed_at__isnull=False).exists()


def _repair(payments: QuerySet[Payment], *, now: datetime) -> int:
    """Paid and no grant, or a grant and its payment no longer opens: work those out anew."""
    held = Grant.objects.filter(
        email=OuterRef("email"), course_key=OuterRef("course_key"), source=Grant.Source.PURCHASE, revoked_at=None
    )
    sound = Payment.objects.filter(email=OuterRef("email"), course_key=OuterRef("course_key"), opens=True)
    whose = payments.exclude(email=None).exclude(course_key=None)
    paid_without = whose.filter(~Exists(held), opens=True)
    granted_without = whose.filter(Exists(held), ~Exists(sound))
    count = 0
    for pk in [*paid_without.values_list("pk", flat=True), *granted_without.values_list("pk", flat=True)]:
        payment = Payment.objects.get(pk=pk)
        with transaction.atomic():
            ledger.lock(payment, email_id=payment.email_id)
            ledger.settle(payment, now=now)
        count += 1
    return count


def _unexplained() -> QuerySet[Grant]:
    payments = Payment.objects.filter(email=OuterRef("email"), course_key=OuterRef("course_key"))
    bought = Grant.objects.filter(source=Grant.Source.PURCHASE, revoked_at=None, email__isnull=False)
    return bought.filter(~Exists(payments))

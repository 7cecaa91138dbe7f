"""The ledger: every event of the provider is recorded here, with all that follows from it, in one transaction.

A process that dies on the way leaves nothing behind, and the provider sends the message again; one that dies afterwards
has left everything. What follows is worked out from the payment's whole history (purchases.ledger.payment_state).
"""

import logging
from datetime import UTC, datetime
from uuid import UUID

from django.db import transaction

from access.models import Email
from purchases.ledger import entitlement, mail_queue, payment_state
from purchases.models import CheckoutIntent, Payment, PaymentEvent, Refund
from purchases.provider_events import Event, Fact, Kind
from purchases.stripe import stripe_api

logger = logging.getLogger(__name__)

Outcome = PaymentEvent.Outcome
OF_A_CHECKOUT = {Kind.COMPLETED, Kind.SUCCEEDED, Kind.FAILED, Kind.EXPIRED}


def record(event: Event, *, now: datetime) -> bool:
    """Record the event and do what follows; False when it was known already. Idempotent."""
    with transaction.atomic():
        row, is_new = PaymentEvent.objects.get_or_create(
            reference=event.reference,
            defaults={
                "kind": event.kind[:64],
                "made_at": datetime.fromtimestamp(event.fact.at, UTC),
                "received_at": now,
                "body": event.body,
                "facts": event.fact.stored(),
                "outcome": Outcome.NOTED,
            },
        )
        if is_new:
            row.outcome, row.payment = _apply(event, row, now=now)
    if is_new:
        _say(event, row)
    return is_new


def settle(payment: Payment, *, now: datetime) -> None:
    """Work the payment out from its events, and its owner's access from that; to be called in a transaction."""
    facts = [Fact.read(each) for each in payment.events.values_list("facts", flat=True)]
    intent = payment.intent or _intent_of(facts)
    derived = payment_state.derive(facts, _expected(intent))
    if intent and payment.intent is None:
        payment.intent, payment.email, payment.course_key = intent, intent.email, intent.course_key
    payment.state = derived.state
    payment.amount, payment.refunded = _storable(derived.amount), _storable(derived.refunded)
    payment.currency = derived.currency[:3]
    payment.paid_at, payment.problem = derived.paid_at, derived.problem
    payment.opens = payment.ended_at is None and derived.opens(keeps_access=_keeps_access(payment))
    payment.is_duplicate = payment.is_duplicate and payment.opens
    payment.save()
    marked = entitlement.settle(payment.email_id, payment.course_key, now=now)
    for each in {payment, *marked}:
        each.refresh_from_db(fields=["is_duplicate"])
        mail_queue.write(each, keeps_access=_keeps_access(each), now=now)


def move(payment: Payment, *, to: Email, now: datetime) -> None:
    """Make a payment, and what it opens, another address's own."""
    with transaction.atomic():
        before = payment.email_id
        for email_id in sorted({to.pk, *([before] if before else [])}):
            entitlement.lock(email_id)
        lock(payment, email_id=None)
        Payment.objects.filter(pk=payment.pk).update(email=to, is_duplicate=False)
        for owner in (before, to.pk):
            for marked in entitlement.settle(owner, payment.course_key, now=now):
                mail_queue.write(marked, keeps_access=_keeps_access(marked), now=now)


def lock(payment: Payment, *, email_id: int | None) -> None:
    """Let nobody else derive this payment, or its owner's access, before our transaction ends: each would miss the
    other's events. Always the owner first, or two payments of one owner wait for each other."""
    entitlement.lock(email_id)
    Payment.objects.select_for_update().get(pk=payment.pk)
    payment.refresh_from_db()
    if payment.email_id != email_id:
        entitlement.lock(payment.email_id)  # it was moved to another owner this very moment


def _apply(event: Event, row: PaymentEvent, *, now: datetime) -> tuple[Outcome, Payment | None]:
    intent = _intent_of([event.fact])
    outcome, payment = _place(event, intent)
    if payment:
        lock(payment, email_id=payment.email_id or (intent.email_id if intent else None))
    PaymentEvent.objects.filter(pk=row.pk).update(outcome=outcome, payment=payment)
    if payment:
        settle(payment, now=now)
    if intent and outcome is Outcome.APPLIED and event.fact.kind in OF_A_CHECKOUT:
        _close(intent, session=event.fact.session, now=now)
    return outcome, payment


def _place(event: Event, intent: CheckoutIntent | None) -> tuple[Outcome, Payment | None]:
    """Which payment it is about, made known if it is not: also by an event that comes before what it follows."""
    fact = event.fact
    if event.is_live != stripe_api.is_live():
        return Outcome.OTHER_MODE, None
    if fact.kind is Kind.OTHER:
        return Outcome.NOTED, None
    is_unknown = fact.kind in OF_A_CHECKOUT and intent is None
    if is_unknown and not (fact.intent and fact.payment):
        return Outcome.UNMATCHED, None
    payment = Payment.objects.get_or_create(reference=fact.payment)[0] if fact.payment else None
    return Outcome.UNMATCHED if is_unknown else Outcome.APPLIED, payment


def _close(intent: CheckoutIntent, *, session: str, now: datetime) -> None:
    """The provider's page is over. Its reference is learnt here if the process died that had opened it."""
    if intent.session not in {None, session}:
        return
    same = CheckoutIntent.objects.filter(pk=intent.pk)
    if intent.confirmed_at and not CheckoutIntent.objects.filter(session=session).exists():
        same.filter(session=None).update(session=session)
    same.filter(closed_at=None).update(closed_at=now)


def _intent_of(facts: list[Fact]) -> CheckoutIntent | None:
    for fact in facts:
        try:
            intent = CheckoutIntent.objects.select_related("email").filter(pk=UUID(fact.intent)).first()
        except ValueError:
            continue
        if intent:
            return intent
    return None


def _expected(intent: CheckoutIntent | None) -> payment_state.Expected | None:
    if intent is None:
        return None
    return payment_state.Expected(
        amount=intent.amount,
        currency=intent.currency,
        course=str(intent.course_key),
        session=intent.session or "",
        takes_coupons=intent.takes_coupons,
    )


def _storable(minor: int) -> int:
    """What nobody asked for may be any number; it opens nothing, and must not keep its message from being stored."""
    return min(max(0, minor), 2**31 - 1)


def _keeps_access(payment: Payment) -> bool:
    last = Refund.objects.filter(payment=payment, refused_at=None).order_by("asked_at").last()
    return last is not None and last.keeps_access


def _say(event: Event, row: PaymentEvent) -> None:
    """An alert for what a person has to look at. No amount, address or key: the ledger has them."""
    if row.outcome == Outcome.OTHER_MODE:
        logger.error("Payment event %s is of another mode (test or live) than this site's key.", event.reference)
    elif row.outcome == Outcome.UNMATCHED and event.fact.intent:
        logger.error("Payment event %s names a checkout that this site does not know.", event.reference)
    elif row.payment and row.payment.problem:
        problem = row.payment.get_problem_display()
        logger.error("Payment %s is held, and opens nothing: %s.", row.payment.reference, problem)

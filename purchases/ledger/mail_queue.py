"""The mail queue of payments: which email their owner is owed by their state. Rows, which the outbox sends."""

from datetime import datetime
from typing import assert_never

from purchases import tasks
from purchases.models import Payment, PurchaseMail
from purchases.models.states import State

Kind = PurchaseMail.Kind


def write(payment: Payment, *, keeps_access: bool, now: datetime) -> None:
    """One row for what is new; none for what was sent already, or where no recipient is known."""
    kind = _kind(payment, keeps_access=keeps_access)
    if kind is None or payment.email_id is None or payment.problem:
        return
    row, is_new = PurchaseMail.objects.get_or_create(
        payment=payment, kind=kind, amount=payment.refunded, copy=0, defaults={"queued_at": now}
    )
    if is_new:
        tasks.send_mail.enqueue(row.pk)  # a row too: it comes and goes with this transaction


def again(payment: Payment, *, now: datetime) -> PurchaseMail:
    """The receipt once more, whatever was sent since."""
    receipts = PurchaseMail.objects.filter(payment=payment, kind=Kind.PAID)
    row = PurchaseMail.objects.create(
        payment=payment, kind=Kind.PAID, amount=0, copy=receipts.count() + 1, queued_at=now
    )
    tasks.send_mail.enqueue(row.pk)
    return row


def _kind(payment: Payment, *, keeps_access: bool) -> Kind | None:
    if payment.is_duplicate:
        return Kind.TWICE
    match state := State(payment.state):
        case State.CREATED:
            return None
        case State.REFUNDED:
            return Kind.REFUNDED_KEPT if keeps_access else Kind.REFUNDED
        case (
            State.PENDING | State.FAILED | State.PAID | State.PARTLY_REFUNDED | State.DISPUTED | State.LOST | State.WON
        ):
            return Kind(state.value)  # the mail has the state's own name
        case _:
            assert_never(state)

"""Which mail a payment's owner is owed as it stands now: written as rows with the payment, sent by purchases.outbox."""

from datetime import datetime

from purchases import tasks
from purchases.models import Payment, PurchaseMail
from purchases.models.payments import State

Kind = PurchaseMail.Kind

MAILS = {
    State.PENDING: Kind.PENDING,
    State.FAILED: Kind.FAILED,
    State.PAID: Kind.PAID,
    State.PARTLY_REFUNDED: Kind.PARTLY_REFUNDED,
    State.DISPUTED: Kind.DISPUTED,
    State.LOST: Kind.LOST,
    State.WON: Kind.WON,
}


def write(payment: Payment, *, keeps_access: bool, now: datetime) -> None:
    """One row for what is new; none for what was told already, or where nobody is known whom to tell."""
    kind = _kind(payment, keeps_access=keeps_access)
    if kind is None or payment.email_id is None or payment.problem:
        return
    row, is_new = PurchaseMail.objects.get_or_create(
        payment=payment, kind=kind, amount=payment.refunded, copy=0, defaults={"queued_at": now}
    )
    if is_new:
        tasks.send_mail.enqueue(row.pk)  # a row too: it comes and goes with this transaction


def again(payment: Payment, *, now: datetime) -> PurchaseMail:
    """The receipt once more, whatever was told since."""
    receipts = PurchaseMail.objects.filter(payment=payment, kind=Kind.PAID)
    row = PurchaseMail.objects.create(
        payment=payment, kind=Kind.PAID, amount=0, copy=receipts.count() + 1, queued_at=now
    )
    tasks.send_mail.enqueue(row.pk)
    return row


def _kind(payment: Payment, *, keeps_access: bool) -> Kind | None:
    if payment.is_duplicate:
        return Kind.TWICE
    state = State(payment.state)
    if state is State.REFUNDED:
        return Kind.REFUNDED_KEPT if keeps_access else Kind.REFUNDED
    return MAILS.get(state)

"""Access override: end what an order opens though no money goes back, or open it again; for fraud, or a free order."""

from datetime import datetime

from django.db import transaction

from purchases.ledger import ledger
from purchases.models import Payment


def end(payment: Payment, *, now: datetime) -> bool:
    """The course closes by this order with the next click; False when it opened nothing."""
    with transaction.atomic():
        ledger.lock(payment, email_id=payment.email_id)
        if not payment.opens:
            return False
        payment.ended_at = now
        ledger.settle(payment, now=now)
    return True


def reopen(payment: Payment, *, now: datetime) -> bool:
    """False when nobody had ended it."""
    with transaction.atomic():
        ledger.lock(payment, email_id=payment.email_id)
        if payment.ended_at is None:
            return False
        payment.ended_at = None
        ledger.settle(payment, now=now)
    return True

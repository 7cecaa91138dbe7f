"""A learner's orders, as they see them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from purchases.models import Payment
from purchases.models.payments import State

WORDS: dict[str, Promise] = {
    State.CREATED: _("Not paid"),
    State.PENDING: _("Your payment is pending"),
    State.FAILED: _("The payment didn’t go through"),
    State.PAID: _("Paid"),
    State.PARTLY_REFUNDED: _("Partially refunded"),
    State.REFUNDED: _("Refunded"),
    State.DISPUTED: _("Closed while your bank reviews the payment"),
    State.LOST: _("Closed: your bank reversed the payment"),
    State.WON: _("Paid"),
}


@dataclass(frozen=True, kw_only=True)
class Order:
    """`reference` is what a buyer quotes; `checkout` is the page on which they find the order again."""

    title: str
    price: str
    refunded: str
    state: str | Promise
    state_code: str
    has_problem: bool
    is_open: bool
    is_duplicate: bool
    paid_at: datetime | None
    reference: str
    checkout: UUID


def of(address: str) -> list[Order]:
    """The newest first."""
    payments = Payment.objects.filter(email__address=address, intent__isnull=False).exclude(state=State.CREATED)
    return [of_payment(payment) for payment in payments.select_related("intent").order_by("-pk")]


def of_payment(payment: Payment) -> Order:
    assert payment.intent is not None and payment.intent_id is not None  # noqa: S101, PT018  (filtered above)
    return Order(
        title=payment.intent.course_title,
        price=str(payment.money),
        refunded=str(payment.money_refunded) if payment.refunded else "",
        state=_("We’re looking into it") if payment.problem else WORDS[payment.state],
        state_code=payment.state,
        has_problem=bool(payment.problem),
        is_open=payment.opens,
        is_duplicate=payment.is_duplicate,
        paid_at=payment.paid_at,
        reference=number(payment),
        checkout=payment.intent_id,
    )


def number(payment: Payment) -> str:
    """What stands on receipts: short enough to be read out on the telephone."""
    return f"L-{payment.pk:06d}"

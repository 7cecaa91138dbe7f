"""A learner's orders, as they see them."""

from dataclasses import dataclass
from datetime import datetime
from typing import assert_never
from uuid import UUID

from django.utils.translation import gettext as _

from purchases.models import Payment
from purchases.models.states import State


@dataclass(frozen=True, kw_only=True)
class Order:
    """`reference` is what a buyer quotes; `checkout` is the page on which they find the order again."""

    title: str
    price: str
    refunded: str
    state: str
    state_code: str
    has_problem: bool
    is_open: bool
    is_duplicate: bool
    paid_at: datetime | None
    reference: str
    checkout: UUID


def orders_for(address: str) -> list[Order]:
    """The newest first."""
    payments = Payment.objects.filter(email__address=address, intent__isnull=False).exclude(state=State.CREATED)
    return [order_for(payment) for payment in payments.select_related("intent").order_by("-pk")]


def order_for(payment: Payment) -> Order:
    assert payment.intent is not None and payment.intent_id is not None  # noqa: S101, PT018  (filtered above)
    return Order(
        title=payment.intent.course_title,
        price=str(payment.money),
        refunded=str(payment.money_refunded) if payment.refunded else "",
        state=_("We’re looking into it") if payment.problem else _words(State(payment.state)),
        state_code=payment.state,
        has_problem=bool(payment.problem),
        is_open=payment.opens,
        is_duplicate=payment.is_duplicate,
        paid_at=payment.paid_at,
        reference=number(payment),
        checkout=payment.intent_id,
    )


def _words(state: State) -> str:
    match state:
        case State.CREATED:
            return _("Not paid")
        case State.PENDING:
            return _("Your payment is pending")
        case State.FAILED:
            return _("The payment didn’t go through")
        case State.PAID | State.WON:
            return _("Paid")
        case State.PARTLY_REFUNDED:
            return _("Partially refunded")
        case State.REFUNDED:
            return _("Refunded")
        case State.DISPUTED:
            return _("Closed while your bank reviews the payment")
        case State.LOST:
            return _("Closed: your bank reversed the payment")
        case _:
            assert_never(state)


def number(payment: Payment) -> str:
    """The number on receipts: short enough to be read out on the telephone."""
    return f"L-{payment.pk:06d}"

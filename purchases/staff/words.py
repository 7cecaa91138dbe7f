"""Orders in words for staff: what a state means for the course, what is wrong, what to do, and what was sent when."""

from typing import assert_never

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from courses.content.money import Money
from mail.models import MAX_SENDS
from purchases.models import Payment, PaymentEvent, PurchaseMail, Refund
from purchases.models.states import Problem, State
from purchases.provider_events import Fact, Kind

# What to do about a payment that is held.
ADVICE: dict[str, Promise] = {
    Problem.AMOUNT: gettext_lazy("The amount paid isn’t what the course cost when the checkout started."),
    Problem.DISCOUNT: gettext_lazy(
        "The price was reduced at Stripe, though this checkout was opened without promotion codes. Find out who did it."
    ),
    Problem.CURRENCY: gettext_lazy("It was paid in a different currency from the course price."),
    Problem.COURSE: gettext_lazy("The payment names a different course from the checkout."),
    Problem.SESSION: gettext_lazy("A different Stripe checkout was paid than the one opened for this order."),
    Problem.UNKNOWN: gettext_lazy("The payment names a checkout this site doesn’t have."),
}

EVENTS: dict[Kind, Promise] = {
    Kind.COMPLETED: gettext_lazy("Checkout completed, payment pending: %s"),
    Kind.SUCCEEDED: gettext_lazy("Payment received: %s"),
    Kind.FAILED: gettext_lazy("The payment didn’t go through"),
    Kind.EXPIRED: gettext_lazy("Stripe’s page wasn’t used"),
    Kind.REFUNDED: gettext_lazy("Refunded, in all: %s"),
    Kind.REFUND_FAILED: gettext_lazy("A refund failed and came back: %s"),
    Kind.DISPUTED: gettext_lazy("The buyer’s bank disputes the payment"),
    Kind.DISPUTE_WON: gettext_lazy("The bank decided in your favour"),
    Kind.DISPUTE_LOST: gettext_lazy("The bank decided for the buyer and reversed the payment"),
    Kind.OTHER: gettext_lazy("Something that needs no action"),
}


def state(payment: Payment) -> str:
    return _("Held") if payment.problem and payment.paid_at else payment.get_state_display()


def marks(payment: Payment) -> list[str]:
    """Why it needs somebody; nothing for all others. The same question as Payment.objects.needing_attention()."""
    if State(payment.state).is_disputed:
        return [_("Disputed")]
    if not State(payment.state).has_money:
        return []
    return [
        *([_("Paid twice")] if payment.is_duplicate else []),
        *([payment.get_problem_display()] if payment.problem else []),
    ]


def access(payment: Payment, *, address: str, is_open: bool) -> str:
    """`is_open`: whether the course is open to this address, by this order or anything else."""
    if payment.opens and not payment.is_duplicate:
        return (
            _("The course is open to %s.") % address if address else _("The course is open, but the buyer isn’t known.")
        )
    if is_open:
        return _("The course is open to %s, but not through this order.") % address
    if payment.ended_at:
        return _("The course is closed: staff ended access.")
    if payment.problem:
        return _("The course is closed until someone decides.")
    return _closed(State(payment.state))


def _closed(state: State) -> str:
    match state:
        case State.CREATED:
            return _("The course is closed: it hasn’t been paid yet.")
        case State.PENDING:
            return _("The course opens automatically when the payment arrives, which can take days.")
        case State.FAILED:
            return _("The course is closed: the payment didn’t go through.")
        case State.PAID | State.PARTLY_REFUNDED | State.WON:
            return _("The course is closed.")
        case State.REFUNDED:
            return _("The course is closed: it was refunded.")
        case State.DISPUTED:
            return _("The course is closed while the buyer’s bank reviews the payment.")
        case State.LOST:
            return _("The course is closed: the buyer’s bank reversed the payment.")
        case _:
            assert_never(state)


def advice(payment: Payment) -> str:
    """What somebody has to do about it, in a sentence or two; "" where nobody has to."""
    if not marks(payment):
        return ""
    if State(payment.state).is_disputed:
        return _(
            "The buyer disputed the payment with their bank. Respond in Stripe before the deadline, or accept the "
            "dispute there. The course is closed in the meantime; the bank’s decision is applied here "
            "automatically."
        )
    if payment.problem:
        what = ADVICE[payment.problem]
        then = _(
            "The course stays closed. Check the payment in Stripe: refund it here or, if it’s right after all, "
            "grant the course on the learner’s page."
        )
        return f"{what} {then}"
    if not payment.amount:
        return _("This buyer already has the course. Nothing was paid: end this order’s access; the other one stays.")
    return _("This buyer had already paid for the course. Refund this order: the other one keeps the course open.")


def event(row: PaymentEvent) -> str:
    fact = Fact.read(row.facts)
    if fact.kind is Kind.COMPLETED and fact.is_paid:
        text = _("Paid: %s")
    else:
        text = str(EVENTS[fact.kind])
    return text % Money(fact.amount, fact.currency or _currency(row)) if "%s" in text else text


def _currency(row: PaymentEvent) -> str:
    return row.payment.currency if row.payment else ""


def source(row: PaymentEvent) -> str:
    """How it came to be known."""
    return _("on request") if row.reference.startswith("asked-") else _("by webhook")


def refund(row: Refund) -> str:
    if row.refused_at:
        return _("Stripe refused it")
    return _("Done") if row.reference else _("Requested; Stripe hasn’t answered yet")


def mail(row: PurchaseMail) -> str:
    if row.sent_at:
        return _("Sent")
    if row.parked_at:
        return _("Failed") if row.sends >= MAX_SENDS else _("Not sent: the address is blocked or erased")
    if row.sends > 1:
        return ngettext("Queued, tried %s time", "Queued, tried %s times", row.sends) % row.sends
    return _("Queued")

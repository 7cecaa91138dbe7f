"""Payment state, derived from everything the provider said of a payment. Pure: the order of arrival does not go in.

Events come late, twice and out of order. So nothing is changed step by step as they come: each time, all of a payment's
facts are put in the provider's own order and gone through from the beginning. A history that is complete therefore
ends the same however it arrived; a fact that came early simply waits for what went before it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import assert_never

from purchases.models.states import Problem, State
from purchases.provider_events import ORDER, Fact, Kind


class Dispute(Enum):
    NONE = "none"
    OPEN = "open"
    WON = "won"
    LOST = "lost"


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What was asked for: the row of the checkout, whatever the course costs by now. `session` "": not known yet.

    `takes_coupons`: whether the checkout was opened with a place for promotion codes; any other discount is not ours.
    """

    amount: int
    currency: str
    course: str
    session: str
    takes_coupons: bool


@dataclass(frozen=True, kw_only=True)
class PaymentState:
    """Amounts are minor units; `paid_at` is the provider's time. `problem` "": what was paid is what was asked for."""

    amount: int = 0
    currency: str = ""
    refunded: int = 0
    paid_at: datetime | None = None
    is_pending: bool = False
    has_failed: bool = False
    dispute: Dispute = Dispute.NONE
    problem: str = ""
    failed_refunds: frozenset[str] = frozenset()

    @property
    def state(self) -> State:
        if self.paid_at is None:
            return State.FAILED if self.has_failed else State.PENDING if self.is_pending else State.CREATED
        match self.dispute:
            case Dispute.LOST:
                return State.LOST
            case Dispute.OPEN:
                return State.DISPUTED
            case Dispute.WON:
                kept = State.WON
            case Dispute.NONE:
                kept = State.PAID
            case _:
                assert_never(self.dispute)
        if 0 < self.amount <= self.refunded:
            return State.REFUNDED
        return State.PARTLY_REFUNDED if self.refunded else kept

    def opens(self, *, keeps_access: bool) -> bool:
        """Whether the course is open by this payment; `keeps_access`: staff chose so for its last refund."""
        if self.problem:
            return False
        match self.state:
            case State.PAID | State.PARTLY_REFUNDED | State.WON:
                return True
            case State.REFUNDED:
                return keeps_access
            case State.CREATED | State.PENDING | State.FAILED | State.DISPUTED | State.LOST:
                return False
            case _:
                assert_never(self.state)


def derive(facts: Iterable[Fact], expected: Expected | None) -> PaymentState:
    """`expected` None: no checkout of ours is known for it, yet or at all."""
    state = PaymentState()
    for fact in sorted(facts, key=_place):
        state = _after(state, fact)
        if fact.kind in {Kind.COMPLETED, Kind.SUCCEEDED}:
            state = replace(state, problem=state.problem or problem_with(fact, expected))
    return state


def _place(fact: Fact) -> tuple[int, int, int, str]:
    """Its place in the provider's order; what that leaves open is settled the same way each time."""
    return fact.at, ORDER.index(fact.kind), fact.amount, str(fact)


def _after(state: PaymentState, fact: Fact) -> PaymentState:
    match fact.kind:
        case Kind.COMPLETED | Kind.SUCCEEDED:
            is_paid = fact.is_paid or fact.kind is Kind.SUCCEEDED
            return replace(
                state,
                amount=fact.amount,
                currency=fact.currency,
                is_pending=not is_paid,
                paid_at=state.paid_at or (fact.when if is_paid else None),
            )
        case Kind.FAILED:
            return replace(state, has_failed=True)
        case Kind.REFUNDED:
            return replace(state, refunded=fact.amount)
        case Kind.REFUND_FAILED:
            if fact.refund in state.failed_refunds:
                return state
            return replace(
                state,
                refunded=max(0, state.refunded - fact.amount),
                failed_refunds=state.failed_refunds | {fact.refund},
            )
        case Kind.DISPUTED:
            return replace(state, dispute=Dispute.OPEN)
        case Kind.DISPUTE_WON:
            return replace(state, dispute=Dispute.WON)
        case Kind.DISPUTE_LOST:
            return replace(state, dispute=Dispute.LOST)
        case Kind.EXPIRED | Kind.OTHER:
            return state
        case _:
            assert_never(fact.kind)


def problem_with(fact: Fact, expected: Expected | None) -> str:
    """What a paid checkout has otherwise than was asked for, should somebody pay something else in its name."""
    if expected is None:
        return Problem.UNKNOWN
    if fact.session != expected.session and expected.session:
        return Problem.SESSION
    if fact.course != expected.course:
        return Problem.COURSE
    if fact.currency != expected.currency:
        return Problem.CURRENCY
    if fact.discount and not expected.takes_coupons:
        return Problem.DISCOUNT
    reduced = expected.amount - fact.discount
    is_right = fact.subtotal == expected.amount and 0 <= reduced <= fact.amount <= reduced + fact.tax
    return "" if is_right else Problem.AMOUNT

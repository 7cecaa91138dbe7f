"""A learner's orders, as they see them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from access.models import Email
from purchases.models import Payment
from purchases.models.states import Problem, State
from purchases.orders import orders


def test_the_newest_comes_first_and_only_their_own(
    make_payment: Callable[..., Payment], make_intent: Any, learner_email: Email, now: datetime
) -> None:
    other = Email.objects.create(address="grace@example.org", asked_at=now)
    first, second = make_payment(intent=make_intent()), make_payment(intent=make_intent())
    make_payment(intent=make_intent(email=other))
    make_payment()
    make_payment(intent=make_intent(), state=State.CREATED, paid_at=None, opens=False)

    shown = orders.orders_for(learner_email.address)

    assert [order.reference for order in shown] == [f"L-{second.pk:06d}", f"L-{first.pk:06d}"]
    assert shown[0] == orders.Order(
        title="Course",
        price="€49.00",
        refunded="",
        state="Paid",
        state_code="paid",
        has_problem=False,
        is_open=True,
        is_duplicate=False,
        paid_at=now,
        reference=orders.number(second),
        checkout=second.intent_id,  # type: ignore[arg-type]
    )


def test_what_is_held_says_nothing_of_its_state(make_payment: Callable[..., Payment], make_intent: Any) -> None:
    order = orders.order_for(
        make_payment(intent=make_intent(), problem=Problem.AMOUNT, opens=False, refunded=900, state=State.REFUNDED)
    )

    assert (order.has_problem, order.is_open, order.refunded) == (True, False, "€9.00")
    assert "looking into it" in str(order.state)


@pytest.mark.parametrize("state", State)
def test_each_state_has_words(make_payment: Callable[..., Payment], make_intent: Any, state: State) -> None:
    order = orders.order_for(make_payment(intent=make_intent(), state=state))

    assert str(order.state)
    assert order.state_code == state

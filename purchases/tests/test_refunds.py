"""How much can go back, of what, and what that says of the course."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from purchases.models import Payment, Refund
from purchases.models.states import State
from purchases.orders import refunds
from purchases.staff.order import is_refundable
from purchases.tests.checkout_fixture import Till

Make = Callable[..., Payment]


def ask(payment: Payment, amount: int, *, now: datetime, keeps_access: bool = False) -> Refund:
    return refunds.ask(payment, amount=amount, reason="Asked", keeps_access=keeps_access, by=None, now=now)


def test_what_is_on_its_way_cannot_go_back_again(make_payment: Make, now: datetime) -> None:
    payment, other = make_payment(refunded=900), make_payment()
    row: dict[str, Any] = {"payment": payment, "reason": "x", "asked_at": now}
    Refund.objects.create(**row, amount=1000)
    Refund.objects.create(**row, amount=30, reference="re_1")
    Refund.objects.create(**row, amount=7, refused_at=now)
    Refund.objects.create(**{**row, "payment": other}, amount=500)

    assert (payment.left, refunds.left(payment), refunds.left(other)) == (4000, 3000, 4400)


@pytest.mark.parametrize("amount", [1, 4900])
def test_all_that_is_left_may_go_back(make_payment: Make, now: datetime, amount: int) -> None:
    row = ask(make_payment(), amount, now=now)

    assert (row.amount, row.reason, row.by, row.asked_at, row.reference) == (amount, "Asked", None, now, None)


@pytest.mark.parametrize("amount", [-1, 0, 4901])
def test_no_more_and_no_less(make_payment: Make, now: datetime, amount: int) -> None:
    with pytest.raises(refunds.TooMuch):
        ask(make_payment(), amount, now=now)

    assert not Refund.objects.exists()


@pytest.mark.parametrize("state", State)
def test_only_money_that_is_here_goes_back(make_payment: Make, now: datetime, state: State) -> None:
    payment = make_payment(state=state)

    if state in {State.PAID, State.PARTLY_REFUNDED, State.WON}:
        assert ask(payment, 1, now=now)
        return
    with pytest.raises(refunds.TooMuch):
        ask(payment, 1, now=now)


@pytest.mark.parametrize(
    ("amount", "keeps_access", "kept"), [(4900, True, True), (4900, False, False), (4899, True, False)]
)
def test_the_course_is_kept_only_with_a_refund_of_the_rest(
    make_payment: Make, now: datetime, amount: int, keeps_access: bool, kept: bool
) -> None:
    assert ask(make_payment(), amount, now=now, keeps_access=keeps_access).keeps_access is kept


def test_what_was_asked_for_in_full_is_refundable_no_more(make_payment: Make, now: datetime) -> None:
    payment = make_payment()
    said = [is_refundable(payment)]
    for amount in (4899, 1):
        ask(payment, amount, now=now)
        said.append(is_refundable(payment))

    assert said == [True, True, False]
    assert not is_refundable(make_payment(state=State.PENDING))


def test_a_refund_that_somebody_else_carried_out_keeps_its_reference(till: Till, now: datetime) -> None:
    """Two at once, the worker and a person: the provider makes one refund, and neither row says anything else."""
    intent = till.paid()
    till.bring_all()
    row = ask(Payment.objects.get(intent=intent), 900, now=now)
    refunds.carry_out(row, now=now)
    reference = Refund.objects.get().reference
    Refund.objects.update(reference="re_of_the_other")

    refunds.carry_out(row, now=now)

    assert reference
    assert Refund.objects.get().reference == "re_of_the_other"
    assert len(till.stripe.shelf.all("refund")) == 1

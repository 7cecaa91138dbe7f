"""The mail queue of payments: each email is sent once, and to the address that it concerns."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from purchases.ledger import mail_queue
from purchases.models import CheckoutIntent, Payment, PurchaseMail
from purchases.models.states import Problem, State

Kind = PurchaseMail.Kind
Make = Callable[..., Payment]


@pytest.fixture
def ordered(make_payment: Make, make_intent: Callable[..., CheckoutIntent]) -> Make:
    """A payment with its checkout, which mails name the course of."""
    return lambda **fields: make_payment(**{"intent": make_intent(), **fields})


def told() -> list[tuple[str, int, int]]:
    return list(PurchaseMail.objects.order_by("pk").values_list("kind", "amount", "copy"))


@pytest.mark.parametrize(
    ("state", "keeps_access", "kind"),
    [
        (State.CREATED, False, None),
        (State.PENDING, False, Kind.PENDING),
        (State.FAILED, False, Kind.FAILED),
        (State.PAID, True, Kind.PAID),
        (State.PARTLY_REFUNDED, True, Kind.PARTLY_REFUNDED),
        (State.REFUNDED, False, Kind.REFUNDED),
        (State.REFUNDED, True, Kind.REFUNDED_KEPT),
        (State.DISPUTED, False, Kind.DISPUTED),
        (State.LOST, False, Kind.LOST),
        (State.WON, False, Kind.WON),
    ],
)
def test_each_state_is_told_once(
    ordered: Make, now: datetime, mailoutbox: list[Any], state: State, keeps_access: bool, kind: Kind | None
) -> None:
    payment = ordered(state=state)

    for _ in range(2):
        mail_queue.write(payment, keeps_access=keeps_access, now=now)

    assert told() == ([(kind, 0, 0)] if kind else [])
    assert [mail.to for mail in mailoutbox] == [["ada@example.org"]] * len(told())
    assert set(PurchaseMail.objects.values_list("payment", "queued_at")) <= {(payment.pk, now)}


def test_paying_twice_is_told_whatever_the_state(ordered: Make, now: datetime) -> None:
    mail_queue.write(ordered(state=State.WON, is_duplicate=True), keeps_access=False, now=now)

    assert told() == [(Kind.TWICE, 0, 0)]


def test_another_refund_is_told_again(ordered: Make, now: datetime) -> None:
    payment = ordered(state=State.PARTLY_REFUNDED)
    for refunded in (100, 200, 200):
        payment.refunded = refunded
        mail_queue.write(payment, keeps_access=False, now=now)

    assert told() == [(Kind.PARTLY_REFUNDED, 100, 0), (Kind.PARTLY_REFUNDED, 200, 0)]


@pytest.mark.parametrize("fields", [{"email": None}, {"problem": Problem.AMOUNT, "opens": False}])
def test_nobody_is_told_of_what_is_nobodys_or_held(ordered: Make, now: datetime, fields: dict[str, Any]) -> None:
    mail_queue.write(ordered(**fields), keeps_access=False, now=now)

    assert told() == []


def test_the_receipt_is_sent_again_as_often_as_it_is_asked_for(
    ordered: Make, now: datetime, mailoutbox: list[Any]
) -> None:
    payment, other = ordered(refunded=100), ordered()
    mail_queue.write(other, keeps_access=False, now=now)
    PurchaseMail.objects.create(payment=payment, kind=Kind.PARTLY_REFUNDED, amount=100, queued_at=now)

    rows = [mail_queue.again(payment, now=now) for _ in range(2)]

    assert [(row.payment, row.kind, row.amount, row.copy) for row in rows] == [
        (payment, Kind.PAID, 0, 1),
        (payment, Kind.PAID, 0, 2),
    ]
    assert len(mailoutbox) == 3

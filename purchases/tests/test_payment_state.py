"""Payment state, as a table and for every order of its events."""

from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purchases.ledger import payment_state
from purchases.ledger.payment_state import Expected
from purchases.models.states import Problem, State
from purchases.provider_events import Fact, Kind

EXPECTED = Expected(amount=4900, currency="EUR", course="c", session="cs_1", takes_coupons=True)
PAID = Fact(
    kind=Kind.COMPLETED,
    at=100,
    payment="pi_1",
    session="cs_1",
    intent="i",
    course="c",
    amount=4900,
    subtotal=4900,
    currency="EUR",
    is_paid=True,
)
ON_ITS_WAY = replace(PAID, is_paid=False)


def then(kind: Kind, *, at: int, **fields: Any) -> Fact:
    return Fact(kind=kind, at=at, payment="pi_1", **fields)


def session_then(kind: Kind, *, at: int) -> Fact:
    return replace(PAID, kind=kind, at=at, is_paid=kind is Kind.SUCCEEDED)


HISTORIES: dict[str, tuple[list[Fact], State, bool]] = {
    "nothing": ([], State.CREATED, False),
    "paid": ([PAID], State.PAID, True),
    "free": ([replace(PAID, amount=0, discount=4900)], State.PAID, True),
    "with a coupon": ([replace(PAID, amount=2450, discount=2450)], State.PAID, True),
    "with tax on top": ([replace(PAID, amount=5831, tax=931)], State.PAID, True),
    "with tax in it": ([replace(PAID, tax=782)], State.PAID, True),
    "on its way": ([ON_ITS_WAY], State.PENDING, False),
    "arrived": ([ON_ITS_WAY, session_then(Kind.SUCCEEDED, at=200)], State.PAID, True),
    "did not arrive": ([ON_ITS_WAY, session_then(Kind.FAILED, at=200)], State.FAILED, False),
    "part refunded": ([PAID, then(Kind.REFUNDED, at=200, amount=900)], State.PARTLY_REFUNDED, True),
    "refunded": ([PAID, then(Kind.REFUNDED, at=200, amount=4900)], State.REFUNDED, False),
    "refunded in two parts of one second": (
        [PAID, then(Kind.REFUNDED, at=200, amount=900), then(Kind.REFUNDED, at=200, amount=4900)],
        State.REFUNDED,
        False,
    ),
    "refund failed": (
        [
            PAID,
            then(Kind.REFUNDED, at=200, amount=4900),
            then(Kind.REFUND_FAILED, at=300, amount=4900, refund="re_1"),
        ],
        State.PAID,
        True,
    ),
    "refund failed, said twice": (
        [
            PAID,
            then(Kind.REFUNDED, at=200, amount=4900),
            then(Kind.REFUND_FAILED, at=300, amount=2000, refund="re_1"),
            then(Kind.REFUND_FAILED, at=301, amount=2000, refund="re_1"),
        ],
        State.PARTLY_REFUNDED,
        True,
    ),
    "disputed": ([PAID, then(Kind.DISPUTED, at=200)], State.DISPUTED, False),
    "dispute won": ([PAID, then(Kind.DISPUTED, at=200), then(Kind.DISPUTE_WON, at=300)], State.WON, True),
    "dispute lost": ([PAID, then(Kind.DISPUTED, at=200), then(Kind.DISPUTE_LOST, at=300)], State.LOST, False),
    "won, then refunded": (
        [
            PAID,
            then(Kind.DISPUTED, at=200),
            then(Kind.DISPUTE_WON, at=300),
            then(Kind.REFUNDED, at=400, amount=4900),
        ],
        State.REFUNDED,
        False,
    ),
    "refunded in the second in which it was paid": (
        [PAID, then(Kind.REFUNDED, at=100, amount=4900)],
        State.REFUNDED,
        False,
    ),
    "a refund of what nobody has told us of": ([then(Kind.REFUNDED, at=200, amount=4900)], State.CREATED, False),
    "a dispute of what nobody has told us of": ([then(Kind.DISPUTED, at=200)], State.CREATED, False),
}


@pytest.mark.parametrize("name", HISTORIES)
def test_a_history_ends_as_it_should_in_every_order(name: str) -> None:
    facts, state, opens = HISTORIES[name]

    ends = {
        (derived.state, derived.opens(keeps_access=False))
        for order in permutations(facts)
        for derived in [payment_state.derive(order, EXPECTED)]
    }

    assert ends == {(state, opens)}


def test_refund_that_keeps_the_course_keeps_it() -> None:
    derived = payment_state.derive([PAID, then(Kind.REFUNDED, at=200, amount=4900)], EXPECTED)

    assert derived.opens(keeps_access=True)


@pytest.mark.parametrize("kind", [Kind.DISPUTED, Kind.DISPUTE_LOST])
def test_choice_to_keep_the_course_says_nothing_of_disputes(kind: Kind) -> None:
    derived = payment_state.derive([PAID, then(kind, at=200)], EXPECTED)

    assert not derived.opens(keeps_access=True)


@pytest.mark.parametrize(
    ("fact", "problem"),
    [
        (replace(PAID, subtotal=100, amount=100), Problem.AMOUNT),
        (replace(PAID, amount=100), Problem.AMOUNT),
        (replace(PAID, amount=100, discount=100), Problem.AMOUNT),
        (replace(PAID, amount=100, discount=5000), Problem.AMOUNT),
        (replace(PAID, amount=4901), Problem.AMOUNT),
        (replace(PAID, amount=5832, tax=931), Problem.AMOUNT),
        (replace(PAID, amount=2451, discount=2450), Problem.AMOUNT),
        (replace(PAID, subtotal=5400), Problem.AMOUNT),
        (replace(PAID, currency="JPY"), Problem.CURRENCY),
        (replace(PAID, course="another"), Problem.COURSE),
        (replace(PAID, course=""), Problem.COURSE),
        (replace(PAID, session="cs_2"), Problem.SESSION),
    ],
)
def test_what_was_not_asked_for_opens_nothing(fact: Fact, problem: Problem) -> None:
    derived = payment_state.derive([fact], EXPECTED)

    assert derived.problem == problem
    assert not derived.opens(keeps_access=True)


@pytest.mark.parametrize("wrong", [replace(ON_ITS_WAY, amount=100), replace(ON_ITS_WAY, course="another")])
def test_later_fact_that_fits_clears_no_problem(wrong: Fact) -> None:
    derived = payment_state.derive([wrong, session_then(Kind.SUCCEEDED, at=200)], EXPECTED)

    assert derived.problem
    assert not derived.opens(keeps_access=True)


@pytest.mark.parametrize("wrong", [{"amount": 100}, {"course": "another"}])
def test_later_fact_that_does_not_fit_is_a_problem(wrong: dict[str, Any]) -> None:
    derived = payment_state.derive([ON_ITS_WAY, replace(session_then(Kind.SUCCEEDED, at=200), **wrong)], EXPECTED)

    assert derived.problem
    assert not derived.opens(keeps_access=True)


def test_money_that_arrived_counts_whatever_its_checkout_still_says_of_it() -> None:
    arrived = replace(session_then(Kind.SUCCEEDED, at=200), is_paid=False)

    assert payment_state.derive([ON_ITS_WAY, arrived], EXPECTED).state == State.PAID


def test_paid_is_when_it_was_first_paid() -> None:
    derived = payment_state.derive([PAID, session_then(Kind.SUCCEEDED, at=200)], EXPECTED)

    assert derived.paid_at == PAID.when


def test_smallest_amount_can_be_refunded() -> None:
    derived = payment_state.derive(
        [replace(PAID, amount=1, subtotal=1), then(Kind.REFUNDED, at=200, amount=1)], replace(EXPECTED, amount=1)
    )

    assert derived.state == State.REFUNDED


def test_checkout_whose_opening_was_not_heard_of_is_paid_all_the_same() -> None:
    derived = payment_state.derive([PAID], replace(EXPECTED, session=""))

    assert derived.opens(keeps_access=False)


def test_refund_that_failed_counts_once_however_often_it_is_told() -> None:
    refunded = then(Kind.REFUNDED, at=200, amount=4900)
    failed = [then(Kind.REFUND_FAILED, at=at, amount=2000, refund="re_1") for at in (300, 301, 303)]
    another = then(Kind.REFUND_FAILED, at=302, amount=900, refund="re_2")

    assert payment_state.derive([PAID, refunded, *failed], EXPECTED).refunded == 2900
    assert payment_state.derive([PAID, refunded, *failed, another], EXPECTED).refunded == 2000


@pytest.mark.parametrize("fact", [replace(PAID, amount=2450, discount=2450), replace(PAID, amount=0, discount=4900)])
def test_discount_that_was_not_offered_opens_nothing(fact: Fact) -> None:
    derived = payment_state.derive([fact], replace(EXPECTED, takes_coupons=False))

    assert derived.problem == Problem.DISCOUNT
    assert not derived.opens(keeps_access=True)


def test_price_without_a_discount_opens_where_none_is_offered() -> None:
    assert payment_state.derive([PAID], replace(EXPECTED, takes_coupons=False)).opens(keeps_access=False)


def test_payment_without_a_checkout_opens_nothing() -> None:
    derived = payment_state.derive([PAID], None)

    assert derived.problem == Problem.UNKNOWN
    assert not derived.opens(keeps_access=True)


facts = st.lists(
    st.builds(
        Fact,
        kind=st.sampled_from(list(Kind)),
        at=st.integers(100, 104),
        payment=st.just("pi_1"),
        session=st.sampled_from(["cs_1", "cs_2"]),
        course=st.sampled_from(["c", "d"]),
        refund=st.sampled_from(["re_1", "re_2"]),
        amount=st.sampled_from([0, 2450, 4900]),
        subtotal=st.sampled_from([4900, 100]),
        discount=st.sampled_from([0, 2450, 4900]),
        currency=st.sampled_from(["EUR", "USD"]),
        is_paid=st.booleans(),
    ),
    max_size=8,
)


@given(facts, st.randoms(use_true_random=False))
def test_order_of_arrival_makes_no_difference(said: list[Fact], random: Any) -> None:
    shuffled = random.sample(said, len(said))

    assert payment_state.derive(shuffled, EXPECTED) == payment_state.derive(said, EXPECTED)


@given(facts, st.booleans())
def test_nothing_opens_without_money_that_was_asked_for(said: list[Fact], keeps: bool) -> None:
    derived = payment_state.derive(said, EXPECTED)

    if derived.opens(keeps_access=keeps):
        assert any(fact.is_paid or fact.kind is Kind.SUCCEEDED for fact in said)
        assert not derived.problem

"""What Stripe's messages say in our words, field by field."""

import json
from typing import Any

import pytest

from purchases.provider_events import Fact, Kind
from purchases.stripe import stripe_events
from purchases.stripe.stripe_events import LATEST, LONGEST, Forged, Unreadable

SESSION = {
    "object": "checkout.session",
    "id": "cs_1",
    "payment_intent": "pi_1",
    "payment_status": "paid",
    "status": "complete",
    "created": 99,
    "livemode": False,
    "metadata": {"lectern_checkout": "i", "lectern_course": "c"},
    "amount_total": 4401,
    "amount_subtotal": 4900,
    "total_details": {"amount_discount": 500, "amount_tax": 1},
    "currency": "eur",
}
READ = Fact(
    kind=Kind.COMPLETED,
    at=100,
    payment="pi_1",
    session="cs_1",
    intent="i",
    course="c",
    amount=4401,
    subtotal=4900,
    discount=500,
    tax=1,
    currency="EUR",
    is_paid=True,
)


def event(kind: str, about: dict[str, Any], **fields: Any) -> Any:
    data = {"id": "evt_1", "type": kind, "created": 100, "livemode": False, "data": {"object": about}, **fields}
    return stripe_events.event(data, json.dumps(data))


def fact(kind: str, **about: Any) -> Fact:
    return event(kind, about).fact


def test_a_checkout_is_read_field_by_field() -> None:
    read = event("checkout.session.completed", SESSION)

    assert read.fact == READ
    assert (read.reference, read.kind, read.is_live) == ("evt_1", "checkout.session.completed", False)
    assert json.loads(read.body)["data"]["object"] == SESSION


def test_what_is_not_said_is_nothing() -> None:
    said = fact("checkout.session.expired", object="checkout.session", id="cs_1", metadata=None, total_details=None)

    assert said == Fact(kind=Kind.EXPIRED, at=100, session="cs_1")


@pytest.mark.parametrize(
    ("status", "is_paid", "payment"),
    [("paid", True, ""), ("unpaid", False, ""), ("no_payment_required", True, "cs_1")],
)
def test_a_free_checkout_stands_for_its_payment(status: str, is_paid: bool, payment: str) -> None:
    said = fact("checkout.session.completed", object="checkout.session", id="cs_1", payment_status=status)

    assert (said.is_paid, said.payment) == (is_paid, payment)


def test_only_a_checkout_stands_for_its_payment() -> None:
    said = fact("charge.refunded", object="charge", id="ch_1", payment_status="no_payment_required")

    assert (said.payment, said.session, said.refund) == ("", "", "")


@pytest.mark.parametrize("value", ["pi_1", {"id": "pi_1", "object": "payment_intent"}])
def test_a_reference_comes_alone_or_with_what_it_refers_to(value: Any) -> None:
    assert fact("charge.refunded", payment_intent=value).payment == "pi_1"


@pytest.mark.parametrize(
    ("kind", "about", "expected"),
    [
        ("charge.refunded", {"amount_refunded": 7, "amount": 8}, {"kind": Kind.REFUNDED, "amount": 7}),
        ("refund.failed", {"id": "re_1", "amount": 8}, {"kind": Kind.REFUND_FAILED, "amount": 8, "refund": "re_1"}),
        ("charge.dispute.created", {"status": "needs_response"}, {"kind": Kind.DISPUTED}),
        ("charge.dispute.created", {"status": "warning_needs_response"}, {"kind": Kind.OTHER}),
        ("charge.dispute.created", {"status": "no_warning_"}, {"kind": Kind.DISPUTED}),
        ("charge.dispute.funds_withdrawn", {"status": "warning_closed"}, {"kind": Kind.DISPUTED}),
        ("charge.dispute.closed", {"status": "won"}, {"kind": Kind.DISPUTE_WON}),
        ("charge.dispute.closed", {"status": "lost"}, {"kind": Kind.DISPUTE_LOST}),
        ("charge.dispute.closed", {"status": "warning_closed"}, {"kind": Kind.OTHER}),
        ("charge.dispute.closed", {}, {"kind": Kind.OTHER}),
        ("checkout.session.async_payment_succeeded", {"amount_total": 5}, {"kind": Kind.SUCCEEDED, "amount": 5}),
        ("checkout.session.async_payment_failed", {}, {"kind": Kind.FAILED}),
        ("customer.created", {}, {"kind": Kind.OTHER}),
    ],
)
def test_each_kind_has_its_word(kind: str, about: dict[str, Any], expected: dict[str, Any]) -> None:
    assert fact(kind, **about) == Fact(**{"at": 100, **expected})


@pytest.mark.parametrize(("livemode", "is_live"), [(True, True), (False, False), (None, False), ("yes", False)])
def test_real_money_is_said_so(livemode: Any, is_live: bool) -> None:
    assert event("x", {}, livemode=livemode).is_live is is_live
    assert stripe_events.session_event({**SESSION, "livemode": livemode}).is_live is is_live  # type: ignore[union-attr]


@pytest.mark.parametrize("made", [1, LATEST - 1])
def test_any_time_that_calendars_have_is_read(made: int) -> None:
    assert event("x", {}, created=made).fact.at == made


@pytest.mark.parametrize("made", [0, -1, LATEST, "100", None, 1.5])
def test_no_other_is(made: Any) -> None:
    with pytest.raises(Unreadable):
        event("x", {}, created=made)


def test_an_id_has_at_most_as_many_characters_as_are_stored() -> None:
    assert event("x", {}, id="x" * LONGEST).reference == "x" * LONGEST == "x" * 255
    with pytest.raises(Unreadable):
        event("x", {}, id="x" * (LONGEST + 1))


@pytest.mark.parametrize("data", [None, [], {}, {"object": None}, {"object": []}])
def test_what_is_about_nothing_is_unreadable(data: Any) -> None:
    with pytest.raises(Unreadable):
        event("x", {}, data=data)


def test_another_accounts_message_is_none_of_ours() -> None:
    with pytest.raises(Forged):
        event("x", {}, account="acct_1")


def test_a_checkout_that_is_open_says_nothing() -> None:
    assert stripe_events.session_event({**SESSION, "status": "open"}) is None


@pytest.mark.parametrize(
    ("status", "kind", "word"),
    [("complete", "checkout.session.completed", Kind.COMPLETED), ("expired", "checkout.session.expired", Kind.EXPIRED)],
)
def test_a_checkout_that_is_over_is_its_event(status: str, kind: str, word: Kind) -> None:
    asked = stripe_events.session_event({**SESSION, "status": status})

    assert asked is not None
    assert (asked.reference, asked.kind, asked.fact.kind) == (f"asked-cs_1-{status}-paid", kind, word)
    assert (asked.fact.at, json.loads(asked.body)["id"]) == (99, "cs_1")


@pytest.mark.parametrize("is_live", [True, False])
def test_a_refund_is_the_event_that_tells_of_it(is_live: bool) -> None:
    refund = {"id": "re_1", "created": 99, "charge": {"payment_intent": "pi_1", "amount_refunded": 7}}

    made = stripe_events.refund_event(refund, is_live=is_live)

    assert (made.reference, made.kind, made.is_live) == ("asked-re_1", "charge.refunded", is_live)
    assert made.fact == Fact(kind=Kind.REFUNDED, at=99, payment="pi_1", amount=7)
    assert json.loads(made.body) == refund

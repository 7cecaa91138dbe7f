"""What follows from a message: which payment it is about, what becomes of its checkout, and whom it alerts."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from access.models import Email, Grant
from purchases.ledger import ledger
from purchases.models import CheckoutIntent, Payment, PaymentEvent, PurchaseMail, Refund
from purchases.models.states import Problem, State
from purchases.orders import access_override
from purchases.provider_events import Event, Fact, Kind

Outcome = PaymentEvent.Outcome
Tell = Callable[..., PaymentEvent]


@pytest.fixture
def intent(make_intent: Callable[..., CheckoutIntent]) -> CheckoutIntent:
    return make_intent(session="cs_1")


@pytest.fixture
def tell(intent: CheckoutIntent, now: datetime) -> Tell:
    """A message about the checkout, or with other words; each a second after the one before."""
    numbers = count(1)

    def make(kind: Kind, *, is_live: bool = False, reference: str = "", name: str = "x", **said: Any) -> PaymentEvent:
        number = next(numbers)
        usual: dict[str, Any] = {"payment": "pi_1"}
        if kind in ledger.OF_A_CHECKOUT:
            usual |= {"session": "cs_1", "intent": str(intent.pk), "course": str(intent.course_key), "currency": "EUR"}
            usual |= {"amount": 4900, "subtotal": 4900, "is_paid": kind is Kind.COMPLETED}
        fact = Fact(kind=kind, at=1_700_000_000 + number, **{**usual, **said})
        event = Event(reference=reference or f"evt_{number}", kind=name, body="{}", is_live=is_live, fact=fact)
        ledger.record(event, now=now)
        return PaymentEvent.objects.get(reference=event.reference)

    return make


def grants() -> int:
    return Grant.objects.filter(revoked_at=None).count()


def test_a_message_is_written_down_as_it_came(tell: Tell, now: datetime) -> None:
    row = tell(Kind.COMPLETED, name="k" * 70)

    assert (row.kind, row.body, row.received_at) == ("k" * 64, "{}", now)
    assert row.made_at == datetime.fromtimestamp(1_700_000_001, UTC)
    assert Fact.read(row.facts).amount == 4900
    assert row.outcome == Outcome.APPLIED
    assert row.payment == Payment.objects.get()


def test_it_is_new_once(intent: CheckoutIntent, now: datetime) -> None:
    event = Event(reference="evt", kind="x", body="{}", is_live=False, fact=Fact(kind=Kind.OTHER, at=1))

    assert [ledger.record(event, now=now) for _ in range(2)] == [True, False]


def test_a_payment_is_its_checkouts_owners(tell: Tell, intent: CheckoutIntent, learner_email: Email) -> None:
    tell(Kind.COMPLETED)

    payment = Payment.objects.get()
    assert (payment.intent, payment.email, payment.course_key) == (intent, learner_email, intent.course_key)
    assert (payment.reference, payment.state, payment.opens) == ("pi_1", State.PAID, True)
    assert (payment.amount, payment.refunded, payment.currency, payment.problem) == (4900, 0, "EUR", "")
    assert payment.paid_at == datetime.fromtimestamp(1_700_000_001, UTC)
    assert Grant.objects.get().course_key == intent.course_key


@pytest.mark.parametrize(
    ("kind", "said", "outcome", "has_payment", "alerts"),
    [
        (Kind.OTHER, {}, Outcome.NOTED, False, 0),
        (Kind.COMPLETED, {"is_live": True}, Outcome.OTHER_MODE, False, 1),
        (Kind.OTHER, {"is_live": True}, Outcome.OTHER_MODE, False, 1),
        (Kind.COMPLETED, {"intent": ""}, Outcome.UNMATCHED, False, 0),
        (Kind.COMPLETED, {"intent": "nonsense"}, Outcome.UNMATCHED, True, 1),
        (Kind.COMPLETED, {"intent": str(uuid4())}, Outcome.UNMATCHED, True, 1),
        (Kind.COMPLETED, {"intent": str(uuid4()), "payment": ""}, Outcome.UNMATCHED, False, 1),
        (Kind.EXPIRED, {"payment": ""}, Outcome.APPLIED, False, 0),
        (Kind.REFUNDED, {"amount": 1}, Outcome.APPLIED, True, 0),
        (Kind.REFUNDED, {"amount": 1, "payment": ""}, Outcome.APPLIED, False, 0),
        (Kind.COMPLETED, {"amount": 1}, Outcome.APPLIED, True, 1),
    ],
)
def test_each_message_finds_its_payment_or_none(
    tell: Tell,
    caplog: pytest.LogCaptureFixture,
    kind: Kind,
    said: dict[str, Any],
    outcome: Any,
    has_payment: bool,
    alerts: int,
) -> None:
    row = tell(kind, **said)

    assert (row.outcome, row.payment is not None) == (outcome, has_payment)
    assert Payment.objects.count() == has_payment
    assert [record.levelname for record in caplog.records if record.name == "purchases.ledger.ledger"] == [
        "ERROR"
    ] * alerts
    assert not grants()


@pytest.mark.parametrize("kind", [Kind.COMPLETED, Kind.SUCCEEDED, Kind.FAILED, Kind.EXPIRED])
def test_a_checkout_is_over_with_its_payment(tell: Tell, intent: CheckoutIntent, now: datetime, kind: Kind) -> None:
    tell(kind, payment="" if kind is Kind.EXPIRED else "pi_1")

    intent.refresh_from_db()
    assert intent.closed_at == now


def test_it_closes_once_and_by_its_own_messages(tell: Tell, intent: CheckoutIntent, now: datetime) -> None:
    tell(Kind.REFUNDED, amount=1)
    tell(Kind.COMPLETED, is_live=True)
    tell(Kind.COMPLETED, session="cs_2")
    intent.refresh_from_db()
    assert intent.closed_at is None

    CheckoutIntent.objects.update(closed_at=now - timedelta(hours=1))
    tell(Kind.COMPLETED)

    intent.refresh_from_db()
    assert intent.closed_at == now - timedelta(hours=1)


def test_a_checkout_learns_its_reference_from_its_payment(tell: Tell, intent: CheckoutIntent) -> None:
    CheckoutIntent.objects.update(session=None)

    tell(Kind.COMPLETED)

    intent.refresh_from_db()
    assert (intent.session, intent.closed_at is not None) == ("cs_1", True)
    assert grants() == 1


def test_it_learns_none_that_is_anothers_or_before_it_was_confirmed(
    tell: Tell, intent: CheckoutIntent, make_intent: Callable[..., CheckoutIntent]
) -> None:
    other = make_intent(session="cs_2")
    CheckoutIntent.objects.filter(pk=intent.pk).update(session=None)
    tell(Kind.EXPIRED, payment="", session="cs_2")
    intent.refresh_from_db()
    assert (intent.session, intent.closed_at is not None) == (None, True)

    CheckoutIntent.objects.filter(pk=intent.pk).update(confirmed_at=None, closed_at=None)
    tell(Kind.EXPIRED, payment="")

    intent.refresh_from_db()
    other.refresh_from_db()
    assert (intent.session, intent.closed_at is not None) == (None, True)
    assert (other.session, other.closed_at) == ("cs_2", None)


def test_what_comes_early_waits_for_its_payment(tell: Tell) -> None:
    tell(Kind.REFUNDED, amount=900)
    assert Payment.objects.get().intent is None

    tell(Kind.COMPLETED)

    payment = Payment.objects.get()
    assert (payment.state, payment.refunded, payment.left) == (State.PARTLY_REFUNDED, 900, 4000)


@pytest.mark.parametrize(("said", "stored"), [(-5, 0), (2**31 - 1, 2**31 - 1), (2**31, 2**31 - 1), (10**15, 2**31 - 1)])
def test_any_number_can_be_stored(tell: Tell, said: int, stored: int) -> None:
    tell(Kind.COMPLETED, amount=said, currency="EUROS")
    tell(Kind.REFUNDED, amount=said)

    payment = Payment.objects.get()
    assert (payment.amount, payment.refunded, payment.currency) == (stored, stored, "EUR")
    assert payment.problem


def test_the_first_checkout_that_is_known_counts(tell: Tell, intent: CheckoutIntent) -> None:
    tell(Kind.COMPLETED, intent=str(uuid4()))
    assert Payment.objects.get().problem == Problem.UNKNOWN

    tell(Kind.SUCCEEDED)

    payment = Payment.objects.get()
    assert payment.intent == intent
    assert payment.problem == "", payment.problem


def test_a_full_refund_keeps_the_course_where_the_last_one_says_so(tell: Tell, now: datetime) -> None:
    tell(Kind.COMPLETED)
    payment = Payment.objects.get()
    asked = [(True, None), (False, None), (True, now)]
    for number, (keeps, refused) in enumerate(asked):
        Refund.objects.create(
            payment=payment,
            amount=1,
            reason="x",
            keeps_access=keeps,
            asked_at=now + timedelta(seconds=number),
            refused_at=refused,
        )
    tell(Kind.REFUNDED, amount=4900)
    payment.refresh_from_db()
    assert (payment.opens, grants()) == (False, 0)

    Refund.objects.create(payment=payment, amount=1, reason="x", keeps_access=True, asked_at=now + timedelta(seconds=5))
    ledger.settle(payment, now=now)

    assert (payment.opens, grants()) == (True, 1)
    kinds = PurchaseMail.objects.values_list("kind", flat=True)
    assert list(kinds) == [PurchaseMail.Kind.PAID, PurchaseMail.Kind.REFUNDED, PurchaseMail.Kind.REFUNDED_KEPT]


def test_what_staff_ended_stays_ended_and_is_opened_by_them(tell: Tell, now: datetime) -> None:
    tell(Kind.COMPLETED)
    payment = Payment.objects.get()
    assert not access_override.reopen(payment, now=now)

    assert [access_override.end(payment, now=now) for _ in range(2)] == [True, False]
    assert Payment.objects.get().ended_at == now
    tell(Kind.SUCCEEDED)
    assert grants() == 0

    assert [access_override.reopen(payment, now=now) for _ in range(2)] == [True, False]
    assert Payment.objects.get().ended_at is None
    assert grants() == 1


def test_a_moved_payment_takes_its_course_along(tell: Tell, learner_email: Email, now: datetime) -> None:
    tell(Kind.COMPLETED)
    new = Email.objects.create(address="grace@example.org", asked_at=now)
    payment = Payment.objects.get()

    ledger.move(payment, to=new, now=now)

    assert [grant.email for grant in Grant.objects.filter(revoked_at=None)] == [new]
    assert Payment.objects.get().email == new

    ledger.move(Payment.objects.get(), to=learner_email, now=now)

    assert [grant.email for grant in Grant.objects.filter(revoked_at=None)] == [learner_email]


def test_a_payment_that_is_moved_to_who_has_the_course_is_marked_and_told(
    tell: Tell, intent: CheckoutIntent, make_intent: Callable[..., CheckoutIntent], now: datetime
) -> None:
    new = Email.objects.create(address="grace@example.org", asked_at=now)
    other = make_intent(email=new, course_key=intent.course_key, session="cs_2")
    tell(Kind.COMPLETED, payment="pi_2", session="cs_2", intent=str(other.pk))
    tell(Kind.COMPLETED)
    payment = Payment.objects.get(reference="pi_1")

    ledger.move(payment, to=new, now=now)

    payment.refresh_from_db()
    assert (payment.email, payment.is_duplicate) == (new, True)
    assert PurchaseMail.objects.filter(payment=payment, kind=PurchaseMail.Kind.TWICE).count() == 1
    assert grants() == 1


def test_what_moved_on_meanwhile_is_locked_as_it_is_now(make_payment: Any, now: datetime) -> None:
    payment, other = make_payment(), Email.objects.create(address="grace@example.org", asked_at=now)
    before = payment.email_id
    Payment.objects.update(email=other)

    with transaction.atomic():
        ledger.lock(payment, email_id=before)

    assert payment.email_id == other.pk

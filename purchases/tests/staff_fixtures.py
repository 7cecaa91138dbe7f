"""Fixtures for the staff's pages: a member of staff, orders by Stripe's events, and Stripe's stand-in."""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import count
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.test import Client

from access.models import Email
from access.policy import Level
from courses.models import CoursePage
from purchases.checkout import checkouts
from purchases.ledger import ledger
from purchases.models import CheckoutIntent, Payment
from purchases.provider_events import Event, Fact, Kind
from stand_ins.stripe import server
from stand_ins.stripe.server import Stripe

MakeClient = Callable[..., Client]
MakeOrder = Callable[..., Payment]
NUMBERS = count(1)
ALL = ["view_payment", "change_payment", "refund_payment", "export_payment", "add_grant", "view_email"]
BECAUSE = {"reason": "They wrote to us."}


@pytest.fixture
def staff(db: None) -> MakeClient:
    """A browser in which an editor with these permissions more is logged in."""

    def make(*codenames: str) -> Client:
        user = get_user_model().objects.create_user("desk", "desk@example.org", "x")
        user.groups.add(Group.objects.get(name="Editors"))
        user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        client = Client()
        client.force_login(user)
        return client

    return make


@pytest.fixture
def desk(staff: MakeClient) -> Client:
    return staff(*ALL)


@pytest.fixture
def course(make_course: Callable[..., CoursePage]) -> CoursePage:
    return make_course(slug="bees", title="On bees", access=Level.PURCHASE, price=4900, currency="EUR")


@pytest.fixture
def make_order(course: CoursePage, now: datetime) -> MakeOrder:
    """What somebody set out to buy, and the event that Stripe then sent: that it is paid, unless given otherwise."""

    def make(address: str = "ada@example.org", *, of: CoursePage = course, **fact: Any) -> Payment:
        return make_payment(of, address, now=now, **fact)

    return make


@pytest.fixture
def order(make_order: MakeOrder) -> Payment:
    return make_order()


@pytest.fixture
def stripe(settings: Any) -> Iterator[Stripe]:
    with server.running(webhooks="hold") as running:
        settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = running.secret_key, running.origin
        yield running


@pytest.fixture
def paid(stripe: Stripe, course: CoursePage, now: datetime) -> Payment:
    """An order that was paid at Stripe."""
    intent = make_intent(course, "ada@example.org", now=now)
    checkouts.pay(intent)
    assert intent.session
    stripe.pay(intent.session)
    checkouts.look(intent, now=now)
    return Payment.objects.get()


def make_payment(course: CoursePage, address: str, /, *, now: datetime, **fact: Any) -> Payment:
    """Paid, if nothing else is said."""
    intent = make_intent(course, address, now=now)
    usual = {
        "kind": Kind.COMPLETED,
        "at": int(now.timestamp()),
        "payment": f"pi_{next(NUMBERS):06d}",
        "session": f"cs_{intent.pk}",
        "intent": str(intent.pk),
        "course": str(intent.course_key),
        "amount": intent.amount,
        "subtotal": intent.amount,
        "currency": intent.currency,
        "is_paid": True,
    }
    return tell(Fact(**{**usual, **fact}), now=now)


def make_intent(course: CoursePage, address: str, *, now: datetime) -> CheckoutIntent:
    email, _ = Email.objects.get_or_create(address=address, defaults={"asked_at": now, "verified_at": now})
    price = course.money
    assert price is not None
    CheckoutIntent.objects.filter(email=email, closed_at=None).update(closed_at=now)
    return CheckoutIntent.objects.create(
        email=email,
        course_key=course.translation_key,
        course_title=course.title,
        amount=price.minor,
        currency=price.currency,
        page=course,
        is_live=False,
        created_at=now,
        confirmed_at=now,
    )


def tell(fact: Fact, *, now: datetime) -> Payment:
    """Let Stripe say this; the payment it is about."""
    ledger.record(event(fact), now=now)
    return Payment.objects.get(reference=fact.payment)


def event(fact: Fact, *, is_live: bool = False) -> Event:
    reference = f"evt_{next(NUMBERS)}"
    return Event(reference=reference, kind=f"told.{fact.kind}", body='{"told": 1}', is_live=is_live, fact=fact)


def tell_more(payment: Payment, kind: Kind, *, now: datetime, **fact: Any) -> Payment:
    """Let Stripe say something more about a payment."""
    return tell(
        Fact(**{"kind": kind, "at": int(now.timestamp()) + 1, "payment": payment.reference, "currency": "EUR", **fact}),
        now=now,
    )

"""Fixtures: a server that speaks Stripe's protocol, the SDK on it, and a shop that webhooks reach."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from threading import Thread
from typing import Any
from uuid import uuid4

import pytest
import requests
import stripe as sdk

from access.models import Email
from courses.models import CoursePage, LessonPage
from purchases.models import CheckoutIntent, Payment
from purchases.models.states import State
from purchases.tests.checkout_fixture import Till
from stand_ins.stripe import server
from stand_ins.stripe.server import Stripe


@dataclass
class Shop:
    """What webhooks reach: it keeps their bodies and headers, and gives each the next of its answers, then 200."""

    port: int = 0
    answers: list[int] = field(default_factory=list)
    got: list[tuple[bytes, str]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/purchases/webhook/stripe/"


@pytest.fixture
def stripe() -> Iterator[Stripe]:
    with server.running(webhook_waits=(0.01, 0.02, 0.04)) as running:
        yield running


@pytest.fixture
def http() -> Iterator[requests.Session]:
    with requests.Session() as session:
        yield session


@pytest.fixture
def api(stripe: Stripe, http: requests.Session) -> sdk.StripeClient:
    return sdk.StripeClient(
        stripe.secret_key,
        base_addresses={"api": stripe.origin},
        http_client=sdk.RequestsClient(session=http, timeout=5),
        max_network_retries=0,
    )


@pytest.fixture
def shop() -> Iterator[Shop]:
    shop = Shop()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            shop.got.append((body, self.headers["Stripe-Signature"]))
            self.send_response(shop.answers.pop(0) if shop.answers else 200)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Keep quiet."""

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    shop.port = listening.server_port
    thread = Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield shop
    listening.shutdown()
    listening.server_close()
    thread.join()


@pytest.fixture
def till(settings: Any, paid_lesson: LessonPage, learner_email: Email) -> Iterator[Till]:
    """A course for 49 euros, an address that is proved, and the payment server."""
    course = paid_lesson.course
    assert course is not None
    CoursePage.objects.filter(pk=course.pk).update(price=4900, currency="EUR")
    course.refresh_from_db()
    with server.running(webhooks="hold") as stripe:
        settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = stripe.secret_key, stripe.origin
        settings.STRIPE_WEBHOOK_SECRETS = list(stripe.webhook_secrets)
        yield Till(stripe=stripe, course=course, email=learner_email)


@pytest.fixture
def make_intent(learner_email: Email, now: datetime) -> Callable[..., CheckoutIntent]:
    """A confirmed checkout for 49 euros, of which the provider has heard nothing."""

    def make(**fields: Any) -> CheckoutIntent:
        usual = {"email": learner_email, "course_key": uuid4(), "course_title": "Course", "is_live": False}
        price = {"amount": 4900, "currency": "EUR"}
        return CheckoutIntent.objects.create(**{**usual, **price, "created_at": now, "confirmed_at": now, **fields})

    return make


@pytest.fixture
def make_payment(learner_email: Email, now: datetime) -> Callable[..., Payment]:
    """Of 49 euros, paid now, and open; without a checkout where none is named."""
    numbers = count(1)

    def make(**fields: Any) -> Payment:
        intent = fields.get("intent")
        whose = {"email": intent.email, "course_key": intent.course_key} if intent else {"email": learner_email}
        usual = {"reference": f"pi_{next(numbers)}", "amount": 4900, "currency": "EUR", **whose}
        derived = {"state": State.PAID, "paid_at": now, "opens": True}
        return Payment.objects.create(**{**usual, **derived, **fields})

    return make

"""Fixtures: a server that speaks Stripe's protocol, the SDK on it, and a shop that webhooks reach."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
import requests
import stripe as sdk

from access.models import Email
from courses.models import CoursePage, LessonPage
from purchases.testing import server
from purchases.testing.server import Stripe
from purchases.tests.till import Till


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

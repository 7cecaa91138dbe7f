"""Rate limits: a client that requests emails too often is refused before any work is done, and counted in any case."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from access.models import Email, ThrottleSlot
from access.policy import Level
from access.sessions.clients import Browser
from access.verification import tokens
from courses.models import CoursePage
from review.link import links
from tests import plans

ADDRESS = {"email": "ada@example.org"}
LOOKED_UP = re.compile('FROM "access_email(verificationtoken)?"')


@pytest.fixture(params=["gate", "waitlist", "checkout", "move", "review link"])
def door(
    request: pytest.FixtureRequest,
    make_course: Callable[..., CoursePage],
    sign_in: Callable[..., Client],
    settings: Any,
    now: Any,
) -> Callable[[], Any]:
    """Each of the forms that mail to an address, posted from a new browser of one and the same network."""
    settings.STRIPE_SECRET_KEY = "sk_test_of_nobody"
    settings.LIMITS_PER_NETWORK, settings.LIMITS_PER_ADDRESS = [(5, 600)], [(1, 900)]
    if request.param == "gate":
        return lambda: Client().post("/access/ask/", ADDRESS)
    if request.param == "waitlist":
        soon = make_course(availability="coming_soon")
        return lambda: Client().post(f"/notify/{soon.pk}/", ADDRESS)
    if request.param == "checkout":
        sold = make_course(access=Level.PURCHASE, price=4900, currency="EUR")
        return lambda: Client().post(f"/purchases/buy/{sold.pk}/", ADDRESS)
    if request.param == "move":
        buyer = Email.objects.create(address="buyer@example.org", asked_at=now)
        return lambda: sign_in(buyer).post("/purchases/move/", ADDRESS)
    link = links.make(Page.objects.get(pk=make_course().pk), mailbox=ADDRESS["email"], days=7, by=None, now=now)
    return lambda: Client().post(f"/review/{links.signed(link)}/mailbox/")


@pytest.mark.refusal("throttle")
def test_refused_try_counts_against_its_network(door: Callable[[], Any]) -> None:
    answers = [door().status_code for _ in range(4)]

    assert answers == [303, 429, 429, 429]
    assert ThrottleSlot.objects.filter(rule__startswith="ask/network").count() == 4
    assert len(mail.outbox) == 1


@pytest.mark.refusal("throttle")
def test_refused_network_has_nobody_looked_up(door: Callable[[], Any]) -> None:
    for _ in range(5):
        door()

    with plans.watched() as statements:
        assert door().status_code == 429

    assert [sql for sql, _ in statements if LOOKED_UP.search(sql)] == []
    assert plans.reads_of_what_grows(statements) == []


def test_asking_uses_indexes(db: None) -> None:
    browser = Browser(asker="x" * 43, network="192.0.2.7")

    with plans.watched() as statements:
        for _ in range(2):
            tokens.request_verification(ADDRESS["email"], page=None, browser=browser, now=timezone.now())

    assert "token_by_asker" in str([plans.plan(*each) for each in statements])
    assert "throttle_slot_free" in str([plans.plan(*each) for each in statements])
    assert plans.reads_of_what_grows(statements) == []

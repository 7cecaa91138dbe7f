"""Buying in a real browser, on the site as a new user starts it: from the locked lesson to the open one, and out."""

import re
import time
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from playwright.sync_api import Page, expect

from tests import axe, running_site
from tests.axe import PHONE
from tests.running_site import RunningSite

pytestmark = pytest.mark.browser

LOCKED = "/courses/paid-course/locked/"


@pytest.fixture
def buyer(site: RunningSite) -> Iterator[Page]:
    yield from running_site.watched(site.new_context(viewport=PHONE, bypass_csp=True))


@pytest.fixture
def plain(site: RunningSite) -> Iterator[Page]:
    """Under the pages' own policy, and without JavaScript."""
    yield from running_site.watched(site.new_context(java_script_enabled=False))


def prove_address(site: RunningSite, page: Page) -> str:
    """From the locked lesson to the checkout, by an address nobody knows yet."""
    address = site.new_address()
    page.goto(LOCKED)
    page.get_by_role("link", name="Buy the course").click()
    page.locator("main form input[name=email]").fill(address)
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/access/waiting/**")
    page.goto(site.wait_for_mail(address))
    page.locator("main form [type=submit]").click()
    page.wait_for_url("**/purchases/buy/**")
    return address


def pay(page: Page, *, how: str = "Pay") -> None:
    page.get_by_role("button", name="Pay €39.00").click()
    page.wait_for_url("**/c/pay/**")
    page.get_by_role("button", name=how, exact=True).click()


def start(page: Page) -> None:
    """From the page that thanks for the payment to the lesson."""
    page.get_by_role("link", name="Start learning").click()
    page.wait_for_url(f"**{LOCKED}")


def test_locked_lesson_is_bought_and_opens(site: RunningSite, buyer: Page) -> None:
    address = prove_address(site, buyer)
    assert axe.violations(buyer) == []

    pay(buyer)

    expect(buyer.get_by_role("heading", level=1)).to_have_text("Thank you! The course is yours")
    assert axe.violations(buyer) == []
    start(buyer)
    expect(buyer.locator("video")).to_be_visible()
    assert "receipt" in next(str(mail["Subject"]) for mail in wait_for_receipt(site, address))


def wait_for_receipt(site: RunningSite, address: str) -> list[EmailMessage]:
    """The newest mails once there are two: the way in, and what was paid."""
    until = time.monotonic() + running_site.PATIENCE
    while time.monotonic() < until:
        mails = site.mails(address)
        if len(mails) > 1:
            return mails
        time.sleep(0.1)
    raise AssertionError(f"No receipt to {address}.")


def test_all_of_it_works_without_javascript_and_under_the_pages_policy(site: RunningSite, plain: Page) -> None:
    prove_address(site, plain)

    pay(plain)

    start(plain)
    assert plain.locator("video").count()


def test_bank_transfer_opens_the_lesson_when_it_has_come(site: RunningSite, buyer: Page) -> None:
    prove_address(site, buyer)
    pay(buyer, how="Pay by bank transfer, which takes a while")
    expect(buyer.get_by_role("heading", level=1)).to_have_text("Your payment is pending")
    order = buyer.url
    assert axe.violations(buyer) == []

    control(site, buyer, "Bank transfer arrives")

    buyer.goto(order.partition("?")[0])
    start(buyer)
    expect(buyer.locator("video")).to_be_visible()


def control(site: RunningSite, page: Page, button: str) -> None:
    """What the bank does, on the stand-in's own page: to the newest order."""
    welcome = (site.mail.parent / "site.log").read_text()
    found = re.search(r"http://127\.0\.0\.1:\d+/_control", welcome)
    assert found
    page.goto(found[0])
    page.get_by_role("button", name=button).first.click()
    page.wait_for_timeout(500)


def test_coming_back_without_paying_loses_nothing(site: RunningSite, buyer: Page) -> None:
    prove_address(site, buyer)
    buyer.get_by_role("button", name="Pay €39.00").click()
    buyer.wait_for_url("**/c/pay/**")
    buyer.get_by_role("link", name=re.compile("back", re.IGNORECASE)).click()

    expect(buyer.get_by_role("heading", level=1)).to_have_text("Not paid yet")
    assert axe.violations(buyer) == []
    pay(buyer)

    start(buyer)


def test_order_and_its_invoice_stand_on_the_learners_own_page(site: RunningSite, buyer: Page) -> None:
    prove_address(site, buyer)
    pay(buyer)
    start(buyer)

    buyer.goto("/access/")
    assert axe.violations(buyer) == []
    buyer.get_by_role("link", name="HTTP caching without fear").click()
    expect(buyer.get_by_role("heading", level=1)).to_have_text("Paid")
    assert axe.violations(buyer) == []
    buyer.get_by_role("link", name="Open the invoice").click()

    expect(buyer.get_by_text("39.00 EUR").first).to_be_visible()


def test_refund_in_the_admin_closes_the_lesson_with_the_next_click(
    site: RunningSite, buyer: Page, publisher: Page
) -> None:
    address = prove_address(site, buyer)
    pay(buyer)
    start(buyer)
    publisher.goto("/admin/orders/")
    publisher.get_by_role("link", name=re.compile(r"L-\d+")).first.click()
    expect(publisher.get_by_text(address).first).to_be_visible()

    publisher.get_by_role("link", name="Refund").first.click()
    publisher.get_by_label("Reason").fill("Asked for it within the fortnight.")
    publisher.locator("main form").get_by_role("button", name="Refund").click()
    expect(publisher.get_by_text("€39.00 goes back.")).to_be_visible()
    buyer.reload()

    expect(buyer.get_by_role("heading", name="This lesson is part of a paid course")).to_be_visible()
    assert not buyer.locator("video").count()

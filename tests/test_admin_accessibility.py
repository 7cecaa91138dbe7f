"""Whether everybody can use the pages that we add to the admin: axe's rules, and the keyboard alone."""

import subprocess
import sys
from collections.abc import Iterator
from typing import cast

import pytest
from playwright.sync_api import Page, expect

from tests import axe, in_admin
from tests.axe import DESK
from tests.running_site import GATED, PATIENCE, ROOT, RunningSite

pytestmark = pytest.mark.browser

PRESSABLE = ":is(a[href], button, input:not([type=radio]), select, textarea, summary)"
# A group of radio buttons is one stop, and what is hidden, disabled or taken out of the order on purpose is none.
OUT_OF_REACH = """pressable => [...document.querySelectorAll(`main ${pressable}:not([data-reached], :disabled)`)]
    .filter(e => e.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
    .filter(e => e.tabIndex >= 0 && !e.closest('[inert]'))
    .map(e => e.outerHTML.slice(0, 200))"""
IS_NEW = """() => {
    const known = document.activeElement.matches('body, [data-reached]')
    document.activeElement.setAttribute('data-reached', '')
    return !known
}"""
MOST_STOPS = 300
BUY = """
from django.utils import timezone
from courses.models import CoursePage
from purchases.provider_events import Kind
from purchases.tests import staff_fixtures
now, course = timezone.now(), CoursePage.objects.filter(price__gt=0).first()
staff_fixtures.make_payment(course, "twice@example.org", now=now)
twice = staff_fixtures.make_payment(course, "twice@example.org", now=now)
staff_fixtures.tell_more(twice, Kind.REFUNDED, now=now, amount=100)
unknown = staff_fixtures.Fact(kind=Kind.COMPLETED, at=int(now.timestamp()), intent="gone")
staff_fixtures.ledger.record(staff_fixtures.event(unknown), now=now)
print(f"/admin/orders/{twice.pk}/")
"""


@pytest.fixture(scope="module")
def learner(site: RunningSite) -> str:
    """An address that asked for a mail, confirmed it, and waits for a course."""
    address = site.new_address()
    context = site.new_context()
    page = context.new_page()
    site.fill_gate(page, address, GATED)
    page.goto(site.wait_for_mail(address))
    page.locator("main form [type=submit]").click()
    page.wait_for_load_state()
    page.goto("/courses/soon-course/")
    page.get_by_role("link", name="Notify me when it opens").click()
    page.locator("main form [type=submit]").first.click()
    page.wait_for_load_state()
    context.close()
    return address


@pytest.fixture(scope="module")
def order(site: RunningSite) -> str:
    """The pages of an order that was paid twice, refunded in part, and is on the chart of revenue."""
    command = [sys.executable, "manage.py", "shell", "-c", BUY]
    done = subprocess.run(
        command, cwd=ROOT, env=site.environment, check=True, timeout=PATIENCE, text=True, stdout=subprocess.PIPE
    )
    return done.stdout.split()[-1]


@pytest.fixture(scope="module")
def publisher_page(site: RunningSite) -> Iterator[Page]:
    """One for all: nothing here is clicked, so that no test finds what another left."""
    context = in_admin.log_in(site, "publisher")
    yield context.new_page()
    context.close()


@pytest.fixture
def staff(publisher_page: Page, learner: str) -> Page:
    publisher_page.set_viewport_size(DESK)
    publisher_page.emulate_media(color_scheme="light")
    return publisher_page


def unreached(page: Page) -> list[str]:
    """What of the page the keyboard does not come to, from where its first stop leads: past Wagtail's own menu."""
    page.get_by_role("link", name="Skip to main content").press("Enter")
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if not page.evaluate(IS_NEW):
            break
    return cast(list[str], page.evaluate(OUT_OF_REACH, PRESSABLE))


@pytest.mark.parametrize(
    "path",
    [
        "/admin/",
        "/admin/how-to-edit/",
        "/admin/reports/content-health/",
        "/admin/reports/content-health/?check=summary",
        "/admin/reports/access/",
        "/admin/reports/reviews/",
        "/admin/reports/waitlists/",
        "/admin/reports/revenue/?first=2026-12&last=2026-01",
        "/admin/orders/?q=nobody-like-this",
        "/admin/gifts/",
        "/admin/learners/",
        "/admin/learners/?q=nobody-like-this",
        "/admin/learners/why/",
        "/admin/learners/why/?address=ada@example&page=",
    ],
)
def test_pages_of_staff_are_for_everybody(staff: Page, path: str) -> None:
    staff.goto(path)

    assert axe.violations(staff) == []
    staff.set_viewport_size(DESK)
    assert unreached(staff) == []


def test_an_address_and_what_can_be_done_about_it(staff: Page, learner: str) -> None:
    staff.goto(f"/admin/learners/?q={learner}")
    staff.get_by_role("link", name=learner).first.click()
    expect(staff.locator("h1")).to_contain_text(learner)

    assert axe.violations(staff) == []
    staff.set_viewport_size(DESK)
    assert unreached(staff) == []


@pytest.mark.parametrize(
    "path",
    [
        "/admin/orders/",
        "/admin/orders/messages/",
        "/admin/orders/messages/1/",
        "/admin/reports/revenue/",
        "{order}",
        "{order}refund/",
        "{order}move/",
        "{order}end/",
    ],
)
def test_orders_and_what_can_be_done_about_them(staff: Page, order: str, path: str) -> None:
    staff.goto(path.format(order=order))

    assert axe.violations(staff) == []
    staff.set_viewport_size(DESK)
    assert unreached(staff) == []

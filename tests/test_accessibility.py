"""Whether everybody can use the pages: axe's rules, the keyboard alone, what is read out, small and zoomed screens."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from home.demo import LEARNER
from tests import axe
from tests.axe import DESK, PHONE, ZOOMED
from tests.running_site import GATED, RunningSite, watched

pytestmark = pytest.mark.browser

QUEUED = "sent_at = NULL, send_after = '2099-01-01'"
LONG_AGO = "'2020-01-01 00:00:00'"
LAST = "/courses/open-course/media-for-everyone/"  # the last lesson of its course


@pytest.fixture
def page(site: RunningSite) -> Iterator[Page]:
    yield from watched(site.new_context(viewport=DESK))


@pytest.fixture
def checked(site: RunningSite) -> Iterator[Page]:
    """A phone that lets axe in: the pages' own policy forbids what it does."""
    yield from watched(site.new_context(viewport=PHONE, bypass_csp=True))


@pytest.fixture(scope="module")
def stranger(site: RunningSite) -> Iterator[Page]:
    """Such a phone for all pages that are only looked at."""
    yield from watched(site.new_context(viewport=PHONE, bypass_csp=True))


def problems(page: Page) -> list[str]:
    """What is wrong with the page as it is, on a phone and a desktop, in light and in dark."""
    page.wait_for_load_state()
    found = axe.violations(page)
    page.set_viewport_size(ZOOMED)  # as a desktop's screen at 400 %
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("wider than a screen of 320 pixels")
    for one in ("h1", "main", "body > header", "body > footer", "header nav", "footer nav"):
        if (count := page.locator(one).count()) != 1:
            found.append(f"{count} of {one}")
    if page.locator("html").get_attribute("lang") != "en":
        found.append("no language")
    return [f"{page.title()}: {problem}" for problem in found]


def send(page: Page, **typed: str) -> None:
    for name, value in typed.items():
        page.locator(f"main form input[name={name}]").fill(value)
    page.locator("main form [type=submit]").first.click()
    page.wait_for_load_state()


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/courses/",
        "/courses/?q=nothing-like-this",
        "/courses/?topic=unheard-of",
        "/courses/no-such-course/",
        "/courses/email-course/",
        "/courses/soon-course/",
        "/courses/open-course/welcome/",
        "/courses/soon-course/colour-and-focus/",
        "/courses/paid-course/locked/",
        "/access/",
        "/access/confirm/",
        "/learning/",
        "/access/waiting/00000000-0000-4000-8000-000000000000/",
        "/review/no-such-link/",
    ],
)
def test_axe_finds_nothing_on_what_a_stranger_sees(stranger: Page, path: str) -> None:
    stranger.goto(path)

    assert problems(stranger) == []


def test_axe_finds_nothing_at_the_gate(checked: Page, site: RunningSite) -> None:
    checked.goto(GATED)
    found = problems(checked)
    send(checked, email="ada@example")
    found += problems(checked)
    address = site.new_address()
    for _ in range(4):
        checked.context.clear_cookies()
        checked.goto(GATED)
        send(checked, email=address)
    expect(checked.locator("h1")).to_have_text("Please wait a moment")
    found += problems(checked)

    assert found == []


def test_axe_finds_nothing_where_one_waits_for_a_course(checked: Page) -> None:
    checked.goto("/courses/soon-course/")
    checked.get_by_role("link", name="Notify me when it opens").click()
    found = problems(checked)
    send(checked, email="ada@example")
    found += problems(checked)
    checked.goto("/notify/leave/x/")
    found += problems(checked)

    assert found == []


def test_axe_finds_nothing_on_the_waiting_page(checked: Page, site: RunningSite) -> None:
    address = f"a.long.address.that.has.no.place.to.break.{site.new_address()}"
    site.fill_gate(checked, address, GATED)
    found, states = [], []
    for change in [
        QUEUED,
        "sends = 5",
        "sent_at = asked_at",
        "expires_at = " + LONG_AGO,
        "burnt_at = asked_at",
        "burnt_at = NULL, sent_at = NULL, parked_at = asked_at",
    ]:
        site.alter(address, change)
        checked.goto(checked.url)
        states.append(checked.locator("#status").inner_text())
        found += problems(checked)

    assert found == []
    assert len(set(states)) == len(states)


def test_axe_finds_nothing_after_a_wrong_code(checked: Page, site: RunningSite) -> None:
    address = site.new_address()
    site.fill_gate(checked, address, GATED)
    site.wait_for_mail(address)
    send(checked, code="12345")
    found = problems(checked)
    site.alter(address, "tries = 4")
    send(checked, code="000000" if site.wait_for_code(address) != "000000" else "111111")
    expect(checked.locator("main form").first).to_contain_text("your last attempt")
    found += problems(checked)
    send(checked, code="123456")
    expect(checked.locator("h1")).to_have_text("Too many wrong attempts")
    found += problems(checked)

    assert found == []


def test_axe_finds_nothing_on_the_confirm_page_and_its_verdicts(checked: Page, site: RunningSite) -> None:
    address = site.new_address()
    site.ask(address, GATED)
    link = site.wait_for_mail(address)
    checked.goto(link)
    found = problems(checked)
    send(checked, email="somebody.else@example.org")
    expect(checked.locator("main form")).to_contain_text("a different address")
    found += problems(checked)
    for change, heading in [
        ("expires_at = " + LONG_AGO, "This email has expired"),
        ("tries = 5", "Too many wrong attempts"),
        ("burnt_at = asked_at", "A newer email was used"),
        ("burnt_at = NULL, expires_at = '2099-01-01', spent_at = asked_at", "This email has already been used"),
        ("digest = 'another'", "We don’t recognise this link"),
    ]:
        site.alter(address, change)
        checked.goto(link)
        send(checked, email=address)
        expect(checked.locator("h1")).to_have_text(heading)
        found += problems(checked)

    assert found == []


def test_axe_finds_nothing_on_the_way_in(checked: Page, site: RunningSite) -> None:
    other = site.new_context()
    address = site.sign_in(other.new_page(), GATED)
    other.close()
    site.fill_gate(checked, address, GATED)
    expect(checked.locator("#status")).to_contain_text("Email sent")
    checked.goto(site.wait_for_mail(address))
    found = problems(checked)
    send(checked)
    expect(checked.locator("video")).to_be_visible()
    found += problems(checked)
    checked.goto("/courses/paid-course/locked/")
    found += problems(checked)
    checked.goto("/access/")
    checked.locator("summary").click()
    expect(checked.get_by_role("button", name="Sign out (Chrome")).to_have_count(1)
    found += problems(checked)
    checked.goto("/learning/")
    expect(checked.get_by_text("You haven’t started a course yet")).to_be_visible()
    found += problems(checked)

    assert found == []


def test_axe_finds_nothing_on_the_pages_of_one_who_has_learned_something(checked: Page, site: RunningSite) -> None:
    site.fill_gate(checked, LEARNER, GATED)
    checked.goto(site.wait_for_mail(LEARNER))
    send(checked)
    found = []
    for path in ("/learning/", "/courses/open-course/", "/courses/open-course/welcome/", LAST):
        checked.goto(path)
        found += problems(checked)
    checked.goto("/learning/")
    checked.get_by_role("button", name="Turn off and delete my history").click()
    expect(checked.get_by_text("Your history is off.")).to_be_visible()
    found += problems(checked)
    checked.goto(LAST)
    found += problems(checked)

    assert found == []


# By keyboard, and by ear


def test_the_whole_way_in_needs_no_mouse(page: Page, site: RunningSite) -> None:
    address = site.new_address()
    page.goto(GATED)
    tab_to(page, page.get_by_role("textbox", name="Email address"))
    page.keyboard.type(address)
    tab_to(page, page.get_by_role("button", name="Email me a sign-in link"))
    page.keyboard.press("Enter")
    expect(page).to_have_title("Check your email – Who may send as you: SPF, DKIM and DMARC · Lectern")
    code = site.wait_for_code(address)

    tab_to(page, page.get_by_role("textbox", name="Code from the email"))
    page.keyboard.insert_text(f"{code[:3]}-{code[3:]} ")  # as pasted
    page.keyboard.press("Enter")

    expect(page).to_have_url(site.url + GATED)
    page.go_back()
    expect(page).to_have_url(site.url + GATED)  # the request status page has nothing left to ask


def test_the_confirm_page_needs_no_mouse(page: Page, site: RunningSite) -> None:
    address = site.new_address()
    site.fill_gate(page, address, GATED)
    page.goto(site.wait_for_mail(address))

    tab_to(page, page.get_by_role("button", name="Sign in and continue"))
    page.keyboard.press("Enter")

    expect(page).to_have_url(site.url + GATED)


def tab_to(page: Page, goal: Locator) -> None:
    """Press Tab until it has the focus, which must be seen at every stop."""
    for _ in range(30):
        page.keyboard.press("Tab")
        style = page.locator(":focus").evaluate("e => getComputedStyle(e).outline + ' around ' + e.outerHTML")
        assert "solid 3px" in style, style
        if goal.evaluate("e => e === document.activeElement"):
            return
    raise AssertionError(f"Thirty stops, and none of them was {goal}.")


def test_the_first_stop_leads_past_the_header(page: Page) -> None:
    page.goto(GATED)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    expect(page.locator("main .eyebrow a")).to_be_focused()


def test_a_failed_form_comes_back_with_the_focus_on_what_is_wrong(page: Page, site: RunningSite) -> None:
    page.goto(GATED)
    send(page, email="ada@example")
    field = page.get_by_role("textbox", name="Email address")
    expect(field).to_be_focused()
    expect(field).to_have_accessible_description(
        "That doesn’t look like an email address. Use the form name@example.org."
    )
    assert page.title().startswith("Error: ")
    site.fill_gate(page, site.new_address(), GATED)
    send(page, code="12345")

    field = page.get_by_role("textbox", name="Code from the email")
    expect(field).to_be_focused()
    expect(field).to_have_accessible_description("Six digits. The code is six digits, such as 123456.")
    assert page.title().startswith("Error: Check your email")


def test_another_browser_is_told_beside_the_field(page: Page, site: RunningSite) -> None:
    address = site.new_address()
    site.ask(address, GATED)
    site.fill_gate(page, site.new_address(), GATED)  # a browser that has asked too, but not for this mail
    page.goto(site.wait_for_mail(address))
    send(page)
    field = page.get_by_role("textbox", name="Email address")
    expect(field).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("on another device")
    send(page, email="somebody.else@example.org")

    expect(field).to_be_focused()
    expect(field).to_have_accessible_description(
        "The address this email was sent to. This email was sent to a different address. Enter the one it arrived at."
    )


def test_fields_tell_the_browser_what_they_are_for(page: Page, site: RunningSite) -> None:
    site.fill_gate(page, site.new_address(), GATED)
    code = page.get_by_role("textbox", name="Code from the email")
    expect(code).to_have_attribute("autocomplete", "one-time-code")
    expect(code).to_have_attribute("inputmode", "numeric")
    page.goto(GATED)

    email = page.get_by_role("textbox", name="Email address")
    expect(email).to_have_attribute("autocomplete", "email")
    expect(email).to_have_attribute("type", "email")


def test_waiting_is_read_out_once_and_takes_no_focus(page: Page, site: RunningSite) -> None:
    address = site.new_address()
    site.fill_gate(page, address, GATED)
    site.alter(address, QUEUED)
    page.reload()
    field = page.get_by_role("textbox", name="Code from the email")
    field.press_sequentially("12")
    page.get_by_role("status").evaluate("""status => {
        const count = () => { document.body.dataset.changes = Number(document.body.dataset.changes || 0) + 1; };
        new MutationObserver(count).observe(status, { childList: true, subtree: true, characterData: true });
    }""")
    for _ in range(2):
        with page.expect_response("**/status/*"):
            pass
    assert page.locator("body").get_attribute("data-changes") is None
    site.alter(address, "sent_at = asked_at")

    expect(page.get_by_role("status")).to_have_text("Email sent.")
    expect(page.locator("#poll")).to_contain_text("expire in")
    assert page.locator("body").get_attribute("data-changes") == "1"
    expect(field).to_be_focused()
    expect(field).to_have_value("12")


def test_a_mail_that_ended_while_its_tab_waited_leaves_one_thing_to_do(page: Page, site: RunningSite) -> None:
    address = site.new_address()
    site.fill_gate(page, address, GATED)
    site.alter(address, "expires_at = " + LONG_AGO)

    expect(page.locator("h1")).to_have_text("This email has expired")
    expect(page.get_by_role("status")).to_contain_text("Request a new one")
    expect(page.get_by_role("textbox")).to_have_count(0)
    expect(page.get_by_role("button", name="Send a new email")).to_be_visible()


def test_seconds_are_counted_down_in_silence(page: Page, site: RunningSite) -> None:
    site.fill_gate(page, site.new_address(), GATED)
    seconds = page.locator("[data-countdown]")
    first = seconds.inner_text()

    expect(seconds).not_to_have_text(first)
    expect(seconds.locator("xpath=ancestor-or-self::*[@aria-live or @role]")).to_have_count(0)


# What browsers and their owners do


def test_pressing_twice_sends_one_mail(page: Page, site: RunningSite) -> None:
    address = site.new_address()
    page.goto(GATED)
    page.locator("main form input[name=email]").fill(address)
    page.get_by_role("button", name="Email me a sign-in link").dblclick()
    expect(page).to_have_title(re.compile("^Check your email"))
    code = site.wait_for_code(address)
    page.get_by_role("textbox", name="Code from the email").fill(code)
    page.get_by_role("button", name="Continue").dblclick()

    expect(page).to_have_url(site.url + GATED)
    assert len(site.mails(address)) == 1


def test_coming_back_to_the_gate_one_may_ask_for_another_address(page: Page, site: RunningSite) -> None:
    address = site.new_address()
    site.fill_gate(page, "mistyped@example.org", GATED)
    page.go_back()
    send(page, email=address)

    expect(page.locator("main")).to_contain_text(address)


def test_nothing_moves_for_those_who_asked_for_stillness(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto("/")
    link = page.get_by_role("link", name="See all courses")

    assert link.evaluate("e => getComputedStyle(e).transitionDuration") == "0s"
    assert page.locator("html").evaluate("e => getComputedStyle(e).scrollBehavior") == "auto"


def test_forced_colours_leave_edges_and_focus(page: Page) -> None:
    page.emulate_media(forced_colors="active")
    page.goto(GATED)
    button = page.get_by_role("button", name="Email me a sign-in link")
    tab_to(page, button)
    edge, ground = button.evaluate("e => [getComputedStyle(e).borderColor, getComputedStyle(e).backgroundColor]")

    assert edge != ground

"""The whole way of a course, in real browsers: written, reviewed by link, fixed, approved, released, notified."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.axe import PHONE
from tests.in_admin import approve, make_link, resubmit, save, submit
from tests.running_site import RunningSite, watched
from tests.test_editing import SUMMARY

pytestmark = pytest.mark.browser
RELEASE = "2098-05-04T09:30"
SOON = re.compile("coming soon", re.IGNORECASE)


@pytest.fixture
def learner(site: RunningSite) -> Iterator[Page]:
    yield from watched(site.new_context(viewport=PHONE))


def test_a_course_from_its_first_word_to_the_mail_that_says_it_is_open(
    editor: Page, account: Page, learner: Page, reviewer: Page, site: RunningSite
) -> None:
    course = announce(editor, account)
    waiting = join(learner, site)

    edit = f"/admin/pages/{course}/edit/"
    editor.goto(edit)
    editor.locator("[name=availability]").select_option("published")
    schedule(editor)
    submit(editor)
    mailbox = site.new_address()
    link = make_link(editor, edit, mailbox)
    prove(reviewer, link, mailbox, site)
    look(reviewer)
    say(reviewer, "Send back", "Say in the summary for whom it is.")

    editor.goto(edit)
    editor.locator("[name=summary]").fill("For beginners: " + SUMMARY)
    resubmit(editor)
    reviewer.goto(link)
    expect(reviewer.locator("main")).to_contain_text("1 person will get an email")
    say(reviewer, "Approve", "")

    site.tick()
    learner.goto("/courses/rooftop-bees/")
    expect(learner.locator("main")).to_contain_text(SOON)

    site.let_come(RELEASE)
    site.tick()
    learner.goto("/courses/rooftop-bees/")
    expect(learner.locator("main")).to_contain_text("For beginners")
    expect(learner.locator("main")).not_to_contain_text(SOON)
    site.tick()
    subjects = [mail["Subject"] for mail in site.mails(waiting)]
    assert subjects.count("“Rooftop bees” is now open") == 1


def announce(editor: Page, account: Page) -> int:
    """A course that is coming soon, approved by a reviewer with an account."""
    editor.goto("/admin/pages/")
    editor.get_by_role("link", name="Explore child pages of 'Lectern'").click()
    editor.get_by_role("link", name="Explore child pages of 'Courses'").click()
    editor.goto(editor.url.replace("/admin/pages/", "/admin/pages/add/courses/coursepage/"))
    editor.locator("[name=title]").fill("Rooftop bees")
    editor.locator("[name=summary]").fill(SUMMARY)
    editor.locator("[name=availability]").select_option("coming_soon")
    course = save(editor, "rooftop-bees")
    submit(editor)
    account.goto("/admin/")
    account.get_by_role("link", name="Rooftop bees").click()
    approve(account)
    return course


def join(learner: Page, site: RunningSite) -> str:
    """Wait for the course, with an address that is confirmed by mail."""
    address = site.new_address()
    learner.goto("/courses/rooftop-bees/")
    learner.get_by_role("link", name="Notify me when it opens").click()
    learner.locator("main form input[name=email]").fill(address)
    learner.locator("main form [type=submit]").first.click()
    learner.goto(site.wait_for_mail(address))
    learner.locator("main form [type=submit]").click()
    expect(learner.get_by_role("heading", name="You’re on the waitlist")).to_be_visible()
    return address


def schedule(editor: Page) -> None:
    editor.get_by_role("button", name="Toggle status").click()
    editor.get_by_role("button", name="Set schedule").click()
    editor.locator("[name=go_live_at]").fill(RELEASE.replace("T", " "))
    editor.get_by_role("button", name="Save schedule").press("Enter")  # the calendar lies over it
    expect(editor.get_by_role("status").first).to_contain_text("has been updated")


def prove(reviewer: Page, link: str, mailbox: str, site: RunningSite) -> None:
    reviewer.goto(link)
    reviewer.get_by_role("link", name="Confirm your email").click()
    reviewer.get_by_role("button", name="Email me the code").click()
    reviewer.locator("input[name=code]").fill(site.wait_for_code(mailbox))
    reviewer.locator("input[name=code]").press("Enter")
    expect(reviewer.locator("#say")).to_contain_text(f"Commenting as {mailbox}")


def look(reviewer: Page) -> None:
    """As somebody else, at another time."""
    reviewer.get_by_label("Preview as").select_option("email")
    reviewer.get_by_label("At", exact=True).fill(RELEASE)
    reviewer.get_by_role("button", name="Show").click()
    banner = reviewer.frame_locator("iframe[name=preview]").locator("#preview_banner")
    expect(banner).to_contain_text("4 May 2098, 09:30")


def say(reviewer: Page, what: str, words: str) -> None:
    reviewer.get_by_role("textbox", name="Comment").fill(words)
    reviewer.get_by_role("button", name=what).click()
    expect(reviewer.locator("h1")).to_have_text("Thank you")

"""A page is reviewed by somebody without an account, through a link, in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from tests.in_admin import make_link, resubmit, submit, write
from tests.running_site import RunningSite
from tests.test_accessibility import problems

pytestmark = pytest.mark.browser
COURSE = "/courses/open-course/"


def test_a_reviewer_without_an_account_decides_by_a_link(editor: Page, reviewer: Page, site: RunningSite) -> None:
    course = edit_address(editor, reviewer)
    write(editor, course, "A course in need of a second look")
    submit(editor)
    mailbox = site.new_address()
    link = make_link(editor, course, mailbox)

    # The holder of the link looks, and leaves no trace.
    reviewer.goto(link)
    frame = reviewer.frame_locator("iframe[name=preview]")
    expect(frame.locator("main h1")).to_have_text("A course in need of a second look")
    expect(frame.locator("#preview_banner")).to_contain_text("Someone who bought the course")
    assert reviewer.context.cookies() == []
    assert problems(reviewer) == []
    reviewer.get_by_label("Preview as").select_option("anonymous")
    reviewer.get_by_label("At", exact=True).fill("2098-05-04T09:30")
    reviewer.get_by_role("button", name="Show").press("Enter")
    expect(frame.locator("#preview_banner")).to_contain_text("Visitor, not signed in")
    expect(frame.locator("#preview_banner")).to_contain_text("4 May 2098, 09:30")
    expect(reviewer.get_by_role("button", name="Approve")).to_have_count(0)

    # The mailbox is proved by the code mailed to it.
    reviewer.get_by_role("link", name="Confirm your email").click()
    assert problems(reviewer) == []
    reviewer.get_by_role("button", name="Email me the code").click()
    reviewer.locator("input[name=code]").fill("000")
    reviewer.locator("input[name=code]").press("Enter")
    expect(reviewer.locator("input[name=code]")).to_have_attribute("aria-invalid", "true")
    assert problems(reviewer) == []
    reviewer.locator("input[name=code]").fill(site.wait_for_code(mailbox))
    reviewer.locator("input[name=code]").press("Enter")
    expect(reviewer.locator("#say")).to_contain_text(f"Commenting as {mailbox}")
    assert problems(reviewer) == []

    reviewer.get_by_role("textbox", name="Comment").fill("I like the beginning.")
    reviewer.get_by_role("button", name="Comment only").click()
    expect(reviewer.get_by_role("status")).to_contain_text("Your comment was sent")
    reviewer.get_by_role("button", name="Send back").click()
    expect(reviewer.get_by_role("alert")).to_contain_text("Say briefly")
    reviewer.get_by_role("textbox", name="Comment").fill("The title is too modest.")
    reviewer.get_by_role("button", name="Send back").click()
    expect(reviewer.locator("h1")).to_have_text("Thank you")
    expect(reviewer.locator("main")).to_contain_text("It was sent back")
    assert problems(reviewer) == []

    # The editor fixes it; the same link shows the new version.
    write(editor, course, "A course worth a second look")
    resubmit(editor)
    reviewer.goto(link)
    expect(frame.locator("main h1")).to_have_text("A course worth a second look")
    expect(reviewer.locator("main")).to_contain_text("The title is too modest.")
    reviewer.get_by_role("button", name="Approve").click()
    expect(reviewer.locator("main")).to_contain_text("It was approved and is live now.")

    reviewer.get_by_role("link", name="See the page").click()
    expect(reviewer.locator("main h1")).to_have_text("A course worth a second look")


def edit_address(editor: Page, visitor: Page) -> str:
    """Where the demo’s open course is edited, found as an editor finds it."""
    editor.goto("/admin/pages/")
    editor.get_by_role("link", name="Explore child pages of 'Lectern'").click()
    editor.get_by_role("link", name="Explore child pages of 'Courses'").click()
    listed = editor.locator("main a[href^='/admin/pages/'][href$='/edit/']")
    visitor.goto(COURSE)
    title = visitor.locator("main h1").inner_text()
    return str(listed.filter(has_text=title).first.get_attribute("href"))

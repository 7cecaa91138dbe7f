"""What the journeys do in the admin, and what they look at there."""

from playwright.sync_api import BrowserContext, Page, expect

from tests import axe
from tests.running_site import RunningSite


def log_in(site: RunningSite, name: str) -> BrowserContext:
    """A browser in which `name` of the demo is logged in; the form is filled in once for each of them."""
    known = site.logins.get(name)
    context = site.new_context(viewport={"width": 1400, "height": 1000}, storage_state=known)
    if known:
        return context
    page = context.new_page()
    page.goto("/admin/login/")
    page.locator("input[name=username]").fill(name)
    page.locator("input[name=password]").fill("lectern-demo")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/admin/")
    page.close()
    site.logins[name] = context.storage_state()
    return context


def choose(page: Page, button: str, title: str) -> None:
    page.get_by_role("button", name=button).click()
    page.get_by_role("dialog").get_by_role("link", name=title).first.click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def save(page: Page, slug: str) -> int:
    """Save the draft; returns the page's id."""
    page.get_by_role("tab", name="Promote").click()
    page.locator("[name=slug]").fill(slug)
    page.get_by_role("button", name="Save draft").click()
    page.wait_for_url("**/edit/")
    return int(page.url.split("/")[-3])


def submit(page: Page) -> None:
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Submit to Course review").click()
    expect(page.get_by_role("status").first).to_contain_text("has been submitted for moderation")


def approve(page: Page) -> None:
    """By keyboard alone, from the comment on."""
    page.get_by_label("Comment").fill("Lovely.")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Approve")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("was approved")


def write(page: Page, course: str, title: str) -> None:
    page.goto(course)
    page.locator("[name=title]").fill(title)


def resubmit(page: Page) -> None:
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Resubmit").click()
    expect(page.get_by_role("status").first).to_contain_text("has been submitted for moderation")


def make_link(page: Page, course: str, mailbox: str) -> str:
    page.goto(course)
    page.get_by_role("button", name="Actions", exact=True).first.click()
    page.get_by_role("link", name="Review links").click()
    page.get_by_label("For", exact=False).first.fill(mailbox)
    page.get_by_role("button", name="Create link").click()
    link = page.get_by_label(f"The link for {mailbox}").input_value()
    found = axe.violations(page, within="main", leave_out=".messages")
    assert not found, found
    return link

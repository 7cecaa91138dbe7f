"""`make screenshots`: the images of docs/editing.md, taken of the demo as a page is written, reviewed and published."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, ViewportSize, expect

from tests.in_admin import choose, log_in, submit
from tests.running_site import ROOT, RunningSite

pytestmark = pytest.mark.browser
IMAGES = ROOT / "docs" / "images"
LARGEST = 80_000  # bytes
NARROW, WIDE = ViewportSize(width=900, height=800), ViewportSize(width=1280, height=860)
TODAY = datetime.now(UTC)
TUESDAY = TODAY + timedelta(days=(1 - TODAY.weekday()) % 7 + 7)  # not this week's
OPENING = f"{TUESDAY:%Y-%m-%d} 09:00"


def test_the_pictures_of_the_guide(site: RunningSite) -> None:
    IMAGES.mkdir(exist_ok=True)
    editor, reviewer = (log_in(site, name).new_page() for name in ("editor", "reviewer"))

    waitlist(site)
    announce_opening(editor)
    review(reviewer)
    readiness(editor)
    wish_for_a_date(editor)
    preview(editor)
    submit_changes(editor)
    review_link(editor, site)
    explorer(editor)
    dashboard(editor)


def waitlist(site: RunningSite) -> None:
    """A visitor waits for the course that is coming soon."""
    page = site.new_context(viewport=NARROW).new_page()
    page.goto("/courses/soon-course/")
    page.get_by_role("link", name="Notify me when it opens").click()
    address = site.new_address()
    page.locator("main form input[name=email]").fill(address)
    page.locator("main form input[name=email]").blur()
    keep("waitlist", page.locator("main"))
    page.locator("main form [type=submit]").click()
    page.wait_for_url("**/access/waiting/**")
    page.goto(site.wait_for_mail(address))
    page.locator("main form [type=submit]").click()


def announce_opening(page: Page) -> None:
    open_page(page, "CoursePage", "soon-course")
    page.locator("[name=availability]").select_option("published")
    schedule(page)
    submit(page)


def review(page: Page) -> None:
    page.goto("/admin/")
    page.get_by_role("link", name="Accessible pages by construction").first.click()
    page.set_viewport_size(ViewportSize(width=1280, height=1100))
    page.frame_locator("iframe[name=preview]").locator("h1").wait_for()
    keep("review", page, clip={"x": 200, "y": 60, "width": 1080, "height": 900})
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("status").first).to_contain_text("was approved")


def readiness(page: Page) -> None:
    course = open_page(page, "CoursePage", "draft-course")
    page.goto(f"/admin/pages/add/courses/lessonpage/{course}/")
    page.locator("[name=title]").fill("Measure what people miss")
    choose(page, "Choose video", "Welcome")
    page.get_by_role("button", name="Save draft").click()
    page.wait_for_url("**/edit/")
    page.get_by_role("button", name="Toggle readiness").click()
    page.wait_for_timeout(1000)  # until the panel has come in
    keep("readiness", page, clip={"x": 200, "y": 60, "width": 1080, "height": 640})


def wish_for_a_date(page: Page) -> None:
    open_page(page, "CoursePage", "draft-course")
    schedule(page)


def preview(page: Page) -> None:
    open_page(page, "LessonPage", "locked", below="email-course")
    page.get_by_role("button", name="Toggle preview").click()
    page.get_by_label("Preview mode").select_option("Visitor, not signed in")
    page.get_by_label("At this time (UTC)").fill(OPENING.replace(" ", "T"))
    page.get_by_label("At this time (UTC)").press("Tab")
    expect(page.frame_locator("#w-preview-iframe").locator("#preview_banner")).to_contain_text("Anyone")
    keep("preview", page)


def submit_changes(page: Page) -> None:
    open_page(page, "CoursePage", "email-course")
    page.locator("[name=summary]").fill(
        "Your site’s mail lands in the spam folder? Find out why, and mend it for good."
    )
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Submit to Course review").hover()
    keep("submit", page, clip={"x": 200, "y": 520, "width": 1080, "height": 340})
    page.keyboard.press("Escape")
    submit(page)


def review_link(page: Page, site: RunningSite) -> None:
    course = open_page(page, "CoursePage", "email-course")
    page.goto(f"/admin/review/links/{course}/")
    page.get_by_label("For", exact=False).first.fill("ada@example.org")
    page.get_by_role("button", name="Create link").click()
    link = page.get_by_label("The link for ada@example.org").input_value()
    phone = site.browser.new_context(viewport=ViewportSize(width=390, height=844), device_scale_factor=1.5).new_page()
    phone.goto(link)
    phone.frame_locator("iframe[name=preview]").locator("h1").wait_for()
    keep("review_link", phone)


def explorer(page: Page) -> None:
    page.goto("/admin/pages/")
    page.get_by_role("link", name="Explore child pages of 'Lectern'").click()
    page.get_by_role("link", name="Explore child pages of 'Courses'").click()
    page.get_by_role("columnheader", name="Readiness").wait_for()
    keep("explorer", page, clip={"x": 200, "y": 0, "width": 1080, "height": 660})


def dashboard(page: Page) -> None:
    page.goto("/admin/")
    keep("dashboard", page.locator("#desk-section, [data-panel]:has(#desk)").first)


def open_page(page: Page, kind: str, slug: str, *, below: str = "") -> int:
    found = page.request.get(f"/admin/api/main/pages/?type=courses.{kind}&slug={slug}").json()["items"]
    number = next(int(item["id"]) for item in found if below in item["meta"]["html_url"])
    page.set_viewport_size(WIDE)
    page.goto(f"/admin/pages/{number}/edit/")
    page.evaluate("localStorage.clear()")  # no panel stays open from the page before
    page.reload()
    return number


def schedule(page: Page) -> None:
    page.get_by_role("button", name="Toggle status").click()
    page.get_by_role("button", name="Set schedule").click()
    page.locator("[name=go_live_at]").fill(OPENING)
    page.get_by_role("button", name="Save schedule").press("Enter")  # the calendar lies over it
    page.wait_for_load_state()


def keep(name: str, part: Page | Locator, **crop: Any) -> None:
    """A screenshot of what is seen, as good as fits."""
    picture = Image.open(io.BytesIO(part.screenshot(**crop)))
    for quality in range(90, 30, -10):
        file = io.BytesIO()
        picture.save(file, "webp", quality=quality, method=6)
        if file.tell() <= LARGEST:
            break
    (IMAGES / f"{name}.webp").write_bytes(file.getvalue())

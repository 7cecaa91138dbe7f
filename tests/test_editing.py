"""An editor makes a course and a lesson in the admin and submits them; a publisher publishes. In a real browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.running_site import RunningSite

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
MEDIA = Path(__file__).resolve().parents[1] / "home" / "demo" / "media"
SUMMARY = "How to keep bees in a city, from the first frame to the first honey."


def log_in(site: RunningSite, name: str) -> BrowserContext:
    context = site.browser.new_context(base_url=site.url, viewport={"width": 1400, "height": 1000})
    page = context.new_page()
    page.goto("/admin/login/")
    page.locator("input[name=username]").fill(name)
    page.locator("input[name=password]").fill("lectern-demo")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/admin/")
    page.close()
    return context


@pytest.fixture
def editor(site: RunningSite) -> Iterator[Page]:
    context = log_in(site, "editor")
    yield context.new_page()
    context.close()


@pytest.fixture
def publisher(site: RunningSite) -> Iterator[Page]:
    context = log_in(site, "publisher")
    yield context.new_page()
    context.close()


@pytest.fixture
def stranger(site: RunningSite) -> Iterator[Page]:
    context = site.browser.new_context(base_url=site.url)
    yield context.new_page()
    context.close()


def test_an_editor_writes_and_a_publisher_publishes(editor: Page, publisher: Page, stranger: Page) -> None:
    upload_picture(editor)
    upload_video(editor)
    course = write_course(editor)
    lesson = write_lesson(editor, course)
    preview_shows_the_lesson(editor)
    submit(editor)
    editor.goto(f"/admin/pages/{course}/edit/")
    submit(editor)

    assert stranger.request.get("/courses/city-bees/").status == 404
    publish(publisher, course)
    publish(publisher, lesson)

    stranger.goto("/courses/?q=bees")
    stranger.locator("main a[href='/courses/city-bees/']").first.click()
    expect(stranger.locator("main")).to_contain_text(SUMMARY)
    stranger.locator("main a[href='/courses/city-bees/first-frame/']").first.click()
    expect(stranger.locator("video")).to_be_visible()
    assert stranger.locator("main figure img").first.evaluate("i => i.decode().then(() => i.naturalWidth)") > 0
    source = stranger.locator("video source, video[src]").first.evaluate("e => e.src")
    assert stranger.request.get(source, headers={"Range": "bytes=0-9"}).status == 206


def upload_picture(page: Page) -> None:
    page.goto("/admin/images/add/")
    page.locator("main input[type=file]").set_input_files(MEDIA / "open_course.webp")
    page.locator("main input[name=title]").fill("Bees at work")
    page.get_by_role("button", name="Upload").click()
    page.wait_for_url("**/admin/images/")
    expect(page.locator("main img[alt*='Bees at work'], main figure img").first).to_be_visible()


def upload_video(page: Page) -> None:
    page.goto("/admin/media/video/add/")
    page.locator("main input[name=title]").fill("A frame of bees")
    page.locator("main input[name=file]").set_input_files(MEDIA / "mail.mp4")
    page.locator("main form [type=submit]").last.click()
    page.wait_for_url("**/admin/media/")
    expect(page.locator("main")).to_contain_text("A frame of bees")


def write_course(page: Page) -> int:
    page.goto("/admin/pages/")
    page.get_by_role("link", name="Explore child pages of 'Lectern'").click()
    page.get_by_role("link", name="Explore child pages of 'Courses'").click()
    page.goto(page.url.replace("/admin/pages/", "/admin/pages/add/courses/coursepage/"))
    page.locator("[name=title]").fill("Bees in the city")
    page.locator("[name=summary]").fill(SUMMARY)
    choose(page, "Choose an image", "Bees at work")
    return save(page, "city-bees")


def write_lesson(page: Page, course: int) -> int:
    page.goto(f"/admin/pages/add/courses/lessonpage/{course}/")
    page.locator("[name=title]").fill("The first frame")
    page.locator("[name=summary]").fill("What to look for when you open a hive.")
    choose(page, "Choose video", "A frame of bees")
    page.get_by_role("button", name="Insert a block").first.click()
    page.get_by_role("option", name="Picture").click()
    choose(page, "Choose an image", "Bees at work")
    page.locator("[name$=alt_text]").fill("A frame held up to the light, covered with bees.")
    return save(page, "first-frame")


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


def preview_shows_the_lesson(page: Page) -> None:
    page.get_by_role("button", name="Toggle preview").click()
    preview = page.frame_locator("iframe[title=Preview]").first
    expect(preview.locator("h1")).to_have_text("The first frame")
    expect(preview.locator("video")).to_be_visible()
    picture = preview.locator("main figure img").first
    picture.scroll_into_view_if_needed()
    assert picture.evaluate("i => i.decode().then(() => i.naturalWidth)") > 0


def submit(page: Page) -> None:
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Submit to Moderators approval").click()
    expect(page.get_by_role("status").first).to_contain_text("has been submitted for moderation")


def publish(page: Page, page_id: int) -> None:
    page.goto(f"/admin/pages/{page_id}/edit/")
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Approve and Publish", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("has been updated")

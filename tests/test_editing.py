"""An editor makes a course and a lesson in the admin and submits them; reviewers approve. In a real browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests import axe
from tests.in_admin import approve, choose, save, submit
from tests.running_site import RunningSite

pytestmark = pytest.mark.browser
MEDIA = Path(__file__).resolve().parents[1] / "home" / "demo" / "media"
SUMMARY = "How to keep bees in a city, from the first frame to the first honey."


@pytest.fixture
def stranger(site: RunningSite) -> Iterator[Page]:
    context = site.new_context()
    yield context.new_page()
    context.close()


def test_an_editor_writes_and_reviewers_approve(editor: Page, publisher: Page, account: Page, stranger: Page) -> None:
    upload_picture(editor)
    upload_video(editor)
    course = write_course(editor)
    write_lesson(editor, course)
    preview_shows_the_lesson(editor)
    submit(editor)
    editor.goto(f"/admin/pages/{course}/edit/")
    submit(editor)

    assert stranger.request.get("/courses/city-bees/").status == 404
    publisher.goto(f"/admin/pages/{course}/edit/")
    publisher.get_by_role("link", name="Review it").click()
    approve(publisher)
    assert stranger.request.get("/courses/city-bees/first-frame/").status == 404
    account.goto("/admin/")
    account.get_by_role("link", name="The first frame").click()
    assert axe.violations(account) == []
    approve(account)

    stranger.goto("/courses/?q=bees")
    stranger.locator("main a[href='/courses/city-bees/']").first.click()
    expect(stranger.locator("main")).to_contain_text(SUMMARY)
    stranger.locator("main a[href='/courses/city-bees/first-frame/']").first.click()
    expect(stranger.locator("video")).to_be_visible()
    assert stranger.locator("main figure img").first.evaluate("i => i.decode().then(() => i.naturalWidth)") > 0
    source = stranger.locator("video source, video[src]").first.evaluate("e => e.src")
    assert stranger.request.get(source, headers={"Range": "bytes=0-9"}).status == 206


def test_the_guide_is_found_in_the_help(editor: Page) -> None:
    editor.goto("/admin/")
    editor.get_by_role("button", name="Help").click()
    editor.get_by_role("link", name="How to edit").click()

    expect(editor.locator("main h1")).to_contain_text("How to edit")


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
    page.get_by_role("option", name="Image").click()
    choose(page, "Choose an image", "Bees at work")
    page.locator("[name$=alt_text]").fill("A frame held up to the light, covered with bees.")
    return save(page, "first-frame")


def preview_shows_the_lesson(page: Page) -> None:
    page.get_by_role("button", name="Toggle preview").click()
    preview = page.frame_locator("iframe[title=Preview]").first
    expect(preview.locator("h1")).to_have_text("The first frame")
    expect(preview.locator("video")).to_be_visible()
    picture = preview.locator("main figure img").first
    picture.scroll_into_view_if_needed()
    assert picture.evaluate("i => i.decode().then(() => i.naturalWidth)") > 0

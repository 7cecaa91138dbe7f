"""An editor looks at a lesson through others' eyes and at a date, in the preview panel. In a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.in_admin import log_in
from tests.running_site import RunningSite

pytestmark = pytest.mark.browser


@pytest.fixture
def panel(site: RunningSite) -> Iterator[Page]:
    """The editor of a locked lesson, with its preview panel open."""
    context = log_in(site, "editor")
    page = context.new_page()
    lessons = page.request.get("/admin/api/main/pages/?type=courses.LessonPage&slug=locked").json()["items"]
    lesson = next(item["id"] for item in lessons if "email-course" in item["meta"]["html_url"])
    page.goto(f"/admin/pages/{lesson}/edit/")
    page.get_by_role("button", name="Toggle preview").click()
    yield page
    context.close()


def shown(page: Page) -> FrameLocator:
    return page.frame_locator("#w-preview-iframe")


def test_an_editor_looks_through_other_eyes(panel: Page) -> None:
    expect(shown(panel).locator("video")).to_be_visible()

    panel.get_by_label("Preview mode").select_option("Visitor, not signed in")

    expect(shown(panel).locator("main input[name=email]")).to_be_visible()
    expect(shown(panel).locator("#preview_banner")).to_contain_text("As: Visitor, not signed in · now")


def test_the_moment_is_remembered_and_goes_along_to_a_new_tab(panel: Page) -> None:
    panel.get_by_label("At this time (UTC)").fill("2127-03-03T09:00")
    panel.get_by_label("At this time (UTC)").press("Tab")
    banner = "on Mon 3 Mar 2127, 09:00 UTC"
    expect(shown(panel).locator("#preview_banner")).to_contain_text(banner)

    with panel.context.expect_page() as opened:
        panel.get_by_role("link", name="Preview in new tab").click()
    expect(opened.value.locator("#preview_banner")).to_contain_text(banner)

    panel.reload()
    expect(panel.get_by_label("At this time (UTC)")).to_have_value("2127-03-03T09:00")
    expect(shown(panel).locator("#preview_banner")).to_contain_text(banner)


def test_the_moment_is_no_change_of_the_page(panel: Page) -> None:
    panel.get_by_label("At this time (UTC)").fill("2127-03-03T09:00")
    panel.get_by_label("At this time (UTC)").press("Tab")
    expect(shown(panel).locator("#preview_banner")).to_contain_text("2127")

    fields = panel.evaluate("[...new FormData(document.querySelector('[data-edit-form]')).values()].map(String)")

    assert not any("2127" in value for value in fields)


def test_the_catalogue_is_asked_for_no_audience(panel: Page) -> None:
    index = panel.request.get("/admin/api/main/pages/?type=courses.CourseIndexPage").json()["items"][0]["id"]

    panel.goto(f"/admin/pages/{index}/edit/")

    expect(panel.get_by_label("At this time (UTC)")).to_be_visible()
    expect(panel.get_by_label("Preview mode")).to_have_count(0)

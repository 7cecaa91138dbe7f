"""A video is watched: captions, transcript, chapters, speed; by mouse, by keyboard alone, without JavaScript."""

import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from tests import axe
from tests.axe import PHONE
from tests.conftest import QUIET
from tests.running_site import GATED, PATIENCE, RunningSite, watched

pytestmark = pytest.mark.browser

LESSON = "/courses/open-course/welcome/"
POSTS = "**/learning/progress/**"


@pytest.fixture
def desk(site: RunningSite) -> Iterator[Page]:
    yield from watched(site.new_context(viewport={"width": 1280, "height": 900}))


def soon(element: Locator, question: str) -> None:
    """Wait until it is so. Playwright's own way evaluates text in the page, which the page's policy forbids."""
    until = time.monotonic() + PATIENCE
    while not element.evaluate(question):
        assert time.monotonic() < until, question
        time.sleep(0.1)


def test_a_video_is_watched_with_captions_transcript_and_chapters(desk: Page) -> None:
    desk.goto(LESSON)
    video, transcript = desk.locator("video"), desk.locator("#transcript")
    video.evaluate("v => { v.muted = true; }")
    captions = desk.get_by_role("button", name="Captions")
    expect(captions).to_have_attribute("aria-pressed", "true")

    transcript.get_by_role("link", name="The page waits.").click()
    soon(video, "v => !v.paused && v.currentTime >= 14.7 && v.currentTime < 20")
    assert desk.url.endswith(LESSON)  # no new page
    expect(transcript.locator("[aria-current]")).to_contain_text("The page waits.")
    soon(video, "v => v.textTracks[0].mode === 'showing' && v.textTracks[0].cues.length > 0")

    desk.get_by_text("Chapters").click()
    desk.locator("[data-chapters] a").last.click()
    soon(video, "v => v.currentTime >= 28")
    expect(desk.locator("[data-chapters] [aria-current]")).to_contain_text("Three kinds of door")
    expect(transcript.locator("ol")).to_be_visible()
    soon(transcript.locator("ol"), "list => list.scrollTop > 0")

    captions.click()
    expect(captions).to_have_attribute("aria-pressed", "false")
    desk.get_by_label("Speed").select_option("1.5")
    soon(video, "v => v.playbackRate === 1.5")
    desk.reload()
    expect(desk.get_by_label("Speed")).to_have_value("1.5")
    expect(captions).to_have_attribute("aria-pressed", "false")
    soon(video, "v => v.playbackRate === 1.5 && v.textTracks[0].mode !== 'showing'")


def test_the_transcript_follows_until_its_reader_scrolls(desk: Page) -> None:
    desk.goto(LESSON)
    video, rows = desk.locator("video"), desk.locator("#transcript ol")
    follow = desk.get_by_role("button", name="Follow transcript")
    rows.hover()
    desk.mouse.wheel(0, 40)
    expect(follow).to_have_attribute("aria-pressed", "false")
    video.evaluate("v => { v.currentTime = 30; }")
    expect(rows.locator("[aria-current]")).to_contain_text("three kinds of door")
    assert rows.evaluate("list => list.scrollTop") < 100

    follow.click()

    soon(rows, "list => list.scrollTop > 100")


def test_the_transcript_is_searched(desk: Page) -> None:
    desk.goto(LESSON)
    field, count = desk.get_by_label("Search the transcript"), desk.locator("#transcript [role=status]")
    found = desk.locator("#transcript [data-found]")

    field.fill("LÉSSON")
    expect(count).to_have_text(re.compile("^1 of [2-9]$"))
    first = found.inner_text()
    field.press("Enter")
    expect(count).to_have_text(re.compile("^2 of"))
    assert found.inner_text() != first
    field.press("Shift+Enter")
    expect(count).to_have_text(re.compile("^1 of"))
    desk.get_by_role("button", name="Previous match").click()
    expect(count).to_have_text(re.compile(r"^(\d) of \1$"))
    field.fill("no such words")

    expect(count).to_have_text("No matches")


def test_a_video_is_watched_by_keyboard_alone(desk: Page) -> None:
    desk.goto(LESSON)
    video = desk.locator("video")
    video.evaluate("v => { v.muted = true; }")
    soon(video, "v => v.readyState > 0")
    for _ in range(60):
        desk.keyboard.press("Tab")
        if desk.locator("[data-skip]:focus").count():
            break
    expect(desk.locator("[data-skip='-10']")).to_be_focused()

    desk.keyboard.press("l")
    soon(video, "v => v.currentTime >= 9.9")
    desk.keyboard.press("k")
    soon(video, "v => !v.paused")
    desk.keyboard.press("k")
    soon(video, "v => v.paused")
    desk.keyboard.press("j")
    soon(video, "v => v.currentTime < 9")
    desk.keyboard.press(">")
    soon(video, "v => v.playbackRate === 1.25")
    desk.keyboard.press("<")
    soon(video, "v => v.playbackRate === 1")
    desk.keyboard.press("c")
    expect(desk.get_by_role("button", name="Captions")).to_have_attribute("aria-pressed", "false")
    # Of the transcript's lines one is in the order of Tab, the arrows lead to the others, and Enter plays.
    desk.locator("#transcript ol [tabindex='0']").focus()
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Enter")
    soon(video, "v => v.currentTime >= 6 && !v.paused")
    desk.get_by_label("Search the transcript").focus()
    before = video.evaluate("v => { v.pause(); return v.currentTime; }")
    desk.keyboard.type("jolly kick")

    assert video.evaluate("v => v.currentTime") == before


def test_axe_finds_nothing_on_an_opened_player(site: RunningSite) -> None:
    for page in watched(site.new_context(viewport=PHONE, bypass_csp=True)):
        page.goto(LESSON)
        page.get_by_text("Chapters").click()
        page.get_by_label("Search the transcript").fill("lesson")
        page.locator("video").evaluate("v => { v.currentTime = 12; }")
        expect(page.locator("#transcript [aria-current]")).to_have_count(1)

        assert axe.violations(page, within="figure") == []


def test_without_javascript_a_line_leads_to_its_second(site: RunningSite) -> None:
    for page in watched(site.new_context(java_script_enabled=False, viewport=PHONE)):
        page.goto(LESSON)
        expect(page.locator("[data-bar] button:visible, [data-bar] select:visible")).to_have_count(0)

        page.locator("#transcript").get_by_role("link", name="The page waits.").click()

        expect(page).to_have_url(f"{site.url}{LESSON}?t=14")
        expect(page.locator("video source").last).to_have_attribute("src", re.compile("#t=14$"))
        page.get_by_text("Chapters").click()
        page.locator("[data-chapters] a").last.click()
        expect(page).to_have_url(f"{site.url}{LESSON}?t=28")
        text = page.request.get(page.locator("#transcript a[download]").get_attribute("href") or "")
        assert "The page waits." in text.text()


# What is watched, and where one was


def play(page: Page, seconds: float) -> None:
    """On from where it is, in a hurry, and stop."""
    video = page.locator("video")
    soon(video, "v => v.readyState > 0 && !v.seeking")
    until = video.evaluate("(v, more) => { v.muted = true; return v.currentTime + more; }", seconds)
    video.evaluate("async v => { v.playbackRate = 2; await v.play(); }")
    soon(video, f"v => v.currentTime >= {until}")
    video.evaluate("v => v.pause()")


def unsent(page: Page) -> dict[str, Any]:
    """What waits in the browser."""
    kept = page.evaluate("Object.entries(localStorage).filter(([key]) => key.startsWith('progress '))")
    return {key: json.loads(value) for key, value in kept}


def expect_sent(page: Page) -> None:
    until = time.monotonic() + PATIENCE
    while unsent(page):
        assert time.monotonic() < until
        time.sleep(0.1)


def sign_in_again(site: RunningSite, page: Page, address: str) -> None:
    """By a new email, in a browser of its own."""
    had = len(site.mails(address))
    site.fill_gate(page, address, GATED)
    until = time.monotonic() + PATIENCE
    while len(site.mails(address)) == had:
        assert time.monotonic() < until
        time.sleep(0.1)
    page.goto(site.wait_for_mail(address))
    page.locator("main form [type=submit]").click()
    page.wait_for_url(f"**{GATED}")


def remembered(page: Page) -> tuple[str | None, list[str]]:
    """What the lesson says was watched, and which lessons of its course are done."""
    done = page.locator("#lessons a").filter(has_text="✓").all_text_contents()
    return page.locator("#progress").get_attribute("data-watched-percent"), [" ".join(each.split()) for each in done]


@pytest.mark.parametrize("width", [390, 820, 1280])
def test_a_lesson_is_found_watched_left_and_gone_on_with_in_another_browser(site: RunningSite, width: int) -> None:
    for page in watched(site.new_context(viewport={"width": width, "height": 900})):
        page.goto("/")
        page.get_by_role("link", name="See all courses").click()
        page.get_by_role("link", name="Email that arrives").first.click()
        page.get_by_role("link", name="How a message travels").first.click()
        address = site.sign_in(page, GATED)
        page.goto(GATED.replace("locked", "preview"))
        page.get_by_role("button", name="Done, next lesson").click()
        page.wait_for_url(f"**{GATED}")
        expect(page.get_by_role("button", name="Captions")).to_have_attribute("aria-pressed", "true")
        play(page, 2)
        page.locator("#transcript").get_by_role("link", name="It reaches the mailbox.").click()
        with page.expect_response(POSTS) as stored:
            play(page, 2)
        assert stored.value.status == 204
        position = page.locator("video").evaluate("v => v.currentTime")
        expect_sent(page)
        page.reload()
        here = remembered(page)
        assert len(here[1]) == 1
        assert int(here[0] or 0) > 10

        for other in watched(site.new_context(viewport={"width": width, "height": 900})):
            sign_in_again(site, other, address)

            soon(other.locator("video"), f"v => Math.abs(v.currentTime - {position}) <= 1.5")
            assert remembered(other) == here


def test_a_browser_that_dies_loses_no_more_than_ten_seconds(site: RunningSite) -> None:
    mark = f"--lectern-{uuid4().hex}"  # by which its process is found
    path = os.environ.get("BROWSER_PATH") or shutil.which("chromium")
    dying = site.browser.browser_type.launch(executable_path=path, args=[*QUIET, mark])
    page = dying.new_page(base_url=site.url)
    address = site.sign_in(page, GATED)
    video = page.locator("video")
    soon(video, "v => v.readyState > 0")
    with page.expect_response(POSTS):
        video.evaluate("v => { v.muted = true; v.play(); }")
    soon(video, "v => v.currentTime >= 12")
    subprocess.run(["pkill", "-KILL", "-f", "--", mark], check=True)

    for other in watched(site.new_context()):
        sign_in_again(site, other, address)
        assert int(other.locator("#progress").get_attribute("data-position") or 0) >= 2


def test_what_a_network_lost_is_sent_later_and_by_signing_out(site: RunningSite) -> None:
    """Its browser complains of the lost requests, and may."""
    context = site.new_context()
    page = context.new_page()
    site.sign_in(page, GATED)
    page.route(POSTS, lambda route: route.abort())
    play(page, 3)
    ((key, kept),) = unsent(page).items()
    assert key.endswith(GATED)
    assert kept["played"][0][1] >= 3
    page.unroute(POSTS)

    with page.expect_response(POSTS) as stored:
        page.reload()
    assert stored.value.status == 204
    soon(page.locator("video"), f"v => Math.abs(v.currentTime - {kept['position']}) <= 1.5")
    expect_sent(page)

    page.route(POSTS, lambda route: route.abort())
    play(page, 2)
    page.goto("/access/")
    page.unroute(POSTS)
    assert len(unsent(page)) == 1
    with page.expect_response(POSTS) as stored:
        page.get_by_role("button", name="Sign out").click()
    assert stored.value.status == 204
    expect(page.locator("main form input[name=email]")).to_be_visible()
    assert unsent(page) == {}
    context.close()


@pytest.mark.parametrize("answer", ["Add", "No, delete it"])
def test_what_was_watched_before_signing_in_is_nobodys_until_somebody_says_so(
    desk: Page, site: RunningSite, answer: str
) -> None:
    sent: list[str] = []
    desk.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    desk.goto(LESSON)
    play(desk, 3)
    assert sent == []
    assert list(unsent(desk)) == [f"progress nobody {LESSON}"]
    site.sign_in(desk, GATED)
    desk.goto(LESSON)
    assert [url for url in sent if "/learning/" in url] == []

    desk.get_by_role("button", name=answer).click()

    if answer == "Add":
        soon(desk.locator("video"), "v => v.currentTime >= 2.5")
    expect_sent(desk)
    desk.reload()
    expect(desk.get_by_role("button", name="Captions")).to_be_visible()
    expect(desk.get_by_role("button", name=answer)).to_be_hidden()
    assert bool([url for url in sent if "/learning/progress/" in url]) is (answer == "Add")


def test_a_batch_is_kept_or_dropped_by_its_answer(site: RunningSite) -> None:
    """The site's own answers are tried in learning/tests/test_views.py; here, what the browser makes of each."""
    answer: dict[str, Any] = {}
    context = site.new_context()
    page = context.new_page()
    site.sign_in(page, GATED)
    page.route(POSTS, lambda route: route.fulfill(**answer))
    kept = {}
    for status in (503, 401, 400, 404, 413, 403):
        answer = {"status": status}
        with page.expect_response(POSTS):
            play(page, 0.5)
        page.wait_for_timeout(200)
        kept[status] = bool(unsent(page))
    assert kept == {503: True, 401: True, 400: False, 404: False, 413: False, 403: False}

    answer = {"status": 204, "headers": {"Lesson-Done": "1"}}
    expect(page.get_by_role("button", name="Mark as done")).to_be_visible()
    play(page, 0.5)
    expect(page.locator("#progress [role=status]")).to_contain_text("Done")
    expect(page.get_by_role("button", name="Mark as done")).to_be_hidden()

    answer = {"status": 429, "headers": {"Retry-After": "60"}}
    with page.expect_response(POSTS):
        play(page, 0.5)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/learning/progress/" in request.url else None)
    play(page, 0.5)
    page.wait_for_timeout(500)
    assert asked == []
    assert unsent(page)
    context.close()

"""What people do, in a real browser, on the site as `make run` starts it."""

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.running_site import GATED, PATIENCE, RunningSite, watched

pytestmark = pytest.mark.browser


@pytest.fixture(params=["with JavaScript", "without JavaScript"])
def visitor(request: pytest.FixtureRequest, site: RunningSite) -> Iterator[Page]:
    """A stranger's browser on a phone. Whatever the policy of the pages refuses is a failure."""
    context = site.new_context(
        java_script_enabled=request.param == "with JavaScript",
        viewport={"width": 390, "height": 844},
    )
    yield from watched(context)


@pytest.fixture
def desk(site: RunningSite) -> Iterator[Page]:
    """A desktop browser."""
    yield from watched(site.new_context(viewport={"width": 1280, "height": 900}))


def test_a_stranger_reads_an_open_lesson(visitor: Page) -> None:
    visitor.goto("/")
    visitor.get_by_role("link", name="Courses", exact=True).first.click()
    visitor.locator("a[href='/courses/open-course/']").first.click()
    visitor.locator("a[href='/courses/open-course/welcome/']").first.click()

    expect(visitor.locator("main h1")).to_be_visible()
    expect(visitor.locator("video")).to_be_visible()
    assert visitor.context.cookies() == []


def test_a_stranger_gets_into_a_gated_lesson_with_one_mail(visitor: Page, site: RunningSite) -> None:
    address = site.new_address()
    visitor.goto(GATED)
    form = visitor.locator("main form[method=post]")
    form.locator("input[name=email]").fill(address)
    form.locator("[type=submit]").click()
    expect(visitor.locator("main")).to_contain_text(address)

    site.wait_for_mail(address)
    visitor.goto("/dev/mail/")
    visitor.locator("main li").filter(has_text=address).locator("a").first.click()
    visitor.locator("a[href*='/access/confirm/']").first.click()
    visitor.locator("main form [type=submit]").click()

    expect(visitor).to_have_url(site.url + GATED)
    expect(visitor.locator("video")).to_be_visible()
    expect(visitor.locator("header").first).to_contain_text(address)


def test_the_code_opens_the_tab_that_asked(visitor: Page, site: RunningSite) -> None:
    address = site.new_address()
    site.fill_gate(visitor, address, GATED)
    code = site.wait_for_code(address)

    visitor.locator("main form input[name=code]").fill(f"{code[:3]} {code[3:]}")
    visitor.locator("main form input[name=code]").press("Enter")

    expect(visitor).to_have_url(site.url + GATED)
    expect(visitor.locator("video")).to_be_visible()


def test_the_waiting_tab_goes_on_when_its_browser_confirms(desk: Page, site: RunningSite) -> None:
    address = site.new_address()
    site.fill_gate(desk, address, GATED)
    expect(desk.locator("#status")).to_contain_text("Email sent")
    other_tab = desk.context.new_page()
    other_tab.goto(site.wait_for_mail(address))
    assert other_tab.url == f"{site.url}/access/confirm/"  # the secret is out of the address bar

    other_tab.locator("main form [type=submit]").click()

    expect(other_tab).to_have_url(site.url + GATED)
    expect(desk).to_have_url(site.url + GATED)


def test_an_attackers_waiting_tab_stays_shut(desk: Page, site: RunningSite) -> None:
    victim = site.new_address()
    site.fill_gate(desk, victim, GATED)
    context = site.new_context()
    page = context.new_page()
    page.goto(site.wait_for_mail(victim))
    page.locator("main form input[name=email]").fill(victim)
    page.locator("main form [type=submit]").click()
    expect(page.locator("video")).to_be_visible()
    context.close()

    expect(desk.locator("#status")).to_contain_text("been used")
    desk.goto(GATED)
    expect(desk.locator("main form input[name=email]")).to_be_visible()


def test_another_browser_is_asked_for_the_address(visitor: Page, site: RunningSite) -> None:
    address = site.new_address()
    site.ask(address, GATED)
    visitor.goto(site.wait_for_mail(address))

    visitor.locator("main form input[name=email]").fill("somebody.else@example.org")
    visitor.locator("main form [type=submit]").click()
    expect(visitor.locator("main")).to_contain_text("a different address")
    visitor.locator("main form input[name=email]").fill(address)
    visitor.locator("main form [type=submit]").click()

    expect(visitor).to_have_url(site.url + GATED)


def test_opening_the_mail_ten_times_spends_nothing(visitor: Page, site: RunningSite) -> None:
    address = site.new_address()
    visitor.goto(GATED)
    visitor.locator("main form input[name=email]").fill(address)
    visitor.locator("main form [type=submit]").first.click()
    link = site.wait_for_mail(address)
    for _ in range(10):
        visitor.request.get(link)
    visitor.request.head(link)

    visitor.goto(link)
    visitor.wait_for_timeout(500)
    visitor.locator("main form [type=submit]").click()

    expect(visitor).to_have_url(site.url + GATED)


def test_a_mistyped_address_is_told_beside_the_field(visitor: Page) -> None:
    visitor.goto(GATED)
    field = visitor.locator("main form input[name=email]")
    field.fill("ada@example")
    visitor.locator("main form [type=submit]").first.click()

    field = visitor.locator("main form input[name=email]")
    expect(field).to_have_value("ada@example")
    expect(field).to_have_attribute("aria-invalid", "true")
    described = (field.get_attribute("aria-describedby") or "").split()
    assert any("name@example.org" in (visitor.locator(f"#{name}").inner_text()) for name in described)


def test_signing_out_shuts_the_lesson(desk: Page, site: RunningSite) -> None:
    site.sign_in(desk, GATED)
    expect(desk.locator("video")).to_be_visible()
    desk.goto("/access/")
    desk.get_by_role("button", name="Sign out").click()

    desk.goto(GATED)

    expect(desk.locator("main form input[name=email]")).to_be_visible()
    expect(desk.locator("video")).to_have_count(0)


def test_the_back_button_shows_nothing_after_signing_out(desk: Page, site: RunningSite) -> None:
    site.sign_in(desk, GATED)
    secret = desk.locator("main .prose p").first.inner_text()
    desk.goto("/access/")
    desk.get_by_role("button", name="Sign out").click()
    expect(desk.locator("main form input[name=email]")).to_be_visible()

    desk.go_back()
    desk.go_back()

    assert secret not in desk.content()


def soon(element: Locator, question: str) -> None:
    """Wait until it is so. Playwright's own way evaluates text in the page, which the page's policy forbids."""
    until = time.monotonic() + PATIENCE
    while not element.evaluate(question):
        assert time.monotonic() < until, question
        time.sleep(0.1)


@pytest.mark.parametrize("path", ["/courses/open-course/welcome/", GATED])
def test_a_video_plays_with_its_captions(desk: Page, site: RunningSite, path: str) -> None:
    if path == GATED:
        site.sign_in(desk, path)
    else:
        desk.goto(path)
    video = desk.locator("video")
    video.evaluate("async v => { v.muted = true; await v.play(); }")
    soon(video, "v => v.currentTime > 0.5")

    length = video.evaluate("v => { v.textTracks[0].mode = 'showing'; return v.duration; }")
    soon(video, "v => (v.textTracks[0].cues || []).length > 0")
    video.evaluate("v => { v.currentTime = v.duration - 2; }")
    soon(video, "v => !v.seeking && v.currentTime > 5")

    assert length > 10


def test_a_gated_video_is_refused_to_strangers(desk: Page, site: RunningSite) -> None:
    site.sign_in(desk, GATED)
    address = desk.locator("video source, video[src]").first.evaluate("e => e.src")

    stranger = site.browser.new_context()
    try:
        assert stranger.request.get(address).status == 403
    finally:
        stranger.close()
    assert desk.request.get(address, headers={"Range": "bytes=0-99"}).status == 206


def test_a_coming_soon_course_shows_its_syllabus_and_opens_nothing(visitor: Page) -> None:
    visitor.goto("/courses/soon-course/")

    expect(visitor.locator("main")).to_contain_text(re.compile("coming soon", re.IGNORECASE))
    assert visitor.locator("main a[href^='/courses/soon-course/']").count() == 0
    answer = visitor.request.get("/courses/soon-course/colour-and-focus/")
    assert answer.status == 200
    assert 'name="email"' not in answer.text()


def test_a_stranger_waits_for_a_course_and_leaves_by_the_mail(visitor: Page, site: RunningSite) -> None:
    address = site.new_address()
    visitor.goto("/courses/soon-course/")
    visitor.get_by_role("link", name="Notify me when it opens").click()
    visitor.get_by_label("Email address").fill(address)
    visitor.get_by_role("button", name="Notify me when it opens").click()
    visitor.get_by_label("Code").fill(site.wait_for_code(address))
    visitor.get_by_role("button", name="Continue").click()
    expect(visitor.get_by_role("heading", name="You’re on the waitlist")).to_be_visible()
    waits_at = visitor.url

    visitor.goto(re.findall(r"http\S+/notify/leave/\S+", site.wait_for_text(address))[0])
    visitor.get_by_role("button", name="Leave the waitlist").click()

    expect(visitor.get_by_role("heading", name="You’ve left the waitlist")).to_be_visible()
    visitor.goto(waits_at)
    expect(visitor.get_by_role("button", name="Notify me when it opens").first).to_be_visible()


def test_a_paid_lesson_says_what_it_costs(visitor: Page) -> None:
    visitor.goto("/courses/paid-course/locked/")

    expect(visitor.locator("main")).to_contain_text("€39.00")
    assert visitor.goto("/courses/paid-course/preview/").status == 200  # type: ignore[union-attr]
    expect(visitor.locator("main article")).to_be_visible()


def test_the_catalogue_is_searched_and_filtered(visitor: Page) -> None:
    visitor.goto("/courses/")
    visitor.locator("input[name=q]").fill("caching")
    visitor.locator("input[name=q]").press("Enter")

    expect(visitor.locator("a[href='/courses/paid-course/']").first).to_be_visible()
    expect(visitor.locator("a[href='/courses/open-course/']")).to_have_count(0)


def test_a_missing_page_shows_the_way_back(visitor: Page) -> None:
    answer = visitor.goto("/courses/no-such-course/")

    assert answer is not None
    assert answer.status == 404
    expect(visitor.locator("main a").first).to_be_visible()

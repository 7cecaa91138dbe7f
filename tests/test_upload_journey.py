"""Uploading a video in a real browser: progress, outcome, and a form that is never lost."""

import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, Locator, Page, expect

from tests import axe
from tests.test_editing import MEDIA

pytestmark = pytest.mark.browser
ADD = "/admin/media/video/add/"
KILOBYTE = 1024
PLAY = """address => new Promise(done => {
    const film = Object.assign(document.createElement("video"), { muted: true, src: address })
    film.ontimeupdate = () => { if (film.currentTime > 1) done(film.currentTime) }
    film.onerror = () => done(0)
    film.play()
})"""


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real video, with two megabytes of nothing at its end: long enough to see it go up."""
    path = tmp_path_factory.mktemp("films") / "bees.mp4"
    nothing = bytes(2 * KILOBYTE**2)
    path.write_bytes((MEDIA / "mail.mp4").read_bytes() + struct.pack(">I4s", len(nothing) + 8, b"free") + nothing)
    return path


@pytest.fixture
def slow(editor: Page) -> Iterator[Page]:
    """An editor whose line takes some hundred kilobytes a second."""
    session = editor.context.new_cdp_session(editor)
    session.send("Network.enable")
    limits = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 300 * KILOBYTE}
    session.send("Network.emulateNetworkConditions", limits)
    yield editor
    session.detach()


def fill_in(page: Page, file: Path, title: str) -> None:
    page.goto(ADD)
    page.locator("main input[name=file]").set_input_files(file)
    page.locator("main input[name=title]").fill(title)


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Uploading")


def press(page: Page, name: str) -> None:
    """By keyboard alone."""
    page.get_by_role("button", name=name).focus()
    page.keyboard.press("Enter")


def percent(page: Page) -> int:
    text = dialog(page).get_by_role("heading").text_content() or ""
    return int("".join(filter(str.isdigit, text)))


def test_the_bar_moves_and_the_film_is_there(slow: Page, film: Path) -> None:
    fill_in(slow, film, "Bees that take their time")

    press(slow, "Upload")
    expect(dialog(slow)).to_be_visible()
    first = percent(slow)
    slow.wait_for_function(f"document.querySelector('progress').value > {first / 100 + 0.1}")
    second = percent(slow)
    spoken = dialog(slow).get_by_role("status").text_content()

    assert first < second < 100
    assert spoken is not None
    assert spoken.startswith("Uploading: ")
    assert not axe.violations(slow, within="dialog")
    slow.wait_for_url("**/admin/media/")
    expect(slow.get_by_role("status").first).to_contain_text("added")
    slow.get_by_role("link", name="Bees that take their time").first.click()
    address = slow.locator("main a[href^='/files/0/video/']").first.get_attribute("href")
    assert slow.evaluate(PLAY, address) > 1


def test_leaving_is_warned_of_while_it_runs(slow: Page, film: Path) -> None:
    fill_in(slow, film, "Bees that are left alone")
    asked: list[str] = []

    def stay(question: Dialog) -> None:
        asked.append(question.type)
        question.dismiss()

    slow.on("dialog", stay)

    press(slow, "Upload")
    expect(dialog(slow)).to_be_visible()
    slow.evaluate("location.assign('/admin/')")
    slow.wait_for_timeout(300)

    assert asked == ["beforeunload"]
    assert slow.url.endswith(ADD)
    press(slow, "Cancel")


def test_what_is_cancelled_leaves_the_form_as_it_was(slow: Page, film: Path) -> None:
    fill_in(slow, film, "Bees that come back")

    press(slow, "Upload")
    expect(dialog(slow)).to_be_visible()
    expect(slow.get_by_role("button", name="Cancel")).to_be_focused()
    slow.keyboard.press("Enter")

    expect(slow.get_by_role("dialog")).to_have_count(0)
    expect(slow.get_by_role("status").first).to_contain_text("Upload cancelled. Nothing was saved.")
    upload = slow.get_by_role("button", name="Upload")
    expect(upload).to_be_enabled()
    expect(upload).to_be_focused()
    expect(slow.locator("main input[name=title]")).to_have_value("Bees that come back")
    assert slow.locator("main input[name=file]").evaluate("i => i.files.length") == 1
    slow.goto("/admin/media/")
    expect(slow.get_by_text("Bees that come back")).to_have_count(0)


def test_a_mistake_comes_back_with_what_was_typed(editor: Page, tmp_path: Path) -> None:
    wrong = tmp_path / "bees.mp4"
    wrong.write_bytes(b"These are no bees.")
    fill_in(editor, wrong, "Bees that are none")

    press(editor, "Upload")

    expect(editor.locator("main .error-message").first).to_contain_text("content doesn’t match its extension (MP4)")
    expect(editor.locator("main input[name=title]")).to_have_value("Bees that are none")
    expect(editor.locator("main input[name=file]")).to_be_focused()
    assert not axe.violations(editor, within="main .w-field--error")
    editor.locator("main input[name=file]").set_input_files(MEDIA / "mail.mp4")
    press(editor, "Upload")
    editor.wait_for_url("**/admin/media/")


def test_a_line_that_breaks_leaves_the_form_as_it_was(editor: Page, film: Path) -> None:
    fill_in(editor, film, "Bees on a broken line")
    editor.route(f"**{ADD}", lambda route: route.abort("connectionreset"))

    press(editor, "Upload")

    expect(editor.get_by_role("status").first).to_contain_text("The connection was lost and nothing was saved.")
    expect(editor.get_by_role("button", name="Upload")).to_be_enabled()
    expect(editor.locator("main input[name=title]")).to_have_value("Bees on a broken line")


def test_a_site_that_is_away_leaves_the_form_as_it_was(editor: Page, film: Path) -> None:
    fill_in(editor, film, "Bees on a site that is away")
    editor.route(f"**{ADD}", lambda route: route.fulfill(status=503, body="<main id=main></main>"))

    press(editor, "Upload")

    expect(editor.get_by_role("status").first).to_contain_text("The file couldn’t be uploaded.")
    expect(editor.locator("main input[name=title]")).to_have_value("Bees on a site that is away")


def test_a_file_that_is_too_large_is_refused_before_it_is_sent(editor: Page, film: Path) -> None:
    editor.goto(ADD)
    file = editor.locator("main input[name=file]")
    file.evaluate("i => i.dataset.upload = JSON.stringify({...JSON.parse(i.dataset.upload), mostBytes: 1024})")
    sent: list[str] = []
    editor.on("request", lambda request: sent.append(request.method))

    file.set_input_files(film)
    error = editor.locator("main .error-message")
    expect(error).to_have_text("This file is 2.6 MB; the limit is 2.0\xa0GB.")
    press(editor, "Upload")

    expect(file).to_be_focused()
    expect(error).to_have_count(1)
    expect(editor.get_by_role("button", name="Upload")).to_be_enabled()
    assert "POST" not in sent
    file.set_input_files([])
    expect(error).to_have_count(0)


def test_without_the_script_the_form_is_posted_as_ever(editor: Page) -> None:
    editor.route("**/upload_progress*.js", lambda route: route.abort())
    fill_in(editor, MEDIA / "mail.mp4", "Bees without a script")

    press(editor, "Upload")

    editor.wait_for_url("**/admin/media/")
    expect(editor.get_by_role("link", name="Bees without a script").first).to_be_visible()


@pytest.mark.parametrize(("path", "file"), [("/admin/documents/add/", "paper.txt"), ("/admin/images/add/", "")])
def test_a_document_and_a_picture_are_sent_by_it_too(editor: Page, path: str, file: str, tmp_path: Path) -> None:
    (tmp_path / "paper.txt").write_text("Of bees.")
    asked: list[str] = []
    editor.on("request", lambda request: asked.append(request.headers.get("x-upload", "")))
    editor.goto(path)
    editor.locator("main input[name=file]").set_input_files(tmp_path / file if file else MEDIA / "open_course.webp")
    editor.locator("main input[name=title]").fill("Of bees")

    press(editor, "Upload")

    editor.wait_for_url(f"**{path.removesuffix('add/')}")
    expect(editor.get_by_role("status").first).to_contain_text("added")
    assert "shown" in asked

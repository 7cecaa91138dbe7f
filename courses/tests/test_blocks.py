"""What pages are written with, as it is shown."""

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from bs4.element import Tag
from django.core.exceptions import ValidationError
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.content import blocks, highlighting
from courses.models import LessonPage
from courses.tests.content import download, picture
from library.models import CustomDocument, CustomImage

Show = Callable[..., Tag]


@pytest.fixture
def show(client: Client, open_lesson: LessonPage) -> Show:
    """The published body of an open lesson made of these blocks, as a visitor is sent it."""

    def make(*body: tuple[str, Any]) -> Tag:
        open_lesson.body = list(body)
        open_lesson.save_revision().publish()
        found = BeautifulSoup(client.get(open_lesson.url).content, "html.parser").select_one(".prose")
        assert found is not None
        return found

    return make


# Code


def test_code_is_escaped(show: Show) -> None:
    body = show(("code", {"language": "html", "code": "<script>alert(1)</script>", "caption": "<b>"}))

    assert body.select("script, b") == []
    assert body.select_one("code").get_text() == "<script>alert(1)</script>\n"  # type: ignore[union-attr]  # it is there


@given(code=st.text(max_size=60), language=st.sampled_from([*highlighting.LABELS, "unknown"]))
@settings(deadline=None)
def test_code_of_any_language_becomes_words_and_classes_alone(code: str, language: str) -> None:
    marked = BeautifulSoup(highlighting.mark(code, language=language), "html.parser")

    assert {tag.name for tag in marked.find_all(True)} <= {"span"}
    assert {name for tag in marked.find_all(True) for name in tag.attrs} <= {"class"}


def test_words_of_code_are_marked_by_classes_of_our_own() -> None:
    assert '<span class="hl-k">def</span>' in highlighting.mark("def f(): pass", language="python")


def test_every_language_on_offer_is_known() -> None:
    assert all(highlighting.mark("x", language=language) for language in highlighting.LABELS)


# Text


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        '<img src="x" onerror="alert(1)">',
        '<p onclick="alert(1)">x</p>',
        '<a href="javascript:alert(1)">x</a>',
        '<a href="data:text/html,x">x</a>',
        "<svg><script>alert(1)</script></svg>",
        '<iframe src="https://evil.example"></iframe>',
        '<p style="background: url(https://evil.example)">x</p>',
    ],
)
def test_hostile_html_is_cleaned_when_an_editor_saves_it(html: str) -> None:
    prose = blocks.ProseBlock()
    posted = prose.value_from_datadict({"text": _draftail(html)}, {}, "text")

    cleaned = BeautifulSoup(prose.clean(posted).source, "html.parser")

    assert cleaned.select("script, img, svg, iframe, [onclick], [onerror], [style]") == []
    assert not [a for a in cleaned.select("a[href]") if not str(a["href"]).startswith(("http", "/"))]


def _draftail(html: str) -> str:
    """What the editor would post for this html, as far as it lets it in."""
    from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

    return str(ContentstateConverter(features=blocks.TEXT).from_database_format(html))


# Callouts


@pytest.mark.parametrize(("kind", "label"), [("note", "Note"), ("tip", "Tip"), ("warning", "Warning")])
def test_callout_without_a_heading_says_its_kind(show: Show, kind: str, label: str) -> None:
    body = show(("callout", {"kind": kind, "heading": "", "text": "<p>Mind this.</p>"}))

    assert [p.get_text(strip=True) for p in body.select("aside p")] == [label, "Mind this."]


def test_callout_shows_its_heading(show: Show) -> None:
    body = show(("callout", {"kind": "tip", "heading": "<i>Try</i>", "text": "<p>x</p>"}))

    assert body.select("aside p")[0].get_text(strip=True) == "<i>Try</i>"


# Images


def test_picture_is_asked_for_through_its_page(show: Show, open_lesson: LessonPage, image: CustomImage) -> None:
    body = show(picture(image, alt="A hill", caption="In May"))

    shown = body.select("img")[0]

    assert shown["src"] == f"/files/{open_lesson.pk}/picture/{image.pk}/960/"
    assert (shown["alt"], shown["width"], shown["height"]) == ("A hill", "960", "540")
    assert body.select("figcaption")[0].get_text() == "In May"


def test_every_address_of_a_picture_opens(show: Show, client: Client, image: CustomImage) -> None:
    addresses = str(show(picture(image)).select("img")[0]["srcset"]).split(", ")

    answers = [client.get(address.split()[0]) for address in addresses]

    assert [(answer.status_code, len(answer.getvalue()) > 0) for answer in answers] == [(200, True)] * 3


def test_picture_that_was_deleted_leaves_no_trace(show: Show, image: CustomImage) -> None:
    block = picture(image)
    show(block)
    image.delete()

    assert show(("rich_text", "<p>x</p>")).select("img") == []


def test_picture_whose_file_is_lost_breaks_nothing(show: Show, image: CustomImage) -> None:
    image.file.storage.delete(image.file.name)

    assert show(picture(image)).select("img")


# Documents


def test_document_says_what_will_be_downloaded(show: Show, document: CustomDocument) -> None:
    body = show(download(document, label="The paper"))

    assert body.select("a")[0]["href"] == document.url
    assert "The paper" in body.get_text()
    assert "PDF" in body.get_text()


def test_document_without_a_label_shows_its_title(show: Show, document: CustomDocument) -> None:
    assert "A paper" in show(download(document)).get_text()


# Players


def test_player_is_framed_where_it_keeps_privacy(show: Show) -> None:
    body = show(("embed", {"url": "https://youtu.be/dQw4w9WgXcQ", "title": "A talk"}))

    frame = body.select("iframe")[0]

    assert (frame["src"], frame["title"]) == ("https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?rel=0", "A talk")


def test_address_that_got_into_the_database_some_other_way_frames_nothing(show: Show) -> None:
    assert show(("embed", {"url": "https://evil.example/", "title": "x"})).select("iframe, a") == []


@pytest.mark.parametrize(
    "address", ["https://evil.example/x", "javascript:alert(1)", "http://youtu.be/dQw4w9WgXcQ", ""]
)
def test_editor_is_told_that_an_address_is_no_video(address: str) -> None:
    block = blocks.PlayerBlock()

    with pytest.raises(ValidationError):
        block.clean(block.to_python({"url": address, "title": "x"}))


def test_no_block_takes_raw_html() -> None:
    assert set(blocks.LessonBlock().child_blocks) == {"rich_text", "code", "image", "callout", "document", "embed"}
    assert set(blocks.DescriptionBlock().child_blocks) == {"rich_text", "callout"}

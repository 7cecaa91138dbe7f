"""Headings of a text: anchors and the table of contents."""

from collections.abc import Callable

import pytest
from django.test import Client
from wagtail.rich_text import RichText

from courses.content.headings import Heading, anchored, headings_in
from courses.models import CoursePage, LessonPage

TWO = (
    '<h2 data-block-key="a1">Salt &amp; <b>water</b></h2><p data-block-key="b1">x</p><h3 data-block-key="c-1">Why</h3>'
)


def test_each_heading_of_each_text_has_an_anchor_of_its_own() -> None:
    body = [
        ("rich_text", TWO),
        ("rich_text", '<h2 data-block-key="d1">Salt &amp; water</h2><h2 data-block-key="e1"> </h2>'),
    ]

    assert headings_in(LessonPage(body=body).body) == [
        Heading(anchor="part-a1", level=2, title="Salt & water"),
        Heading(anchor="part-c-1", level=3, title="Why"),
        Heading(anchor="part-d1", level=2, title="Salt & water"),
    ]


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ('<h2 data-block-key="a1">A</h2>', '<h2 id="part-a1">A</h2>'),
        ("<h2>Of an import</h2>", "<h2>Of an import</h2>"),
        ('<h2 data-block-key="&quot;">A</h2>', '<h2 data-block-key="&quot;">A</h2>'),
        ('<h2 data-block-key="a1">never ended', '<h2 data-block-key="a1">never ended'),
        ("", ""),
    ],
)
def test_only_headings_as_the_editor_stores_them_are_anchored(stored: str, shown: str) -> None:
    assert anchored(RichText(stored)).source == shown


@pytest.mark.parametrize(("count", "has_contents"), [(2, False), (3, True)])
def test_a_long_lesson_lists_its_headings_first(
    client: Client,
    make_course: Callable[..., CoursePage],
    make_lesson: Callable[..., LessonPage],
    count: int,
    has_contents: bool,
) -> None:
    text = "".join(f'<h2 data-block-key="k{number}">Part {number}</h2>' for number in range(count))
    lesson = make_lesson(make_course(slug="open"), slug="long", body=[("rich_text", text)])

    page = client.get(lesson.url).text

    assert ('href="#part-k1"' in page) == has_contents
    assert page.count('id="part-k1"') == 1

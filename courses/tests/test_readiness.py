"""What is open before a page can be approved, found in its newest draft."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from access.policy import Level
from courses.editing import readiness
from courses.editing.readiness import Code
from courses.models import CourseIndexPage, CoursePage, LessonCaption, LessonPage
from courses.tests.content import VTT, download, picture
from library.models import CustomDocument, CustomImage, Video

MakeCourse = Callable[..., CoursePage]
MakeLesson = Callable[..., LessonPage]
LINK = '<p><a linktype="page" id="{}">On</a></p>'


@pytest.fixture
def course(make_course: MakeCourse) -> CoursePage:
    return make_course(slug="here", description=[("rich_text", "<p>About it.</p>")])


@pytest.fixture
def write(course: CoursePage, make_lesson: MakeLesson) -> Callable[..., LessonPage]:
    """A lesson of these parts; images and documents as they are stored, so that nothing is validated."""

    def make(*body: Any, **fields: Any) -> LessonPage:
        return make_lesson(course, body=list(body), **fields)

    return make


def codes(page: CoursePage | LessonPage) -> list[Code]:
    return [check.code for check in readiness.checks_for(page)]


def text(html: str) -> tuple[str, str]:
    return ("rich_text", html)


# Nothing is open


def test_lesson_with_text_is_ready(write: Callable[..., LessonPage]) -> None:
    assert readiness.checks_for(write(text("<p>Text.</p>"))) == []


def test_course_with_a_ready_lesson_is_ready(course: CoursePage, write: Callable[..., LessonPage]) -> None:
    write(text("<p>Text.</p>"))

    assert readiness.checks_for(course) == []


def test_catalogue_has_nothing_to_check(catalogue: CourseIndexPage) -> None:
    assert readiness.checks_for(catalogue) == []


# What blocks


@pytest.mark.parametrize("body", [[], [text("")], [text("<p> </p>")]])
def test_lesson_without_text_or_video_is_blocked(write: Callable[..., LessonPage], body: list[Any]) -> None:
    (check,) = readiness.checks_for(write(*body))

    assert (check.code, check.is_blocking, check.anchor) == (Code.EMPTY, True, "body-root")
    assert readiness.is_blocked([check])


@pytest.mark.parametrize("summary", ["", "  "])
def test_empty_summary_blocks(course: CoursePage, summary: str) -> None:
    course.summary = summary

    check = readiness.checks_for(course)[0]

    assert (check.code, check.is_blocking, check.anchor) == (Code.SUMMARY, True, "id_summary")


def test_lesson_with_a_video_alone_is_not_blocked(write: Callable[..., LessonPage], video: Video) -> None:
    assert not readiness.is_blocked(readiness.checks_for(write(video=video)))


def test_video_that_was_deleted_does_not_fill_a_lesson(write: Callable[..., LessonPage], video: Video) -> None:
    lesson = write(video=video)
    lesson.save_revision()
    video.delete()

    assert Code.EMPTY in [check.code for check in readiness.checks_by_page([lesson])[lesson.pk]]


# Video


def test_video_wants_captions_and_a_transcript(write: Callable[..., LessonPage], video: Video) -> None:
    Video.objects.update(transcript=" ")

    assert codes(write(video=video)) == [Code.CAPTIONS, Code.TRANSCRIPT]


def test_video_with_captions_and_a_transcript_is_ready(write: Callable[..., LessonPage], video: Video) -> None:
    Video.objects.update(transcript="What is said.")
    lesson = write(video=video)
    lesson.captions.set([LessonCaption(language="en", label="English", vtt=VTT)])

    assert codes(lesson) == []


# Images and documents


def test_picture_wants_alternative_text(write: Callable[..., LessonPage], image: CustomImage) -> None:
    lesson = write(picture(image, alt=" "))

    (check,) = readiness.checks_for(lesson)

    assert (check.code, check.anchor) == (Code.ALT_TEXT, f"block-{lesson.body[0].id}-section")


def test_decorative_picture_needs_none(write: Callable[..., LessonPage], image: CustomImage) -> None:
    part = picture(image, alt="")
    image.decorative = True

    assert codes(write(part)) == []


def test_deleted_picture_and_document_are_found(
    write: Callable[..., LessonPage], image: CustomImage, document: CustomDocument
) -> None:
    lesson = write(text("<p>Text.</p>"), picture(image), download(document))
    lesson.save_revision()
    image.delete()
    document.delete()

    assert [check.code for check in readiness.checks_by_page([lesson])[lesson.pk]] == [Code.FILE, Code.FILE]


def test_picture_that_was_never_chosen_is_found(write: Callable[..., LessonPage]) -> None:
    lesson = write()
    lesson.body = json.dumps([{"type": "image", "value": {"image": None, "caption": ""}, "id": "a"}])

    assert codes(lesson) == [Code.FILE]


# Headings


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<h2>A</h2><h3>B</h3>", []),
        ("<h3>B</h3><h2>A</h2><h3>C</h3>", [Code.HEADINGS]),
        ("<h2></h2>", [Code.HEADINGS]),
        ("<h2>A <b>bold</b> one</h2>", []),
    ],
)
def test_order_of_headings(write: Callable[..., LessonPage], html: str, expected: list[Code]) -> None:
    assert codes(write(text(html + "<p>Text.</p>"))) == expected


def test_heading_of_an_earlier_block_counts(write: Callable[..., LessonPage]) -> None:
    assert codes(write(text("<h2>A</h2>"), text("<h3>B</h3>"))) == []


# Links


def test_link_to_a_live_page_is_good(write: Callable[..., LessonPage], course: CoursePage) -> None:
    assert codes(write(text(LINK.format(course.pk)))) == []


@pytest.mark.parametrize("number", ["999999", "", "x"])
def test_link_to_no_page_is_found(write: Callable[..., LessonPage], number: str) -> None:
    (check,) = readiness.checks_for(write(text(LINK.format(number))))

    assert check.code is Code.LINKS
    assert "“On”" in check.sentence


def test_link_to_a_draft_is_found(write: Callable[..., LessonPage], make_course: MakeCourse) -> None:
    assert codes(write(text(LINK.format(make_course(live=False).pk)))) == [Code.LINKS]


def test_link_to_a_lesson_of_a_draft_course_is_found(
    write: Callable[..., LessonPage], make_course: MakeCourse, make_lesson: MakeLesson
) -> None:
    assert codes(write(text(LINK.format(make_lesson(make_course(live=False)).pk)))) == [Code.LINKS]


@pytest.mark.parametrize(
    ("href", "is_good"),
    [
        ("/courses/here/", True),
        ("/courses/here", True),
        ("/courses/here/?t=5#start", True),
        ("http://localhost:8000/courses/here/", True),
        ("/", True),
        ("/courses/gone/", False),
        ("http://localhost:8000/courses/gone/", False),
        ("/sitemap.xml", True),
        ("https://example.org/courses/gone/", True),
        ("mailto:a@example.org", True),
        ("#below", True),
        ("http://[broken", True),
    ],
)
def test_address_of_this_site_is_looked_up(
    write: Callable[..., LessonPage], settings: Any, href: str, is_good: bool
) -> None:
    settings.SITE_URL = "http://localhost:8000"

    assert codes(write(text(f'<p><a href="{href}">On</a></p>'))) == ([] if is_good else [Code.LINKS])


def test_link_in_a_callout_counts(write: Callable[..., LessonPage]) -> None:
    part = ("callout", {"kind": "tip", "heading": "", "text": LINK.format(999999)})

    assert codes(write(part)) == [Code.LINKS]


# A course


def test_course_wants_a_description_and_lessons(make_course: MakeCourse) -> None:
    assert codes(make_course()) == [Code.DESCRIPTION, Code.LESSONS]


def test_course_that_asks_for_a_purchase_wants_a_price(course: CoursePage, write: Callable[..., LessonPage]) -> None:
    write(text("<p>Text.</p>"))
    course.access = Level.PURCHASE

    (check,) = readiness.checks_for(course)

    assert (check.code, check.is_blocking, check.anchor) == (Code.PRICE, False, "id_price")
    assert check.sentence == "The course is paid but has no price, so no one can buy it."


def test_course_with_a_price_can_be_bought(course: CoursePage, write: Callable[..., LessonPage]) -> None:
    write(text("<p>Text.</p>"))
    course.access, course.price, course.currency = Level.PURCHASE, 4900, "EUR"
    course.save_revision()

    assert readiness.checks_for(course) == readiness.checks_by_page([course])[course.pk] == []


@pytest.mark.parametrize("level", [Level.ANYONE, Level.EMAIL])
def test_course_that_asks_for_no_purchase_wants_no_price(
    course: CoursePage, write: Callable[..., LessonPage], level: Level
) -> None:
    write(text("<p>Text.</p>"))
    course.access = level

    assert readiness.checks_for(course) == []


def test_price_of_the_newest_draft_counts(course: CoursePage, write: Callable[..., LessonPage]) -> None:
    write(text("<p>Text.</p>"))
    course.access = Level.PURCHASE
    course.save_revision().publish()
    course.price, course.currency = 4900, "EUR"
    course.save_revision()

    assert readiness.checks_by_page([course])[course.pk] == []


def test_course_tells_of_its_lessons_but_is_not_held_up(course: CoursePage, write: Callable[..., LessonPage]) -> None:
    lesson = write(title="Hollow", live=False)

    (check,) = readiness.checks_for(course)

    assert (check.code, check.is_blocking, check.page_id) == (Code.EMPTY, False, lesson.pk)
    assert check.sentence.startswith("“Hollow”: The lesson has no text and no video")
    assert check.url == f"/admin/pages/{lesson.pk}/edit/#body-root"


# Which draft


def test_page_in_hand_is_looked_at_as_it_stands(write: Callable[..., LessonPage]) -> None:
    lesson = write(text("<p>Text.</p>"))
    lesson.save_revision()
    lesson.body = []

    assert codes(lesson) == [Code.EMPTY]
    assert readiness.checks_by_page([lesson])[lesson.pk] == []


def test_of_many_the_newest_draft_is_looked_at(write: Callable[..., LessonPage]) -> None:
    lesson = write(text("<p>Text.</p>"))
    draft = lesson.get_latest_revision_as_object()
    draft.body = []
    draft.save_revision(clean=False)

    pages = list(LessonPage.objects.all())

    assert [check.code for check in readiness.checks_by_page(pages)[lesson.pk]] == [Code.EMPTY]


def test_page_that_was_never_saved_can_be_looked_at() -> None:
    assert codes(LessonPage(title="New")) == [Code.SUMMARY, Code.EMPTY]


@pytest.mark.parametrize("is_saved", [True, False])
def test_many_cost_as_much_as_one(
    make_course: MakeCourse, make_lesson: MakeLesson, image: CustomImage, is_saved: bool
) -> None:
    def cost() -> int:
        made = make_course(description=[("rich_text", LINK.format(1))])
        lesson = make_lesson(made, body=[picture(image), text('<p><a href="/courses/x/">On</a></p>')])
        if is_saved:
            made.save_revision()
            lesson.save_revision()
        pages = [*CoursePage.objects.all(), *LessonPage.objects.all()]
        with CaptureQueriesContext(connection) as queries:
            readiness.checks_by_page(pages)
        return len(queries)

    cost()
    once = cost()

    assert [cost() for _ in range(4)] == [once] * 4

"""Chapters of a video: timecodes, the track, and the list below the video."""

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from wagtail.admin.compare import comparison_class_registry

from courses.content import captions, timecode
from courses.models import LessonChapter, LessonPage
from library.models import Video


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("0:00", 0), ("1:23", 83), (" 01:23 ", 83), ("75:00", 4500), ("1:02:03", 3723), ("99:59:59", 359_999)],
)
def test_time_is_read_as_people_write_it(text: str, seconds: int) -> None:
    assert timecode.read(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "83", "1:60", "1:2", "1:60:00", "-1:00", "1:23.5", "1:02:03:04", "1:٢٣", "9" * 5000 + ":00", "x"]
)
def test_what_is_no_time_is_refused(text: str) -> None:
    assert timecode.read(text) is None


@given(st.integers(0, 359_999))
def test_time_that_is_written_is_read(seconds: int) -> None:
    assert timecode.read(timecode.written(seconds)) == seconds


@pytest.fixture
def lesson(open_lesson: LessonPage, video: Video) -> LessonPage:
    open_lesson.video = video
    open_lesson.chapters.set([LessonChapter(start=83, title="R&D <b>"), LessonChapter(start=0, title="Begin")])
    open_lesson.save_revision().publish()
    return open_lesson


def test_chapters_are_a_track_in_the_order_of_time(client: Client, lesson: LessonPage) -> None:
    response = client.get(f"/lessons/{lesson.pk}/chapters.vtt")

    text = response.content.decode()
    assert response["Content-Type"] == "text/vtt; charset=utf-8"
    assert captions.problem(text) is None
    assert [(cue.start, cue.text) for cue in captions.cues(text)] == [(0, "Begin"), (83, "R&D <b>")]
    assert "00:00:00.000 --> 00:01:23.000" in text


def test_chapters_that_nobody_wrote_are_not_here(client: Client, open_lesson: LessonPage) -> None:
    assert client.get(f"/lessons/{open_lesson.pk}/chapters.vtt").status_code == 404


def test_each_chapter_leads_to_its_second(client: Client, lesson: LessonPage) -> None:
    text = client.get(lesson.url).text

    assert 'href="?t=83"' in text
    assert "R&amp;D &lt;b&gt;" in text
    assert f'<track kind="chapters" src="/lessons/{lesson.pk}/chapters.vtt"' in text


@pytest.mark.refusal("policy")
def test_chapters_of_a_gated_lesson_are_refused(client: Client, email_lesson: LessonPage) -> None:
    email_lesson.chapters.set([LessonChapter(start=0, title="Begin")])
    email_lesson.save_revision().publish()

    assert client.get(f"/lessons/{email_lesson.pk}/chapters.vtt").status_code == 403
    assert "Begin" not in client.get(email_lesson.url).text


def test_a_changed_chapter_is_compared_as_it_was_typed() -> None:
    field = LessonChapter._meta.get_field("start")
    compare = comparison_class_registry.get(field)

    compared = compare(field, LessonChapter(start=83), LessonChapter(start=3723))

    assert compared.has_changed()
    assert "1:23" in compared.htmldiff()
    assert "1:02:03" in compared.htmldiff()

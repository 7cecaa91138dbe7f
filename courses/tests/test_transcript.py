"""The transcript: rows read from WebVTT, and what the lesson makes of them."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from courses import preview_time
from courses.content import captions
from courses.models import LessonCaption, LessonPage
from courses.preview_time import Audience
from library.models import Video

MakeLesson = Callable[..., LessonPage]
GERMAN = "WEBVTT\n\n01:23.500 --> 01:25.000\nGuten Tag\n"
ENGLISH = "WEBVTT\n\n01:22.000 --> 01:25.000\nGood day <i>to</i> you\n\n1:00:00.000 --> 1:00:01.000\nBye &amp; on\n"


def rows(text: str) -> list[tuple[float, str]]:
    return [(cue.start, cue.text) for cue in captions.cues(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("00:01.000 --> 00:04.000\nHello\n", [(1, "Hello")]),
        ("1\r\n01:02:03.250 --> 01:02:04.000 align:start\r\nOne\r\ntwo\r\n", [(3723.25, "One two")]),
        ("\r00:01.000 --> 00:04.000\rOld\r", [(1, "Old")]),
        ("NOTE\n00 not said\n\nSTYLE\n::cue {}\n\nREGION\nid:x\n\n00:01.000-->00:02.000\nSaid", [(1, "Said")]),
        ("00:01.000 --> 00:02.000\n<v.loud Ann>Hi</v> <c.red><00:01.500>you</c>\n- <rt>b</rt>", [(1, "Hi you - b")]),
        ("00:01.000 --> 00:02.000\nR&amp;D &lt;b&gt;&nbsp;1 < 2", [(1, "R&D <b> 1 < 2")]),
        ("00:02.000 --> 00:03.000\nLater\n\n00:01.000 --> 00:02.000\nEarlier", [(1, "Earlier"), (2, "Later")]),
        ("00:01.000 --> 00:02.000\nOne\n00:02.000 --> 00:03.000\nTwo", [(1, "One"), (2, "Two")]),
        ("00:01.000 --> 00:02.000\n\n00:02.000 --> 00:03.000\n<i> </i>\n", []),
        ("00:61.000 --> 00:02.000\nNo such time\n\n00:1 --> x\nNor this\n--> \nNor this", []),
        ("", []),
    ],
)
def test_captions_become_rows(text: str, found: list[tuple[float, str]]) -> None:
    assert rows(f"\ufeffWEBVTT\n\n{text}") == found


@pytest.mark.parametrize(
    "text",
    [
        "<" * 2_000_000,
        "<a" * 1_000_000,
        "&" * 2_000_000,
        f"&#{'9' * 2_000_000};",
        "-->\n" * 500_000,
        f"{'9' * 2_000_000}:00:00.000 --> 00:01.000",
        f"{' ' * 2_000_000}-->",
        "\n" * 2_000_000,
    ],
    ids=lambda text: repr(text[:6]),
)
def test_hostile_captions_cost_little(text: str) -> None:
    begun = time.process_time()

    captions.cues(f"WEBVTT\n\n00:00.000 --> 00:01.000\n{text}")

    assert time.process_time() - begun < 2


TIMING = "00:01.000 --> 00:02.000"
PIECES = st.sampled_from(["WEBVTT", "-->", TIMING, "<v X>", "<", ">", "&amp;", "&#", "NOTE", "\n", "\r"])


@given(st.lists(PIECES | st.text(max_size=9)).map("".join))
def test_whatever_is_pasted_becomes_rows_in_order(text: str) -> None:
    found = rows(text)

    assert found == sorted(found, key=lambda row: row[0])
    assert all(row and row == " ".join(row.split()) for _, row in found)


NO_TAGS = st.text(st.characters(exclude_characters="<>&-\n\r", exclude_categories=["Cs"]), min_size=1)


@given(st.lists(st.tuples(st.integers(0, 359_999_999), NO_TAGS.filter(str.strip)), max_size=20))
def test_what_is_written_is_read(said: list[tuple[int, str]]) -> None:
    cues = [
        f"{at // 3_600_000:02}:{at // 60_000 % 60:02}:{at // 1000 % 60:02}.{at % 1000:03} --> 99:59:59.999\n{text}\n"
        for at, text in said
    ]

    found = [(round(start * 1000), text) for start, text in rows("WEBVTT\n\n" + "\n".join(cues))]

    assert found == sorted(((at, " ".join(text.split())) for at, text in said), key=lambda row: row[0])


# On the page


@pytest.fixture
def lesson(open_lesson: LessonPage, video: Video) -> LessonPage:
    """With captions in two languages."""
    open_lesson.video = video
    open_lesson.captions.set(
        [
            LessonCaption(language="en", label="English", vtt=ENGLISH),
            LessonCaption(language="de", label="Deutsch", vtt=GERMAN),
        ]
    )
    open_lesson.save_revision().publish()
    return open_lesson


def page(client: Client, lesson: LessonPage, query: str = "") -> str:
    return str(client.get(f"{lesson.url}{query}").text)


def test_each_row_leads_to_its_second(client: Client, lesson: LessonPage) -> None:
    text = page(client, lesson)

    assert 'href="?t=82"' in text
    assert 'href="?t=3600"' in text
    assert "1:22</span>" in text
    assert "1:00:00</span>" in text
    assert "Good day to you" in text
    assert "Bye &amp; on" in text
    assert "Guten Tag" not in text


def test_another_language_is_shown_where_the_address_asks_for_it(client: Client, lesson: LessonPage) -> None:
    text = page(client, lesson, "?captions=de")

    assert 'href="?captions=de&amp;t=83"' in text
    assert "Guten Tag" in text
    assert "Good day" not in text
    assert f"/lessons/{lesson.pk}/captions/de.vtt?text" in text


@pytest.mark.parametrize("language", ["xx", "", "%3Cscript%3E", "%00", "en"])
def test_a_language_that_nobody_wrote_changes_nothing(client: Client, lesson: LessonPage, language: str) -> None:
    assert page(client, lesson, f"?captions={language}") == page(client, lesson)


def test_second_of_the_address_is_where_the_video_starts(client: Client, lesson: LessonPage) -> None:
    assert f'src="/files/{lesson.pk}/video/{lesson.video_id}/#t=83"' in page(client, lesson, "?captions=de&t=83")


def test_free_text_stays_where_there_are_no_captions(client: Client, lesson: LessonPage) -> None:
    Video.objects.update(transcript="Written by hand")
    assert "Written by hand" not in page(client, lesson)

    LessonCaption.objects.all().delete()

    assert "Written by hand" in page(client, lesson)


@pytest.mark.refusal("policy")
def test_transcript_of_a_locked_lesson_is_sent_to_nobody(
    client: Client, email_lesson: LessonPage, lesson: LessonPage, video: Video
) -> None:
    email_lesson.video = video
    email_lesson.captions.set([LessonCaption(language="en", label="English", vtt=ENGLISH)])
    email_lesson.save_revision().publish()

    text = page(client, email_lesson, "?captions=en&t=82")

    assert "Good day" not in text
    assert "transcript" not in text


def test_no_download_of_a_restricted_video_is_offered(
    client: Client, verified_learner: Client, email_lesson: LessonPage, lesson: LessonPage, video: Video
) -> None:
    email_lesson.video = video
    email_lesson.save_revision().publish()

    opened, locked = page(client, lesson), page(verified_learner, email_lesson)

    assert ("nodownload" in opened, "Download it instead" in opened) == (False, True)
    assert ("nodownload" in locked, "Download it instead" in locked) == (True, False)


def test_preview_shows_the_transcript_that_its_address_asks_for(lesson: LessonPage, rf: Any) -> None:
    draft = LessonPage.objects.get(pk=lesson.pk).get_latest_revision_as_object()
    query = rf.get("/?mode=email&captions=de&t=83").GET

    text = preview_time.preview(draft, audience=Audience.EMAIL, query=query).text

    assert 'href="?mode=email&amp;captions=de&amp;t=83"' in text
    assert "#t=83" in text

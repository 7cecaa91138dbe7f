"""Tracks of a lesson's video as files: its captions and chapters as WebVTT, and captions as text to keep.

Who may have them is decided before.
"""

from itertools import pairwise

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from courses.content.captions import cues
from courses.models import LessonPage

LAST = 359_999  # seconds: 99:59:59, the end of what has none


def captions(lesson: LessonPage, language: str, *, as_text: bool = False) -> HttpResponse | None:
    """None where nobody wrote any in this language."""
    found = next((each for each in lesson.captions.all() if each.language == language), None)
    if found is None:
        return None
    if not as_text:
        return _vtt(found.vtt)
    text = "".join(f"{cue.text}\n" for cue in cues(found.vtt))
    name = content_disposition_header(True, f"{lesson.slug}.{language}.txt") or "attachment"
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers={"Content-Disposition": name})


def chapters(lesson: LessonPage) -> HttpResponse | None:
    """None where there are none. Each lasts until the next."""
    found = sorted(lesson.chapters.all(), key=lambda chapter: chapter.start)
    if not found:
        return None
    starts = [chapter.start for chapter in found]
    cues = [
        f"{_clock(start)} --> {_clock(end)}\n{_escaped(chapter.title)}\n"
        for chapter, (start, end) in zip(found, pairwise([*starts, max(LAST, starts[-1] + 1)]), strict=True)
    ]
    return _vtt("WEBVTT\n\n" + "\n".join(cues))


def _vtt(text: str) -> HttpResponse:
    return HttpResponse(text, content_type="text/vtt; charset=utf-8")


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.000"


def _escaped(title: str) -> str:
    return " ".join(title.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

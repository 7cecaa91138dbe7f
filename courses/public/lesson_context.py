"""The template context of a lesson: its course, its neighbours, its video."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from access.gate import decisions
from courses.content.headings import headings_in
from courses.content.page_links import OWN, PageLinks, links_for
from courses.models import LessonPage
from courses.public import syllabus
from library import cloudinary
from library.models import Video

LONG = 3  # headings, from which on a text gets a table of contents


@dataclass(frozen=True, kw_only=True)
class Track:
    url: str
    language: str
    label: str
    is_default: bool


@dataclass(frozen=True, kw_only=True)
class Player:
    """All addresses are gated: each request for them is decided anew."""

    url: str
    stream_url: str  # many sizes in one playlist, for browsers that play such; "" where there is none
    mime: str
    poster_url: str
    width: int | None
    height: int | None
    captions: list[Track]
    transcript: str


def context(lesson: LessonPage, request: HttpRequest) -> dict[str, Any]:
    course = lesson.course
    entries = syllabus.entries_for(course, request) if course else []
    place = next((index for index, entry in enumerate(entries) if entry.path == lesson.path), None)
    note = decisions.noted(request)
    contents = headings_in(lesson.body)
    return {
        "course": {"title": course.title, "url": course.get_url(request)} if course else None,
        "syllabus": entries,
        "sections": syllabus.sections(entries),
        "contents": contents if len(contents) >= LONG else [],
        "entry": entries[place] if place is not None else None,
        "previous": entries[place - 1] if place else None,
        "next": entries[place + 1] if place is not None and place + 1 < len(entries) else None,
        "video": player(
            lesson,
            lesson.video,
            links=links_for(request),
            second=request.GET.get("t", ""),
            is_open=note is None or note.restriction.is_open,
        )
        if lesson.video
        else None,
    }


def player(
    lesson: LessonPage, video: Video, *, links: PageLinks = OWN, second: str = "", is_open: bool = False
) -> Player:
    """`second` is where to begin; the browser's own player reads it from the end of the address."""
    page_id = lesson.pk or 0
    begin = f"#t={second}" if second.isascii() and second.isdigit() else ""
    url = links.video(page_id, video.pk)
    return Player(
        url=url + begin,
        stream_url=f"{url}?stream{begin}" if is_open and cloudinary.storage_of(video.file) else "",
        mime=video.mime,
        poster_url=video.thumbnail.url if video.thumbnail else "",
        width=video.width,
        height=video.height,
        captions=[
            Track(
                url=links.captions(page_id, caption.language),
                language=caption.language,
                label=caption.label,
                is_default=number == 0,
            )
            for number, caption in enumerate(lesson.captions.all())
        ],
        transcript=video.transcript,
    )

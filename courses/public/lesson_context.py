"""The template context of a lesson: its course, its neighbours, its video."""

from typing import Any

from django.http import HttpRequest

from access.gate import decisions
from courses.content.headings import headings_in
from courses.content.page_links import links_for
from courses.models import LessonPage
from courses.public import player, syllabus

LONG = 3  # headings, from which on a text gets a table of contents


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
        "is_last": place is not None and not any(later.status.is_published for later in entries[place + 1 :]),
        "next": entries[place + 1] if place is not None and place + 1 < len(entries) else None,
        "video": player.player(
            lesson,
            lesson.video,
            links=links_for(request),
            second=request.GET.get("t", ""),
            language=request.GET.get("captions", ""),
            is_open=note is None or note.restriction.is_open,
        )
        if lesson.video
        else None,
    }

"""The teaser of a lesson, for the gate: its own public part, and what invites to its course."""

from dataclasses import dataclass

from django.http import HttpRequest

from access.teaser import Teaser
from courses.models import LessonPage
from courses.public import catalogue, syllabus
from courses.public.catalogue import Picture
from courses.public.syllabus import Section, SyllabusEntry
from library import renditions


@dataclass(frozen=True, kw_only=True)
class LessonTeaser(Teaser):
    """`picture`, `picture_alt` and `fallback` are the cover of the course; `free_preview` is a lesson to try first."""

    picture: Picture
    picture_alt: str
    fallback: int
    sections: list[Section]
    free_preview: SyllabusEntry | None


def teaser(lesson: LessonPage, request: HttpRequest) -> LessonTeaser:
    course = lesson.course
    assert course is not None  # noqa: S101  (an orphan is refused before anybody asks for its teaser)
    entries = syllabus.entries_for(course)
    number = next((entry.number for entry in entries if entry.path == lesson.path), 0)
    is_soon = course.status.is_coming_soon
    tries = [entry for entry in entries if entry.is_free_preview and entry.status.is_published and not is_soon]
    return LessonTeaser(
        title=lesson.title,
        summary=lesson.summary,
        minutes=lesson.minutes,
        number=number,
        course_title=course.title,
        course_url=course.get_url() or "",
        lesson_count=len(entries),
        is_paid=course.level.is_sold,
        soon_course_id=course.pk if is_soon else None,
        picture=catalogue.picture(course, request, size=renditions.COVER),
        picture_alt=course.thumbnail_alt,
        fallback=catalogue.fallback(course),
        sections=syllabus.sections(entries),
        free_preview=tries[0] if tries else None,
    )

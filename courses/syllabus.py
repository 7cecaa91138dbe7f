"""The syllabus: what everyone may know about the live lessons of a live course. The public fields are named here."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import batched

from django.db.models import Q
from django.http import HttpRequest

from access.policy import Level, Status
from access.teaser import Teaser
from courses.models import CoursePage, LessonPage
from courses.models.stage import status_of

PUBLIC_FIELDS = ("path", "slug", "title", "summary", "minutes", "is_free_preview", "availability")


@dataclass(frozen=True, kw_only=True)
class SyllabusEntry:
    number: int
    slug: str
    title: str
    summary: str
    url: str
    minutes: int
    is_free_preview: bool
    status: Status
    path: str


def of(course: CoursePage, request: HttpRequest | None = None) -> list[SyllabusEntry]:
    """The course's live lessons in their order, in one query. Drafts are neither shown nor counted."""
    course_url = course.get_url(request) or ""
    return [_entry(number, row, course_url) for number, row in enumerate(_rows([course.path]), start=1)]


def by_course(courses: list[CoursePage]) -> dict[str, list[SyllabusEntry]]:
    """The same for many courses, by course path; one query for each hundred. The entries have no address."""
    found: dict[str, list[SyllabusEntry]] = {course.path: [] for course in courses}
    for paths in batched(found, 100):  # SQLite reads no more than a thousand conditions in one query
        for row in _rows(paths):
            entries = found[str(row["path"])[: -LessonPage.steplen]]
            entries.append(_entry(len(entries) + 1, row, ""))
    return found


def teaser(lesson: LessonPage) -> Teaser:
    course = lesson.course
    assert course is not None  # noqa: S101  (an orphan is refused before anybody asks for its teaser)
    entries = of(course)
    number = next((entry.number for entry in entries if entry.path == lesson.path), 0)
    return Teaser(
        title=lesson.title,
        summary=lesson.summary,
        minutes=lesson.minutes,
        number=number,
        course_title=course.title,
        course_url=course.get_url() or "",
        lesson_count=len(entries),
        is_paid=course.access == Level.PURCHASE,
    )


def _rows(course_paths: Iterable[str]) -> list[dict[str, object]]:
    # Ranges over the indexed path: Wagtail's own child_of() scans the whole table on SQLite. Paths are ASCII letters
    # and digits of equal length, which every database sorts alike.
    first, last = "0" * LessonPage.steplen, "Z" * LessonPage.steplen
    ranges = Q(pk__in=[])
    for path in course_paths:
        ranges |= Q(path__range=(path + first, path + last), depth=len(path) // LessonPage.steplen + 1)
    return list(LessonPage.objects.filter(ranges, live=True).order_by("path").values(*PUBLIC_FIELDS))


def _entry(number: int, row: dict[str, object], course_url: str) -> SyllabusEntry:
    return SyllabusEntry(
        number=number,
        slug=str(row["slug"]),
        title=str(row["title"]),
        summary=str(row["summary"]),
        url=f"{course_url}{row['slug']}/",
        minutes=int(str(row["minutes"])),
        is_free_preview=bool(row["is_free_preview"]),
        status=status_of(is_live=True, availability=str(row["availability"])),
        path=str(row["path"]),
    )

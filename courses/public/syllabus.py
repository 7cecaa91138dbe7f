"""The syllabus: what everyone may know about the live lessons of a live course. The public fields are named here."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import batched
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest

from access.models.pages import live_now
from access.policy import Status
from courses.models import CoursePage, LessonPage
from courses.models.stage import status_of
from courses.preview_time import NOW, AsOf

PUBLIC_FIELDS = (
    "path",
    "translation_key",
    "slug",
    "title",
    "summary",
    "section",
    "minutes",
    "is_free_preview",
    "availability",
)


@dataclass(frozen=True, kw_only=True)
class SyllabusEntry:
    number: int
    slug: str
    title: str
    summary: str
    section: str  # the title of the section that begins with it, or ""
    url: str
    minutes: int
    is_free_preview: bool
    status: Status
    path: str
    key: UUID  # the lesson's translation key, under which learning remembers it


@dataclass(frozen=True, kw_only=True)
class Section:
    """Lessons that stand together; the first of a course may have no title."""

    title: str
    entries: list[SyllabusEntry]


def sections(entries: Iterable[SyllabusEntry]) -> list[Section]:
    found: list[Section] = []
    for entry in entries:
        if entry.section or not found:
            found.append(Section(title=entry.section, entries=[]))
        found[-1].entries.append(entry)
    return found


def entries_for(course: CoursePage, request: HttpRequest | None = None) -> list[SyllabusEntry]:
    """The course's live lessons in their order, in one query. Drafts are neither shown nor counted."""
    course_url = course.get_url(request) or ""
    return [entry(number, row, course_url) for number, row in enumerate(_rows([course.path], course.as_of), start=1)]


def by_course(courses: list[CoursePage], as_of: AsOf = NOW) -> dict[str, list[SyllabusEntry]]:
    """The same for many courses, by course path; one query for each hundred. The entries have no address."""
    found: dict[str, list[SyllabusEntry]] = {course.path: [] for course in courses}
    for paths in batched(found, 100):  # SQLite reads no more than a thousand conditions in one query
        for row in _rows(paths, as_of):
            entries = found[str(row["path"])[: -LessonPage.steplen]]
            entries.append(entry(len(entries) + 1, row, ""))
    return found


def below(course_paths: Iterable[str]) -> Q:
    """The lessons of the courses at these paths: at most a hundred."""
    # Ranges over the indexed path: Wagtail's own child_of() scans the whole table on SQLite. Paths are ASCII letters
    # and digits of equal length, which every database sorts alike.
    first, last = "0" * LessonPage.steplen, "Z" * LessonPage.steplen
    ranges = Q(pk__in=[])
    for path in course_paths:
        ranges |= Q(path__range=(path + first, path + last), depth=len(path) // LessonPage.steplen + 1)
    return ranges


def _rows(course_paths: Collection[str], as_of: AsOf) -> list[dict[str, object]]:
    lessons = LessonPage.objects.filter(below(course_paths), live_now())
    rows = list(lessons.order_by("path").values(*PUBLIC_FIELDS))
    if not as_of.changed:
        return rows
    rows = [row for row in rows if row["path"] not in as_of.changed]
    for lesson in as_of.of_kind(LessonPage):
        if lesson.live and lesson.path[: -LessonPage.steplen] in course_paths:
            rows.append({name: getattr(lesson, name) for name in PUBLIC_FIELDS})
    return sorted(rows, key=lambda row: str(row["path"]))


def entry(number: int, row: dict[str, object], course_url: str) -> SyllabusEntry:
    return SyllabusEntry(
        number=number,
        slug=str(row["slug"]),
        title=str(row["title"]),
        summary=str(row["summary"]),
        section=str(row["section"]),
        url=f"{course_url}{row['slug']}/",
        minutes=int(str(row["minutes"])),
        is_free_preview=bool(row["is_free_preview"]),
        status=status_of(is_live=True, availability=str(row["availability"])),
        path=str(row["path"]),
        key=UUID(str(row["translation_key"])),
    )

"""What a lesson asks, gathered from everywhere it stands: its own course, its alias's source, its translations."""

from collections.abc import Iterator

from django.db.models import Q

from access import policy
from access.models.pages import is_live, live_now
from access.policy import Level, Restriction
from courses.as_of import AsOf
from courses.models import CoursePage, LessonPage
from courses.models.stage import status_of

COURSE_FIELDS = (
    "path",
    "title",
    "slug",
    "url_path",
    "live",
    "expire_at",
    "availability",
    "access",
    "translation_key",
    "locale_id",
)


def of(lesson: LessonPage) -> Restriction:
    """The strictest of all positions. An orphan, or a position that is not in a course, opens to nobody.

    Unpublished translations do not count: what nobody has approved changes nothing. An alias's sources always do.
    """
    as_of = lesson.as_of
    positions = [lesson, *_sources(lesson)]
    keys = {position.translation_key for position in positions}
    paths = {position.path for position in positions}
    translations = as_of.overlay(
        LessonPage,
        LessonPage.objects.filter(live_now(), translation_key__in=keys)
        .exclude(path__in=paths)
        .only("path", "is_free_preview"),
        fits=lambda page: page.live and page.translation_key in keys and page.path not in paths,
    )
    own_paths = {_course_path(path) for path in paths}
    courses = _courses(own_paths, {_course_path(page.path) for page in translations}, as_of)
    own = [course for course in courses if course.path in own_paths]
    if len(own) < len(own_paths) or not all(course.access in Level.values for course in courses):
        return policy.UNKNOWN
    lesson.course = next(course for course in own if course.path == _course_path(lesson.path))
    pages: list[LessonPage | CoursePage] = [*positions, *own]
    statuses = [status_of(is_live=is_live(page), availability=page.availability) for page in pages]
    return Restriction(
        level=policy.strictest([Level(course.access) for course in courses]),
        status=policy.least(statuses),
        is_free_preview=all(page.is_free_preview for page in [*positions, *translations]),
        courses=frozenset(course.translation_key for course in courses if course.access == Level.PURCHASE),
    )


def _sources(lesson: LessonPage) -> Iterator[LessonPage]:
    """The page an alias stands for, and so on up; a circle, which Wagtail cannot make, ends too."""
    seen = {lesson.pk}
    source_id = lesson.alias_of_id
    while source_id is not None and source_id not in seen:
        seen.add(source_id)
        source = lesson.as_of.get(LessonPage, source_id)
        yield source
        source_id = source.alias_of_id


def _courses(own_paths: set[str], translated_paths: set[str], as_of: AsOf) -> list[CoursePage]:
    """The courses at these places, and the live translations of the first, in one query."""
    own_keys = CoursePage.objects.filter(path__in=own_paths).values("translation_key")
    stored = CoursePage.objects.filter(
        Q(path__in=own_paths) | live_now() & (Q(path__in=translated_paths) | Q(translation_key__in=own_keys))
    ).only(*COURSE_FIELDS)
    keys = {course.translation_key for course in stored if course.path in own_paths}
    return as_of.overlay(
        CoursePage,
        stored,
        fits=lambda course: (
            course.path in own_paths
            or (course.live and (course.path in translated_paths or course.translation_key in keys))
        ),
    )


def _course_path(path: str) -> str:
    return path[: -LessonPage.steplen]

"""The restriction of a lesson, gathered from its course, its alias's source, its translations and its origin."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from django.db.models import Q

from access import policy
from access.models.pages import is_live, live_now
from access.policy import Level, Restriction
from courses.models import CoursePage, LessonPage
from courses.models.stage import status_of
from courses.preview_time import AsOf
from courses.public import syllabus

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
    "thumbnail",
    "thumbnail_alt",
)


def restriction_for(lesson: LessonPage) -> Restriction:
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
    origins = {position.origin_course for position in positions if position.origin_course}
    translated_paths = {_course_path(page.path) for page in translations}
    found = _courses(own_paths, translated_paths, origins, as_of)
    own = [course for course in found if course.path in own_paths]
    own_keys = {course.translation_key for course in own}
    courses = [
        course
        for course in found
        if course.path in own_paths
        or (is_live(course) and (course.path in translated_paths or course.translation_key in own_keys))
    ]
    if len(own) < len(own_paths) or not all(course.access in Level.values for course in found):
        return policy.UNKNOWN
    lesson.course = next(course for course in own if course.path == _course_path(lesson.path))
    pages: list[LessonPage | CoursePage] = [*positions, *own]
    statuses = [status_of(is_live=is_live(page), availability=page.availability) for page in pages]
    level = policy.strictest([course.level for course in courses])
    bought = {course.translation_key for course in courses if course.level.is_sold}
    kept = {key: _level(course for course in found if course.translation_key == key) for key in origins - own_keys}
    stricter = policy.strictest([*([level] if level else []), *kept.values()])
    if stricter != level:  # the courses that it came from ask for more than those it is in
        bought |= {key for key, asked in kept.items() if asked.is_sold}
    return Restriction(
        level=stricter,
        status=policy.least(statuses),
        is_free_preview=all(page.is_free_preview for page in [*positions, *translations]),
        courses=frozenset(bought),
        is_kept=stricter != level,
    )


def is_looser(course: UUID, *, than: UUID) -> bool:
    """Whether one course asks for less than another, both given by their translation keys."""
    level = _level_of(course)
    return policy.strictest([level, _level_of(than)]) is not level


def kept_levels(course: CoursePage) -> dict[str, Level]:
    """What lessons of the course, by path, go on asking since they came from another one."""
    strangers = LessonPage.objects.filter(syllabus.below([course.path]), origin_course__isnull=False)
    origins = dict(strangers.exclude(origin_course=course.translation_key).values_list("path", "origin_course"))
    levels = {key: _level_of(key) for key in set(origins.values()) if key}
    return {path: levels[key] for path, key in origins.items() if key}


def _level_of(key: UUID) -> Level:
    return _level(CoursePage.objects.filter(translation_key=key))


def _level(courses: Iterable[CoursePage]) -> Level:
    """The strictest of a course and its translations; of one that is gone nobody knows, so the most."""
    return policy.strictest([course.level for course in courses]) or list(Level)[-1]


def _sources(lesson: LessonPage) -> Iterator[LessonPage]:
    """The page that an alias mirrors, and so on up; a circle, which Wagtail cannot make, ends too."""
    seen = {lesson.pk}
    source_id = lesson.alias_of_id
    while source_id is not None and source_id not in seen:
        seen.add(source_id)
        source = lesson.as_of.get(LessonPage, source_id)
        yield source
        source_id = source.alias_of_id


def _courses(own_paths: set[str], translated_paths: set[str], origins: set[UUID], as_of: AsOf) -> list[CoursePage]:
    """The courses at these places, the live translations of the first, and those of these keys, in one query."""
    own_keys = CoursePage.objects.filter(path__in=own_paths).values("translation_key")
    stored = CoursePage.objects.filter(
        Q(path__in=own_paths)
        | live_now() & (Q(path__in=translated_paths) | Q(translation_key__in=own_keys))
        | Q(translation_key__in=origins)
    ).only(*COURSE_FIELDS)
    keys = {course.translation_key for course in stored if course.path in own_paths}
    return as_of.overlay(
        CoursePage,
        stored,
        fits=lambda course: (
            course.path in own_paths
            or course.translation_key in origins
            or (course.live and (course.path in translated_paths or course.translation_key in keys))
        ),
    )


def _course_path(path: str) -> str:
    return path[: -LessonPage.steplen]

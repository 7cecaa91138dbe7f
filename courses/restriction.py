"""What a lesson asks, gathered from everywhere it stands: its own course, its alias's source, its translations."""

from collections.abc import Iterator

from django.db.models import Q

from access import policy
from access.policy import Level, Restriction
from courses.models import CoursePage, LessonPage
from courses.models.stage import status_of


def of(lesson: LessonPage) -> Restriction:
    """The strictest of all positions. An orphan, or a position that is not in a course, opens to nobody.

    Unpublished translations do not count: what nobody has approved changes nothing. An alias's sources always do.
    """
    positions = [lesson, *_sources(lesson)]
    keys = {position.translation_key for position in positions}
    translations = list(
        LessonPage.objects.filter(live=True, translation_key__in=keys)
        .exclude(pk__in=[position.pk for position in positions])
        .values_list("path", "is_free_preview")
    )
    own_paths = {_course_path(position.path) for position in positions}
    courses = _courses(own_paths, {_course_path(path) for path, _ in translations})
    own = [course for course in courses if course.path in own_paths]
    if len(own) < len(own_paths) or not all(course.access in Level.values for course in courses):
        return policy.UNKNOWN
    lesson.course = next(course for course in own if course.path == _course_path(lesson.path))
    pages: list[LessonPage | CoursePage] = [*positions, *own]
    statuses = [status_of(is_live=page.live, availability=page.availability) for page in pages]
    return Restriction(
        level=policy.strictest([Level(course.access) for course in courses]),
        status=policy.least(statuses),
        is_free_preview=all([*(p.is_free_preview for p in positions), *(is_free for _, is_free in translations)]),
        courses=frozenset(course.translation_key for course in courses if course.access == Level.PURCHASE),
    )


def _sources(lesson: LessonPage) -> Iterator[LessonPage]:
    """The page an alias stands for, and so on up; a circle, which Wagtail cannot make, ends too."""
    seen = {lesson.pk}
    source_id = lesson.alias_of_id
    while source_id is not None and source_id not in seen:
        seen.add(source_id)
        source = LessonPage.objects.get(pk=source_id)
        yield source
        source_id = source.alias_of_id


def _courses(own_paths: set[str], translated_paths: set[str]) -> list[CoursePage]:
    """The courses at these places, and the live translations of the first, in one query."""
    own_keys = CoursePage.objects.filter(path__in=own_paths).values("translation_key")
    return list(
        CoursePage.objects.filter(
            Q(path__in=own_paths) | Q(live=True, path__in=translated_paths) | Q(live=True, translation_key__in=own_keys)
        ).only("path", "title", "slug", "url_path", "live", "availability", "access", "translation_key", "locale_id")
    )


def _course_path(path: str) -> str:
    return path[: -LessonPage.steplen]

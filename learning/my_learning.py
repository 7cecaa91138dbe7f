"""My learning (dashboard of a learner): all their courses, each with its progress, and how they came by it."""

from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest
from wagtail.models import Locale

from access.models import Grant
from access.models.pages import live_now
from access.sessions.learner_sessions import Learner
from courses.models import CoursePage, LessonPage
from courses.public import syllabus
from learning import course_progress, history, watched
from learning.course_progress import READ, CourseProgress
from learning.models import FinishedCourse, LessonProgress


@dataclass(frozen=True, kw_only=True)
class LearnersCourse:
    title: str
    url: str
    progress: CourseProgress
    source: Grant.Source | None = None  # how they came by it; None where nothing was bought or given


@dataclass(frozen=True, kw_only=True)
class Shelves:
    """Every course stands on one: what was seen last comes first, and what is finished last."""

    started: list[LearnersCourse]
    untouched: list[LearnersCourse]
    finished: list[LearnersCourse]
    is_kept: bool = True


def shelves(learner: Learner, request: HttpRequest) -> Shelves:
    """In as many statements for one course as for a hundred. A course that is no longer there is left out."""
    rows = list(LessonProgress.objects.filter(email=learner.email_id).values(*READ))
    ends = dict(FinishedCourse.objects.filter(email=learner.email_id).values_list("course_key", "finished_at"))
    granted = Grant.objects.filter(email=learner.email_id, revoked_at=None).order_by("-granted_at")
    sources = dict(granted.values_list("course_key", "source"))
    courses = _courses({row["lesson_key"] for row in rows}, {*ends, *sources})
    entries = syllabus.by_course(courses)
    found = []
    for course in courses:
        url = course.get_url(request) or ""
        placed = [replace(entry, url=f"{url}{entry.slug}/") for entry in entries[course.path]]
        progress = course_progress.compose(placed, rows, finished_at=ends.get(course.translation_key))
        source = sources.get(course.translation_key)
        found.append(
            LearnersCourse(
                title=course.title, url=url, progress=progress, source=Grant.Source(source) if source else None
            )
        )
    found.sort(key=lambda each: each.progress.seen_at or watched.NEVER, reverse=True)
    return Shelves(
        started=[each for each in found if each.progress.is_started and not each.progress.is_finished],
        untouched=[each for each in found if not each.progress.is_started and not each.progress.is_finished],
        finished=[each for each in found if each.progress.is_finished],
        is_kept=history.is_kept(learner.email_id),
    )


def _courses(lesson_keys: set[UUID], course_keys: set[UUID]) -> list[CoursePage]:
    """The live courses with one of these lessons, or of these keys; of translations, that in the language of now."""
    lessons = LessonPage.objects.filter(live_now(), translation_key__in=lesson_keys).values_list("path", flat=True)
    paths = {path[: -LessonPage.steplen] for path in lessons}
    pages = CoursePage.objects.filter(Q(path__in=paths) | Q(translation_key__in=course_keys), live_now())
    here = Locale.get_active().pk
    chosen: dict[UUID, CoursePage] = {}
    for course in pages.defer("description", "search_text").order_by("path"):
        other = chosen.get(course.translation_key)
        if other is None or (course.locale_id == here != other.locale_id):
            chosen[course.translation_key] = course
    return list(chosen.values())

"""Template tags for progress, for templates of rooms below, which do not know this one. They belong inside a slot."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.template import Context

from courses.content import timecode
from courses.models import CoursePage, LessonPage
from courses.public.syllabus import SyllabusEntry
from learning import course_progress as progress
from learning.course_progress import CourseProgress, LessonState

register = template.Library()


@register.simple_tag(takes_context=True)
def course_progress(
    context: Context, course: CoursePage | None, syllabus: Sequence[SyllabusEntry]
) -> CourseProgress | None:
    """`{% course_progress page.course syllabus as progress %}`; None for who is not signed in. Asked once a request."""
    learner, request = context.get("learner"), context.get("request")
    if learner is None or course is None:
        return None
    asked: dict[str, CourseProgress] = request.__dict__.setdefault("course_progress", {}) if request else {}
    if course.path not in asked:
        asked[course.path] = progress.for_course(learner.email_id, course, syllabus)
    return asked[course.path]


@register.filter
def state_of(found: CourseProgress | None, entry: SyllabusEntry | None) -> LessonState | None:
    """`{{ progress|state_of:entry }}`: how it is with one lesson; None where nobody is signed in."""
    return found.state(entry.key) if found and entry else None


@register.inclusion_tag("learning/lesson_progress.html", takes_context=True)
def lesson_progress(context: Context, page: LessonPage, syllabus: Sequence[SyllabusEntry]) -> dict[str, Any]:
    """The place of a lesson that says, and lets the learner say, how far they are with it."""
    found = course_progress(context, page.course, syllabus)
    state = found.state(page.translation_key) if found else None
    return {
        "page_id": page.pk or 0,  # a preview of what was never saved
        "learner": context.get("learner"),
        "progress": found,
        "state": state,
        "second": state.second if state and page.video_id else 0,
        "has_next": any(entry.path > page.path and entry.status.is_published for entry in syllabus),
    }


@register.inclusion_tag("learning/lesson_resume.html", takes_context=True)
def lesson_resume(context: Context, page: LessonPage, syllabus: Sequence[SyllabusEntry]) -> dict[str, Any]:
    """Above a lesson: that it is done, or where to go on in its video."""
    found = course_progress(context, page.course, syllabus)
    state = found.state(page.translation_key) if found else None
    return {"state": state, "second": state.second if state and page.video_id else 0}


@register.inclusion_tag("learning/done_mark.html", takes_context=True)
def done_mark(
    context: Context, course: CoursePage | None, syllabus: Sequence[SyllabusEntry], entry: SyllabusEntry
) -> dict[str, Any]:
    """Beside a lesson in a list: whether it is done, new or updated."""
    return {"state": state_of(course_progress(context, course, syllabus), entry)}


register.filter("clock", timecode.written)

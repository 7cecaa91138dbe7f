"""The views that deliver captions and chapters, by the decision about their lesson."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from access.gate import decisions
from access.sessions import visitor
from courses.models import LessonPage
from courses.public import tracks
from library import delivery


@require_safe
def captions(request: HttpRequest, page_id: int, language: str) -> HttpResponse:
    as_text = "text" in request.GET
    return _track(request, page_id, lambda lesson: tracks.captions(lesson, language, as_text=as_text))


@require_safe
def chapters(request: HttpRequest, page_id: int) -> HttpResponse:
    return _track(request, page_id, tracks.chapters)


def _track(request: HttpRequest, page_id: int, find: Callable[[LessonPage], HttpResponse | None]) -> HttpResponse:
    """Of the live lesson's video, for visitors who may read the lesson; a draft's for its editors."""
    lesson = get_object_or_404(LessonPage, pk=page_id)
    cache = delivery.PRIVATE
    if visitor.is_staff_of(request, lesson):
        lesson = lesson.get_latest_revision_as_object()
    else:
        note = decisions.decide_for(request, lesson)
        if not note.decision.is_here:
            raise Http404
        if not note.decision.is_allowed:
            return HttpResponse("Not open to you.", status=403, content_type="text/plain")
        cache = delivery.REVALIDATE if note.restriction.is_open else delivery.PRIVATE
    file = find(lesson)
    if file is None:
        raise Http404
    file["Cache-Control"] = cache
    return file

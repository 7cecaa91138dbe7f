"""The view that delivers captions, by the decision about their lesson."""

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
    """The captions of the live lesson's video, for visitors who may read the lesson; a draft's for its editors."""
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
    file = tracks.captions(lesson, language, as_text="text" in request.GET)
    if file is None:
        raise Http404
    file["Cache-Control"] = cache
    return file

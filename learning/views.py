"""Views of a learner's progress: what a player posts, the forms below a lesson, My learning and its settings."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from access.forms import AskForm
from access.gate import decisions
from access.sessions import visitor
from access.sessions.learner_sessions import Learner
from courses.models import LessonPage
from courses.public import syllabus
from learning import batch, history, my_learning, progress


@csrf_exempt  # asked further down, as the answers have an order: a browser keeps or drops what it sent by them
@require_POST
def progress_post(request: HttpRequest, page_id: int) -> HttpResponse:
    """Too large 413, no session 401, CSRF 403, bad body 400, no lesson 404, not yours to read 403, too often 429."""
    if len(request.body) > settings.PROGRESS_BODY_BYTES:
        return _plainly("too large", 413)
    learner = visitor.learner(request)
    if learner is None:
        return _plainly("not signed in", 401)
    return _progress(request, page_id, learner)


@csrf_protect
def _progress(request: HttpRequest, page_id: int, learner: Learner) -> HttpResponse:
    now = timezone.now()
    try:
        played = batch.read(request.body, now=now)
    except batch.BadBatch:
        return _plainly("bad request", 400)
    lesson, is_allowed = _decide(request, page_id)
    if lesson is None:
        return _plainly("not found", 404)
    if not is_allowed:
        return _plainly("not open to you", 403)
    try:
        is_done = progress.watch(learner.email_id, lesson, played, now=now)
    except progress.NoLearner:
        return _plainly("not signed in", 401)
    except progress.TooOften as error:
        return _plainly("too many requests", 429, **{"Retry-After": str(error.retry_after)})
    return HttpResponse(status=204, headers={"Lesson-Done": "1"} if is_done else {})


@never_cache
@require_POST
def lesson(request: HttpRequest, page_id: int) -> HttpResponse:
    """Done, not done after all, or done and on to the next lesson. Whoever may not read the lesson meets its gate."""
    found, is_allowed = _decide(request, page_id)
    if found is None:
        raise Http404
    url = found.get_url(request) or ""
    learner, which, now = visitor.learner(request), request.POST.get("which"), timezone.now()
    if learner is None or not is_allowed:
        return HttpResponseRedirect(url, status=303)
    try:
        if which in {"done", "next"}:
            progress.mark(learner.email_id, found, now=now)
        elif which == "undone":
            progress.unmark(learner.email_id, found, now=now)
    except (progress.NoLearner, progress.TooOften):
        pass  # the lesson shows what is known, and has the button still
    return HttpResponseRedirect(_next_url(request, found) if which == "next" else f"{url}#progress", status=303)


@never_cache
@require_safe
def my_learning_page(request: HttpRequest) -> HttpResponse:
    learner = visitor.learner(request)
    context = {
        "learner": learner,
        "shelves": my_learning.shelves(learner, request) if learner else None,
        "form": AskForm(),
        "action": reverse("access:ask"),
    }
    return render(request, "learning/my_learning.html", context)


@never_cache
@require_POST
def history_switch(request: HttpRequest) -> HttpResponse:
    learner, which = visitor.learner(request), request.POST.get("which")
    response = HttpResponseRedirect(f"{reverse('learning:my_learning')}#history", status=303)
    if learner and which == "off":
        history.turn_off(learner.email_id, now=timezone.now())
        response["Clear-Site-Data"] = '"storage"'  # and what this browser has not sent yet
    elif learner and which == "on":
        history.turn_on(learner.email_id)
    return response


def _decide(request: HttpRequest, page_id: int) -> tuple[LessonPage | None, bool]:
    """The lesson, unless it is not here, and whether it may be read: decided as for the page itself."""
    found = LessonPage.objects.select_related("video").filter(pk=page_id).first()
    if found is None:
        return None, False
    decision = decisions.decide_for(request, found).decision
    return (found if decision.is_here else None), decision.is_allowed


def _next_url(request: HttpRequest, found: LessonPage) -> str:
    """The lesson after this one, past those that are not open yet; after the last, the end of the course."""
    entries = syllabus.entries_for(found.course, request) if found.course else []
    later = (entry.url for entry in entries if entry.path > found.path and entry.status.is_published)
    return next(later, f"{found.get_url(request)}#finished")


def _plainly(sentence: str, status: int, **headers: str) -> HttpResponse:
    return HttpResponse(f"{sentence}\n", status=status, content_type="text/plain", headers=headers)

"""The account page ('Your access'): who this browser is signed in as, where else, and what is kept about them."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from access import privacy
from access.forms import AskForm
from access.models import LearnerSession
from access.sessions import learner_sessions, visitor


@never_cache
@require_safe
def session(request: HttpRequest) -> HttpResponse:
    return page(request, AskForm())


@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign this browser out; or, as the form says, everywhere, or one other browser of the same learner."""
    learner, now = visitor.learner(request), timezone.now()
    which = request.POST.get("which", "")
    if learner and which == "everywhere":
        learner_sessions.end_all(learner.email, now=now)
    elif learner and which.isascii() and which.isdigit() and len(which) < 19 and which != str(learner.session_id):
        learner_sessions.end_all(learner.email, now=now, only=int(which))
        return HttpResponseRedirect(reverse("access:session"), status=303)
    elif secret := request.COOKIES.get(settings.LEARNER_COOKIE):
        learner_sessions.end(secret, now=now)
    return _signed_out()


@never_cache
@require_POST
def data(request: HttpRequest) -> HttpResponse:
    """The learner's own data, as a file; or, as the form says, its end, which signs them out everywhere."""
    learner = visitor.learner(request)
    if learner is None:
        return HttpResponseRedirect(reverse("access:session"), status=303)
    if request.POST.get("which") == "erase":
        privacy.erase(learner.email)
        response = _signed_out()
        response.delete_cookie(settings.PROOFS_COOKIE, samesite="Lax")
        return response
    headers = {"Content-Disposition": 'attachment; filename="my-data.json"'}
    return JsonResponse(privacy.export(learner.email), headers=headers, json_dumps_params={"indent": 2})


def page(request: HttpRequest, form: AskForm, *, status: int = 200) -> HttpResponse:
    learner = visitor.learner(request)
    context = {
        "visitor_email": learner.email if learner else None,
        "session_id": learner.session_id if learner else None,
        "learner_tag": learner.tag if learner else "",
        "sessions": _this_first(learner) if learner else [],
        "form": form,
        "action": reverse("access:ask"),
    }
    return render(request, "access/session.html", context, status=status)


def _this_first(learner: learner_sessions.Learner) -> list[LearnerSession]:
    found = learner_sessions.sessions_for(learner.email, now=timezone.now())
    return sorted(found, key=lambda session: session.pk != learner.session_id)


def _signed_out() -> HttpResponse:
    """What was read stays neither in the cache nor in htmx's history; staff's login, another cookie, is not ours."""
    headers = {"Clear-Site-Data": '"cache", "storage"'}
    response = HttpResponseRedirect(reverse("access:session"), status=303, headers=headers)
    response.delete_cookie(settings.LEARNER_COOKIE, samesite="Lax")
    return response

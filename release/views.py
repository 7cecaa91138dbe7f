"""Views of the waitlist: the page to join it, and the page to leave it by an email's link (unsubscribe)."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from access.limits import throttle, too_many_requests
from access.sessions import clients, visitor
from access.verification import answers
from courses.models import CoursePage
from release import waitlist
from release.forms import NotifyForm
from release.waitlist import WaitlistStatus


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def waitlist_page(request: HttpRequest, page_id: int) -> HttpResponse:
    """Takes an address, as the gate does; a browser that has proved its own joins and leaves with one click."""
    course = waitlist.find(page_id)
    if course is None:
        raise Http404
    if request.method != "POST":
        return _page(request, course, NotifyForm())
    learner, which = visitor.learner(request), request.POST.get("which")
    if learner and which == "leave":
        waitlist.leave(learner.email, course)
        return _again(request)
    form = NotifyForm({"email": learner.email} if learner and which == "join" else request.POST)
    if not form.is_valid():
        return _page(request, course, form, status=422)
    address, now = form.cleaned_data["email"], timezone.now()
    try:
        if learner and learner.email == address:
            waitlist.join(address, course, now=now)
            return _again(request)
        browser = clients.asking(request)
        return answers.asked(waitlist.ask(address, course, browser=browser, now=now), browser)
    except waitlist.CannotWait:
        return _again(request)
    except throttle.Throttled as error:
        return too_many_requests.answer(request, error)


@csrf_exempt  # what may act is the link, not the browser: mail programs post to it themselves
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, signed: str) -> HttpResponse:
    """GET shows the same page for any link and changes nothing: mail scanners open links. POST leaves."""
    outcome, status = "ask", 200
    if request.method == "POST":
        try:
            waitlist.leave_by_link(signed)
            outcome = "left"
        except waitlist.LinkUnknown:
            outcome, status = "unknown", 404
    response = render(request, "release/leave.html", {"outcome": outcome, "action": request.path}, status=status)
    response["Referrer-Policy"] = answers.REFERRER
    return response


def _page(request: HttpRequest, course: CoursePage, form: NotifyForm, *, status: int = 200) -> HttpResponse:
    learner = visitor.learner(request)
    context = {
        "course": course,
        "course_url": course.get_url(request),
        "is_open": not course.status.is_coming_soon,
        "form": form,
        "action": request.path,
        "visitor_email": learner.email if learner else None,
        "standing": (waitlist.standing(learner.email, course) if learner else WaitlistStatus.APART).value,
    }
    return render(request, "release/waitlist.html", context, status=status)


def _again(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(request.path, status=303)

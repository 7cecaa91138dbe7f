"""Request body limits: how large a body may be, and whose. A larger one is answered with 413 before it is read."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from config.middleware import ADMIN


def limit(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Refuse by length: only staff send large bodies, and only to the admin.

    CsrfViewMiddleware would be the first to read one, and Django would write what does not fit into memory to the disk,
    of any sender. This comes before it, and asks the database only about large bodies that claim to be of staff.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if "Transfer-Encoding" in request.headers and not request.META.get("CONTENT_LENGTH"):
            return HttpResponse("length required\n", status=411, content_type="text/plain")
        length = _length(request)
        if length <= settings.PUBLIC_BODY_BYTES or (length <= settings.STAFF_BODY_BYTES and _may_upload(request)):
            return get_response(request)
        return render(request, "413.html", status=413)

    return middleware


@require_safe
def may_upload(request: HttpRequest) -> HttpResponse:
    """What nginx asks before it takes a large body in: 204, or 403."""
    return HttpResponse(status=204 if _may_upload(request) else 403)


def _may_upload(request: HttpRequest) -> bool:
    return request.path.startswith(ADMIN) and request.user.has_perm("wagtailadmin.access_admin")


def _length(request: HttpRequest) -> int:
    """As Django counts: what is no number is no body."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0

"""Headers that Django does not set by itself or that depend on which half of the site answers, and what trips it up."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

ADMIN = "/admin/"
SESSION_KEY = re.compile(r"[a-z0-9]{8,64}", re.ASCII)
LARGEST_ID = 2**63 - 1  # of any row, in either database


def isolation(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Keep what we answer out of other sites' pages, our pages away from the device, and caches to what they are told.

    Outermost, so that redirects to HTTPS, refused hosts and static files have these headers too. Browsers and caches
    keep some answers, redirects above all, unless told otherwise; and an address may hold a secret.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return middleware


def sound_session_cookie(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Drop a session cookie that Django never gave out: looked up as it is, a NUL in it is an error on PostgreSQL."""

    def middleware(request: HttpRequest) -> HttpResponse:
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        if key is not None and not SESSION_KEY.fullmatch(key):
            del request.COOKIES[settings.SESSION_COOKIE_NAME]
        return get_response(request)

    return middleware


def admin_policy(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Give Wagtail's admin, and nothing else, the looser policy it needs, and let it frame its own pages.

    A preview has been through the whole chain once already, as the public page it shows: it keeps its own policy.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.path.startswith(ADMIN):
            response._csp_config = settings.ADMIN_CSP  # type: ignore[attr-defined]  # as csp_override() would
            response["X-Frame-Options"] = "SAMEORIGIN"
        return response

    return middleware


class LargestIdMiddleware:
    """Answer 404 where an `<int:>` in the address, ours or Wagtail's, is larger than any row's id can be.

    Django asks for no id that its column cannot hold, but not through a relation, and a page's id is one: there
    SQLite's driver fails. Seen before the view runs, so that no error of a view's own is hidden.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: Mapping[str, Any]) -> None:
        if any(isinstance(value, int) and value > LARGEST_ID for value in kwargs.values()):
            raise Http404

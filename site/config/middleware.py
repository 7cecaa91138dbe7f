"""Headers that Django does not set by itself, and those that depend on which half of the site answers."""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

ADMIN = "/admin/"
SESSION_KEY = re.compile(r"[a-z0-9]{8,64}", re.ASCII)


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

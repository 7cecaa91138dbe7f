"""Headers that Django does not set by itself, and those that depend on which half of the site answers."""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.csp import CSP

ADMIN = "/admin/"
SESSION_KEY = re.compile(r"[a-z0-9]{8,64}", re.ASCII)
POLICY = str(CSP.HEADER_ENFORCE)


def isolation(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Keep what we answer out of other sites' pages, and our pages away from the device. Static files included."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
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
    """Give Wagtail's admin, and nothing else, the looser policy it needs, and let it frame its own previews.

    A preview has been through the whole chain once already, as the public page it shows: it keeps the public policy,
    but for who may frame it.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.path.startswith(ADMIN):
            if POLICY in response:
                response[POLICY] = response[POLICY].replace(
                    f"frame-ancestors {CSP.NONE}", f"frame-ancestors {CSP.SELF}"
                )
            response._csp_config = settings.ADMIN_CSP  # type: ignore[attr-defined]  # as csp_override() would
            response["X-Frame-Options"] = "SAMEORIGIN"
        return response

    return middleware

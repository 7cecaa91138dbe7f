"""Headers that depend on which half of the site answers."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

ADMIN = "/admin/"


def admin_policy(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Give Wagtail's admin, and nothing else, the looser Content-Security-Policy it needs."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.path.startswith(ADMIN):
            response._csp_config = settings.ADMIN_CSP  # what django.views.decorators.csp.csp_override sets
            response.setdefault("X-Frame-Options", "SAMEORIGIN")
        return response

    return middleware

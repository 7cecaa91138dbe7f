"""Limits on what staff's own doors do for strangers: log-ins tried, and mails for a new password."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from access import answers, network, throttle

DOORS = {"wagtailadmin_login", "wagtailadmin_password_reset", "wagtailcore_login"}
FIELDS = ("username", "email")


class StaffLimitsMiddleware:
    """Counts each try against its network and against the name or address it gives, whether that exists or not."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        if request.method != "POST" or request.resolver_match is None or request.resolver_match.url_name not in DOORS:
            return None
        client, now = network.of(request), timezone.now()
        try:
            if settings.LIMIT_LOOPBACK or not network.is_loopback(client):
                throttle.take("staff/network", client, limits=settings.LIMITS_FOR_STAFF, now=now)
            for field in FIELDS:
                if given := request.POST.get(field, "").strip().casefold():
                    throttle.take(f"staff/{field}", given, limits=settings.LIMITS_FOR_STAFF, now=now)
        except throttle.Throttled as error:
            return answers.throttled(request, error)
        return None

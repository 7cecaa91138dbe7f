"""Too many requests: the answer (429) to people and to staff, with the time after which to try again."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timeuntil
from django.utils.translation import gettext_lazy as _

from access.limits import throttle

TRIED_TOO_OFTEN = _(
    "To keep others from guessing passwords, we've paused sign-ins from this browser. If you've signed in with another "
    "browser before, use that one. Or reset your password: the link in the email signs you in."
)
ASKED_TOO_OFTEN = _("You can't request another email just yet. If one has already arrived, its link still works.")


def answer(request: HttpRequest, error: throttle.Throttled) -> HttpResponse:
    sentence = _("Too many requests. An email that has already arrived still works.")
    return _answer(request, "access/throttled.html", error, sentence=sentence)


def answer_staff(request: HttpRequest, error: throttle.Throttled) -> HttpResponse:
    """At a login form, or where staff ask for a new password: in the look of the admin, if that is where it was."""
    match = request.resolver_match
    is_reset = match is not None and match.url_name == "wagtailadmin_password_reset"
    in_admin = request.path.startswith(reverse("wagtailadmin_home"))
    template = "access/staff/throttled.html" if in_admin else "access/throttled.html"
    return _answer(
        request, template, error, sentence=ASKED_TOO_OFTEN if is_reset else TRIED_TOO_OFTEN, is_reset=is_reset
    )


def _answer(request: HttpRequest, template: str, error: throttle.Throttled, **context: Any) -> HttpResponse:
    now = timezone.now()
    minutes = timedelta(minutes=-(-error.retry_after // 60))
    response = render(request, template, {**context, "wait": timeuntil(now + minutes, now)}, status=429)
    response["Retry-After"] = str(error.retry_after)
    return response

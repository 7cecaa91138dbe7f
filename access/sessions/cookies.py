"""Cookies of learners and their browsers: no script reads them, and other sites' forms and frames don't send them."""

from django.conf import settings
from django.http import HttpResponse

ASKER_SECONDS = 24 * 3600


def set_asker(response: HttpResponse, secret: str) -> None:
    """By this secret the browser that asked for an email is known while it waits."""
    set_cookie(response, settings.ASKER_COOKIE, secret, max_age=ASKER_SECONDS)


def set_cookie(response: HttpResponse, name: str, value: str, *, max_age: int) -> None:
    response.set_cookie(
        name, value, max_age=max_age, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
    )

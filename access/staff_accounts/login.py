"""Staff login: the authentication backend that every login form asks, and its brute-force protection.

Tries are counted by network, by name and network, and by name. So nobody shuts out the owner of a name: a browser in
which they have signed in before (a device cookie) has tries of its own, and a mailed link for a new password signs in
wherever it is opened.
"""

import unicodedata
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AbstractBaseUser
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from access.limits import throttle, too_many_requests
from access.sessions import cookies, network, token_secrets
from access.staff_accounts import demo_password


class StaffBackend(ModelBackend):
    """Django's own, but for tries that are too many and passwords that must open nothing."""

    @sensitive_variables("password")
    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> Any:
        """The user, or None. Raises throttle.Throttled, the same for every name, before the password is looked at.

        Here and not at some address, so that no login form is forgotten. Without a request nobody guesses.
        """
        if username is None or password is None:
            return None
        if request is not None:
            _count(request, username, now=timezone.now())
        # Before the name is looked up: the answer is the same, and as quick, for every name.
        if demo_password.is_refused(password):
            return None
        return super().authenticate(request, username, password, **kwargs)


class StaffLoginMiddleware:
    """Answers where a try was one too many, and lets the browser be known again in which somebody has signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # A session changes when somebody signs in, and when they change their password, which voids the cookie.
        if request.session.modified and request.user.is_authenticated:
            _remember(response, request, request.user)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, throttle.Throttled):
            return None
        return too_many_requests.answer_staff(request, error)


def _count(request: HttpRequest, username: str, *, now: datetime) -> None:
    """Use up a try. Counted before it is looked at: were it counted after, a hundred guesses at once would all be the
    first."""
    if browser := _known_browser(request, get_user_model()._default_manager.filter(username=username).first()):
        throttle.consume("login/browser", browser, limits=settings.LOGINS_PER_NAME_AND_PLACE, now=now)
        return
    client, name = network.client_network(request), unicodedata.normalize("NFKC", username).casefold().strip()
    if settings.LIMIT_LOOPBACK or not network.is_loopback(client):
        throttle.consume("login/network", client, limits=settings.LOGINS_PER_NETWORK, now=now)
    # In this order: a network that is refused uses up nothing of the name's, or it alone could bar the name everywhere.
    throttle.consume("login/name+network", f"{client} {name}", limits=settings.LOGINS_PER_NAME_AND_PLACE, now=now)
    throttle.consume("login/name", name, limits=settings.LOGINS_PER_NAME, now=now)


def _known_browser(request: HttpRequest, user: AbstractBaseUser | None) -> str:
    """The id of this browser, if this user has signed in with it; "" otherwise, or if their password changed since."""
    cookie = request.COOKIES.get(settings.STAFF_BROWSER_COOKIE, "")
    if not cookie or user is None:
        return ""
    try:
        return _signer(user).unsign(cookie, max_age=settings.STAFF_BROWSER_SECONDS)
    except BadSignature:
        return ""


def _remember(response: HttpResponse, request: HttpRequest, user: AbstractBaseUser) -> None:
    cookie = _signer(user).sign(_known_browser(request, user) or token_secrets.new())
    cookies.set_cookie(response, settings.STAFF_BROWSER_COOKIE, cookie, max_age=settings.STAFF_BROWSER_SECONDS)


def _signer(user: AbstractBaseUser) -> TimestampSigner:
    """The user and their password's hash go into the key: the cookie shows neither, and neither can be exchanged."""
    return TimestampSigner(salt=f"access.staff_browser.{user.pk}.{user.password}")

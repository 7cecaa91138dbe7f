"""How staff sign in: the authentication backend, which every login form asks."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest
from django.views.decorators.debug import sensitive_variables

from access import demo_password


class StaffBackend(ModelBackend):
    """Django's own, but for passwords that must open nothing."""

    @sensitive_variables("password")
    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> Any:
        # Before the name is looked up: the answer is the same, and as quick, for every name.
        if password is None or demo_password.is_refused(password):
            return None
        return super().authenticate(request, username, password, **kwargs)

"""Production's own settings, for tests: what it asks of the environment, and what it then changes."""

import runpy
import secrets
from typing import Any

import pytest

from config.settings import base

HOST = "courses.example.org"
ENVIRONMENT = {
    "SECRET_KEY": secrets.token_urlsafe(50),
    "SITE_URL": f"https://{HOST}",
    "MAIL_URL": "smtp+tls://mail.example.org:587",
    "MAIL_FROM": "courses@example.org",
}


def apply(settings: Any, patch: pytest.MonkeyPatch) -> None:
    """Let this test run under what config.settings.production changes, as the module says it; but send no mail."""
    for name, value in ENVIRONMENT.items():
        patch.setenv(name, value)
    for name, value in runpy.run_module("config.settings.production").items():
        if name.isupper() and name != "MAILERS" and value != getattr(base, name, None):
            setattr(settings, name, value)
    settings.ALLOWED_HOSTS = [HOST]

"""System checks of the gate: the middleware is in place, and every page type says what it asks of readers."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from wagtail.models import get_page_models

from access.models import OpenPageMixin, RestrictedPageMixin

GATE = "access.middleware.EmailGateMiddleware"
BEFORE_GATE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]


@register
def gate_is_installed(**kwargs: Any) -> list[CheckMessage]:
    if GATE not in settings.MIDDLEWARE:
        return [Error(f"{GATE} is not in MIDDLEWARE: every restricted page is refused.", id="access.E001")]
    gate = settings.MIDDLEWARE.index(GATE)
    late = [name for name in BEFORE_GATE if name not in settings.MIDDLEWARE[:gate]]
    return [Error(f"{GATE} must come after {name} in MIDDLEWARE.", id="access.E002") for name in late]


@register
def every_page_type_says_what_it_asks(**kwargs: Any) -> list[CheckMessage]:
    silent = [
        model
        for model in get_page_models()
        if not issubclass(model, OpenPageMixin | RestrictedPageMixin) and model._meta.app_label != "wagtailcore"
    ]
    hint = "Inherit access.models.RestrictedPageMixin, or OpenPageMixin for a page that is open to everyone."
    return [
        Error(f"{model._meta.label} does not say what it asks, so nobody may read it.", hint=hint, id="access.E003")
        for model in silent
    ]

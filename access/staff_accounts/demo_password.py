"""The demo's password, which everybody knows: where the site isn't local it opens nothing and can't be chosen."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


def is_refused(password: str) -> bool:
    return not settings.IS_LOCAL and password == settings.DEMO_PASSWORD


class NotTheDemoPasswordValidator:
    """For AUTH_PASSWORD_VALIDATORS: every form and command that sets a password asks them."""

    def validate(self, password: str, user: Any = None) -> None:
        if is_refused(password):
            raise ValidationError(_("Everybody knows this password: it's the demo's."), code="password_of_the_demo")

    def get_help_text(self) -> str:
        return _("Your password can't be the demo's.")

"""What staff say about the gate in Wagtail's settings."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from access import email_addresses


@register_setting(icon="lock")
class GateSettings(BaseGenericSetting):
    """Who gets no mail. Whoever asks is never told: the answer is the same for every address."""

    blocked_addresses = models.TextField(
        _("blocked addresses"), blank=True, help_text=_("One address per line. They get no email, and aren’t told why.")
    )
    blocked_domains = models.TextField(
        _("blocked domains"),
        blank=True,
        help_text=_("One domain per line, such as example.org. Subdomains are blocked too."),
    )

    panels = [FieldPanel("blocked_addresses"), FieldPanel("blocked_domains")]

    class Meta:
        verbose_name = _("gate")

    def clean(self) -> None:
        super().clean()
        self.blocked_addresses = self._canonical("blocked_addresses", prefix="")
        self.blocked_domains = self._canonical("blocked_domains", prefix="anyone@").replace("anyone@", "")

    def save(self, *args: Any, **kwargs: Any) -> None:
        from access.limits import blocking

        super().save(*args, **kwargs)
        blocking.enforce(self, now=timezone.now())

    def _canonical(self, field: str, *, prefix: str) -> str:
        """The field's lines in their one form; ValidationError naming the first that has none."""
        lines = [line.strip() for line in getattr(self, field).splitlines() if line.strip()]
        for line in lines:
            try:
                email_addresses.canonical(prefix + line)
            except email_addresses.InvalidAddress as error:
                raise ValidationError({field: _("“%(line)s” isn’t valid here.") % {"line": line}}) from error
        return "\n".join(sorted({email_addresses.canonical(prefix + line) for line in lines}))

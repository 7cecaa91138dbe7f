"""Gate settings in Wagtail's admin: the block lists of addresses and domains."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from access import email_addresses
from access.models.sessions import LearnerSession


@register_setting(icon="lock")
class GateSettings(BaseGenericSetting):
    """Who gets no email. The visitor never learns of it: the answer is the same for every address."""

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
        super().save(*args, **kwargs)
        self._sign_out_blocked(now=timezone.now())

    def blocks(self, address: str) -> bool:
        """Whether these lists block this canonical address, or a domain it belongs to."""
        if address in self.blocked_addresses.splitlines():
            return True
        domain = address.partition("@")[2]
        return any(domain == blocked or domain.endswith(f".{blocked}") for blocked in self.blocked_domains.splitlines())

    def _sign_out_blocked(self, *, now: datetime) -> None:
        """Their emails, requested or already sent, open nothing any more either: `blocks` is asked again by then."""
        blocked = Q(email__address__in=self.blocked_addresses.splitlines())
        for domain in self.blocked_domains.splitlines():
            blocked |= Q(email__address__endswith=f"@{domain}") | Q(email__address__endswith=f".{domain}")
        LearnerSession.objects.filter(blocked, revoked_at=None).update(revoked_at=now)

    def _canonical(self, field: str, *, prefix: str) -> str:
        """The field's lines in their one form; ValidationError naming the first that has none."""
        lines = [line.strip() for line in getattr(self, field).splitlines() if line.strip()]
        for line in lines:
            try:
                email_addresses.canonical(prefix + line)
            except email_addresses.InvalidAddress as error:
                raise ValidationError({field: _("“%(line)s” isn’t valid here.") % {"line": line}}) from error
        return "\n".join(sorted({email_addresses.canonical(prefix + line) for line in lines}))

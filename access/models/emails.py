"""The Email model, which is the learner: one canonical address. No password, no user."""

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from access import email_addresses


class Email(models.Model):
    """An address somebody asked a mail for; `verified_at` says when its owner first proved it, if ever.

    A blocked one gets no mail, and its sessions open nothing from the next request on.
    """

    address = models.CharField(_("address"), max_length=email_addresses.MAX_ADDRESS, unique=True)
    asked_at = models.DateTimeField(_("first asked for"))
    verified_at = models.DateTimeField(_("first verified"), null=True, blank=True)
    blocked_at = models.DateTimeField(_("blocked"), null=True, blank=True)

    class Meta:
        verbose_name = _("email address")
        verbose_name_plural = _("email addresses")
        permissions = [("export_email", _("Can export email addresses"))]
        constraints = [
            models.CheckConstraint(
                name="email_address_is_canonical",
                condition=models.Q(address=Lower("address")) & models.Q(address__contains="@"),
            ),
        ]

    def __str__(self) -> str:
        return self.address

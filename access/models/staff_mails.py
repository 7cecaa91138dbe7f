"""Password resets that staff requested. Each row is a queued email: it says when that was sent or given up."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from mail.models import OWED, QueuedMail, QueuedMailQuerySet


class PasswordResetMail(QueuedMail):
    """One request, for an address as it was typed: whose it is, if anybody's, is looked up when it is sent.

    So the request costs the same for every address. The link is minted then too; nothing of it is stored.
    """

    address = models.CharField(max_length=254)
    queued_at = models.DateTimeField(db_index=True)

    objects = QueuedMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("password reset email")
        verbose_name_plural = _("password reset emails")
        indexes = [models.Index(name="password_reset_owed", fields=["queued_at"], condition=OWED)]

    def __str__(self) -> str:
        return f"{self.queued_at:%Y-%m-%d %H:%M}"

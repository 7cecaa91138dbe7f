"""Grants: which address may read which paid course, from what source. Revoked, never deleted."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from access.models.emails import Email


class Grant(models.Model):
    """This address may read this course until revoked.

    Keyed by the course's translation_key: translations open with it, and a deleted page loses nobody's purchase.
    """

    class Source(models.TextChoices):
        PURCHASE = "purchase", _("Purchase")
        GIFT = "gift", _("Gift")
        STAFF = "staff", _("Staff")

    # NULL once the person has had their data erased: that something was granted stays, to whom does not.
    email = models.ForeignKey(Email, null=True, on_delete=models.SET_NULL, related_name="grants")
    course_key = models.UUIDField(_("course"))
    source = models.CharField(_("source"), max_length=16, choices=Source)
    granted_at = models.DateTimeField(_("granted"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta:
        verbose_name = _("grant")
        verbose_name_plural = _("grants")
        indexes = [models.Index(fields=["email", "course_key"], name="grant_by_email_and_course")]
        constraints = [
            models.CheckConstraint(
                name="grant_source_is_known", condition=models.Q(source__in=["purchase", "gift", "staff"])
            ),
            models.UniqueConstraint(
                name="grant_active_once_a_source",
                fields=["email", "course_key", "source"],
                condition=models.Q(revoked_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email_id}: {self.course_key} ({self.source})"

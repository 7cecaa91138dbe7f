"""Learner sessions: what a browser has proved, under a cookie of its own, apart from Django's sessions for staff."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from access.models.emails import Email
from access.models.tokens import EmailVerificationToken


class LearnerSession(models.Model):
    """One browser signed in as one address until `until`, or until it is revoked, or idle too long unless `is_kept`.

    A token opens at most one browser: the one-to-one says so in the database.
    """

    key_digest = models.CharField(max_length=64, unique=True)
    email = models.ForeignKey(Email, on_delete=models.CASCADE, related_name="sessions")
    token = models.OneToOneField(EmailVerificationToken, null=True, on_delete=models.SET_NULL, related_name="session")
    browser = models.CharField(max_length=40, blank=True, default="")
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    until = models.DateTimeField()
    is_kept = models.BooleanField(default=False)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("learner session")
        verbose_name_plural = _("learner sessions")
        constraints = [
            models.CheckConstraint(
                name="session_ends_after_it_starts", condition=models.Q(until__gt=models.F("created_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email_id}, {self.created_at:%Y-%m-%d %H:%M}"

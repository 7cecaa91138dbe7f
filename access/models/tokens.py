"""Email verification tokens. Each row is a queued email too: it says when that was sent, spent or given up."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from access.models.emails import Email
from mail.models import QueuedMail, QueuedMailQuerySet

# How often a code, or in another browser the address, may be typed before link and code are both dead.
MAX_TRIES = 5


class EmailVerificationTokenQuerySet(QueuedMailQuerySet["EmailVerificationToken"]):
    def queued(self) -> Self:
        """Not where another mail to the address was used, nor where this one was: it got through after all."""
        return super().queued().filter(burnt_at=None, spent_at=None)

    def usable(self, now: datetime) -> "EmailVerificationTokenQuerySet":
        """Mailed, in its life, neither spent nor burnt."""
        return self.filter(digest__isnull=False, expires_at__gt=now, spent_at=None, burnt_at=None)


class EmailVerificationToken(QueuedMail):
    """A request to verify an address, and the link and code in one email that answer it, once, together.

    Both are minted when the email is sent, which is also when their time starts; only digests are kept.
    `asker_digest` binds the request to the browser that made it; `page` and `second` are where it leads. Spending it
    proves the mailbox, and consents to its `purpose` alone: what others asked for in its name stays unanswered.
    """

    class Purpose(models.TextChoices):
        READ = "read", _("To read")
        NOTIFY = "notify", _("To be notified when a course opens")
        REVIEW = "review", _("To review")
        BUY = "buy", _("To buy")
        MOVE = "move", _("To take over purchases from another email")
        GIFT = "gift", _("To open a gift")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.ForeignKey(Email, on_delete=models.CASCADE, related_name="tokens")
    sent_to = models.CharField(max_length=254)
    page = models.ForeignKey("wagtailcore.Page", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    second = models.PositiveIntegerField(default=0)
    purpose = models.CharField(max_length=16, choices=Purpose, default=Purpose.READ)
    asker_digest = models.CharField(max_length=64)
    asked_at = models.DateTimeField()

    send_after = models.DateTimeField()  # from the start

    digest = models.CharField(max_length=64, null=True, blank=True, unique=True)
    code_digest = models.CharField(max_length=64, blank=True, default="")
    expires_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    spent_at = models.DateTimeField(null=True, blank=True)
    burnt_at = models.DateTimeField(null=True, blank=True)

    objects = EmailVerificationTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("email verification token")
        verbose_name_plural = _("email verification tokens")
        indexes = [
            models.Index(name="token_by_asker", fields=["asker_digest", "asked_at"]),
            models.Index(name="token_by_age", fields=["asked_at"]),
            # As `queued`: the scheduler asks every minute what is owed, and most often nothing is.
            models.Index(
                name="token_owed",
                fields=["send_after"],
                condition=Q(sent_at__isnull=True, parked_at__isnull=True, burnt_at__isnull=True, spent_at__isnull=True),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="token_digest_has_expiry",
                condition=Q(digest=None, expires_at=None) | Q(digest__isnull=False, expires_at__isnull=False),
            ),
            models.CheckConstraint(
                name="token_spent_only_when_minted", condition=Q(spent_at=None) | Q(digest__isnull=False)
            ),
            models.CheckConstraint(name="token_spent_or_burnt_not_both", condition=Q(spent_at=None) | Q(burnt_at=None)),
            models.CheckConstraint(
                name="token_purpose_is_known",
                condition=Q(purpose__in=["read", "notify", "review", "buy", "move", "gift"]),
            ),
            models.CheckConstraint(
                name="token_spent_in_its_life", condition=Q(spent_at=None) | Q(spent_at__lt=F("expires_at"))
            ),
        ]

    @property
    def is_used_up(self) -> bool:
        return self.tries >= MAX_TRIES

    def __str__(self) -> str:
        return f"{self.sent_to}, {self.asked_at:%Y-%m-%d %H:%M}"

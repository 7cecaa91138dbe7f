"""Waitlist entries, what was emailed to them, and whether the scheduler that publishes pages is running."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from access.models import Email, EmailVerificationToken
from access.models.pages import live_now
from courses.models import CoursePage
from courses.models.stage import Availability
from mail.models import OWED, QueuedMail, QueuedMailQuerySet


def is_proved() -> Exists:
    """Whether the mailbox of an entry was proved by an email requested for this very subscription since it was made.

    Not by whatever else its owner confirms: anybody can subscribe anybody's address.
    """
    proofs = EmailVerificationToken.objects.filter(
        purpose=EmailVerificationToken.Purpose.NOTIFY,
        spent_at__isnull=False,
        email=OuterRef("email"),
        page__translation_key=OuterRef("course_key"),
        asked_at__gte=OuterRef("asked_at"),
    )
    return Exists(proofs)


class WaitlistEntryQuerySet(QueuedMailQuerySet["WaitlistEntry"]):
    def proved(self) -> Self:
        return self.filter(is_proved())

    def confirmed(self) -> Self:
        return self.filter(Q(confirmed_at__isnull=False) | Q(is_proved()))

    def waiting(self) -> "WaitlistEntryQuerySet":
        """Who would get a mail if their course opened now."""
        return self.confirmed().queued().filter(email__blocked_at=None)

    def due(self, now: datetime) -> Self:
        """To be emailed now, by what the course is this moment: none is sent while it is unpublished or rescheduled."""
        # From the open courses to those who wait for them, and not past everybody who waits for another.
        open_now = CoursePage.objects.filter(live_now(), availability=Availability.PUBLISHED)
        due = super().due(now).filter(course_key__in=open_now.values("translation_key"), email__blocked_at=None)
        return due.confirmed()


class WaitlistEntry(QueuedMail):
    """One person waits for one course, by its `translation_key`, and gets one mail when it opens, once.

    Confirmed when the mailbox was proved for this very subscription: by an email requested for it (`proved`, written
    down later), or by a session of that address. The row is a queued email too.
    """

    email = models.ForeignKey(Email, on_delete=models.CASCADE, related_name="waitlist_entries")
    course_key = models.UUIDField(db_index=True)
    asked_at = models.DateTimeField(_("requested"))
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)

    objects = WaitlistEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("waitlist entry")
        verbose_name_plural = _("waitlist entries")
        permissions = [("export_waitlistentry", _("Can export waitlists"))]
        indexes = [
            models.Index(name="waitlist_owed", fields=["course_key", "id"], condition=OWED),
            models.Index(name="waitlist_unproved", fields=["asked_at"], condition=Q(confirmed_at__isnull=True)),
        ]
        constraints = [
            models.UniqueConstraint(name="waits_once_for_a_course", fields=["email", "course_key"]),
            models.CheckConstraint(
                name="waitlist_mails_only_the_confirmed", condition=Q(sent_at=None) | Q(confirmed_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} waits for {self.course_key}"


class ClockRound(models.Model):
    """The last time that `run_due` went through its steps: one row, by name."""

    name = models.CharField(max_length=32, unique=True, default="run_due")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("scheduler run")
        verbose_name_plural = _("scheduler runs")

    def __str__(self) -> str:
        return self.name


class LateRelease(models.Model):
    """A page that was published later than its time, because the scheduler had stopped."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    due_at = models.DateTimeField()
    released_at = models.DateTimeField()

    class Meta:
        verbose_name = _("late release")
        verbose_name_plural = _("late releases")
        constraints = [models.UniqueConstraint(name="late_once_a_due_time", fields=["page", "due_at"])]

    def __str__(self) -> str:
        return f"{self.page}: {self.due_at}"

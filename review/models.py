"""Models of the review: the workflow's task, review links, notes, and emails to reviewers and authors."""

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask, Page, Revision, TaskState

from access.models import EmailVerificationToken
from mail.models import OWED, QueuedMail, QueuedMailQuerySet
from review.locks import ReviewLock


class ReviewTask(AbstractGroupApprovalTask):
    """A step at which the members of some groups decide. Approving publishes the very revision they looked at."""

    lock_class = ReviewLock

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")

    @classmethod
    def get_description(cls) -> str:
        return gettext("Members of the chosen groups decide; the page can’t be changed until they have")

    def locked_for_user(self, obj: Any, user: Any) -> bool:
        """Also to those who review: what they changed would be published, and nobody else would have seen it."""
        return True

    def user_can_access_editor(self, obj: Any, user: Any) -> bool:
        """Reviewers have a page of their own (review.staff); the editor would give them the right to edit."""
        return False

    def user_can_lock(self, obj: Any, user: Any) -> bool:
        return False

    def on_action(self, task_state: TaskState, user: Any, action_name: str, **kwargs: Any) -> str:
        """What Wagtail's own buttons and addresses come to: the same two functions as ours. Returns where to go on."""
        from review import decisions
        from review.reviewers import AccountReviewer

        decide = {"approve": decisions.approve, "reject": decisions.send_back}.get(action_name)
        if decide:
            decide(
                task_state.pk,
                revision_id=task_state.revision_id,
                by=AccountReviewer(user=user),
                text=kwargs.get("comment", ""),
                now=timezone.now(),
            )
        return reverse("wagtailadmin_home")


class ReviewLinkQuerySet(models.QuerySet["ReviewLink"]):
    def open(self, now: datetime) -> "ReviewLinkQuerySet":
        return self.filter(revoked_at=None, expires_at__gt=now)


class ReviewLink(models.Model):
    """Lets its holder look at one page's waiting revision until it expires or is revoked.

    It is made for one mailbox: only a reviewer who proves that mailbox may comment or decide. The link itself is not
    stored, it is this row's id, signed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="review_links")
    with_lessons = models.BooleanField(
        _("with lessons"), default=False, help_text=_("For a course: includes its lessons, as drafted.")
    )
    mailbox = models.CharField(_("for"), max_length=254, help_text=_("The reviewer's email address."))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(_("open until"))
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ReviewLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("review link")
        verbose_name_plural = _("review links")
        constraints = [
            models.CheckConstraint(
                name="review_link_ends_after_it_begins", condition=Q(expires_at__gt=models.F("created_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.page} → {self.mailbox}"


class LinkVerification(models.Model):
    """A request to prove a link's mailbox, and the very link through which it was made: it leads to no other."""

    token = models.OneToOneField(
        EmailVerificationToken, primary_key=True, on_delete=models.CASCADE, related_name="link_verification"
    )
    link = models.ForeignKey(ReviewLink, on_delete=models.CASCADE, related_name="verifications")

    class Meta:
        verbose_name = _("verification through a review link")
        verbose_name_plural = _("verifications through a review link")

    def __str__(self) -> str:
        return f"{self.token} → {self.link_id}"


class ReviewNote(models.Model):
    """What a reviewer said about a revision, under the name of their account or mailbox. Never changed, never deleted
    but with its page."""

    class Kind(models.TextChoices):
        COMMENT = "comment", _("Comment")
        APPROVAL = "approval", _("Approved")
        RETURN = "return", _("Sent back")

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="review_notes")
    revision = models.ForeignKey(Revision, null=True, on_delete=models.SET_NULL, related_name="+")
    task_state = models.ForeignKey(TaskState, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    link = models.ForeignKey(ReviewLink, null=True, blank=True, on_delete=models.SET_NULL, related_name="notes")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    name = models.CharField(max_length=254)  # the mailbox, or the account's name: stays when either is gone
    kind = models.CharField(max_length=16, choices=Kind)
    text = models.TextField(_("comment"), blank=True)
    said_at = models.DateTimeField()

    class Meta:
        verbose_name = _("review note")
        verbose_name_plural = _("review notes")
        ordering = ["said_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="review_note_kind_is_known", condition=Q(kind__in=["comment", "approval", "return"])
            ),
            models.CheckConstraint(name="review_comment_says_something", condition=~Q(kind="comment", text="")),
            models.UniqueConstraint(
                name="review_decided_once_a_task",
                fields=["task_state"],
                condition=Q(kind__in=["approval", "return"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.get_kind_display()}"


class ReviewMail(QueuedMail):
    """One notification to one account about one review, sent once. What it says is rendered when it is sent."""

    class Kind(models.TextChoices):
        ASKED = "asked", _("Asked to review")
        NOTE = "note", _("Told what a reviewer said")
        # Wagtail's own four messages, where a workflow of somebody's own has no review in it.
        TASK_SUBMITTED = "task_submitted", _("Task submitted")
        SUBMITTED = "submitted", _("Workflow submitted")
        REJECTED = "rejected", _("Workflow rejected")
        APPROVED = "approved", _("Workflow approved")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(_("email"), max_length=16, choices=Kind)
    task_state = models.ForeignKey(TaskState, on_delete=models.CASCADE, related_name="+")
    note = models.OneToOneField(ReviewNote, null=True, on_delete=models.CASCADE, related_name="+")
    queued_at = models.DateTimeField()

    objects = QueuedMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("review email")
        verbose_name_plural = _("review emails")
        ordering = ["queued_at", "pk"]
        indexes = [models.Index(name="review_mail_owed", fields=["queued_at"], condition=OWED)]
        constraints = [
            models.UniqueConstraint(
                name="told_once_about_a_review", fields=["task_state", "kind", "user"], condition=Q(note=None)
            ),
            models.CheckConstraint(
                name="review_mail_kind_is_known",
                condition=Q(kind__in=["asked", "note", "task_submitted", "submitted", "rejected", "approved"]),
            ),
            models.CheckConstraint(
                name="review_mail_tells_its_note",
                condition=Q(kind="note", note__isnull=False) | (~Q(kind="note") & Q(note=None)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.kind}"


class CommentMail(QueuedMail):
    """One account is notified of what another did to a page's comments in the editor, by the ids of the comments."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    changes = models.JSONField()  # the ids under "new", "resolved" and "replies"
    queued_at = models.DateTimeField()

    objects = QueuedMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment email")
        verbose_name_plural = _("comment emails")
        ordering = ["queued_at", "pk"]
        indexes = [models.Index(name="comment_mail_owed", fields=["queued_at"], condition=OWED)]

    def __str__(self) -> str:
        return f"{self.user}: {self.page}"

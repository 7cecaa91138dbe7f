"""Mail about a review: reviewers are asked, and the author is told who said what.

Wagtail mails from within the decision, while its rows are held, knows accounts only, and sends reviewers to an editor
they may not open. So its four messages about a workflow are ours where a review is part of it; the worker sends them.
"""

import logging
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail import signals
from wagtail.admin import signal_handlers as wagtails
from wagtail.models import TaskState, WorkflowState
from wagtail.users.models import UserProfile

from review import tasks
from review.models import ReviewNote, ReviewTask

logger = logging.getLogger(__name__)


def connect() -> None:
    """Under the names that Wagtail uses a moment later, so that its own are not connected any more."""
    task_uid = "group_approval_task_submitted_email_notification"
    signals.task_submitted.connect(on_task_submitted, sender=TaskState, dispatch_uid=task_uid)
    for what, signal in {
        "submitted": signals.workflow_submitted,
        "rejected": signals.workflow_rejected,
        "approved": signals.workflow_approved,
    }.items():
        uid = f"workflow_state_{what}_email_notification"
        signal.connect(on_workflow, sender=WorkflowState, dispatch_uid=uid)


def on_task_submitted(instance: TaskState, user: Any = None, **kwargs: Any) -> None:
    if ReviewTask.objects.filter(pk=instance.task_id).exists():
        tasks.ask_reviewers.enqueue(instance.pk, user.pk if user else None)
    else:
        wagtails.task_submission_email_notifier(instance=instance, user=user, **kwargs)


def on_workflow(instance: WorkflowState, signal: Any, user: Any = None, **kwargs: Any) -> None:
    if ReviewTask.objects.filter(workflow_tasks__workflow=instance.workflow_id).exists():
        return  # who decided has written a note, and the author is told of that
    notifiers = {
        signals.workflow_submitted: wagtails.workflow_submission_email_notifier,
        signals.workflow_rejected: wagtails.workflow_rejection_email_notifier,
        signals.workflow_approved: wagtails.workflow_approval_email_notifier,
    }
    notifiers[signal](instance=instance, user=user, **kwargs)


def ask_reviewers(task_state: TaskState, *, submitted_by: Any) -> None:
    reviewers = wagtails.task_submission_email_notifier.get_valid_recipients(task_state, user=submitted_by)
    address = reverse("reviews:look", args=[task_state.pk])
    _send(reviewers, "asked", page=task_state.revision.content_object, author=submitted_by, address=address)


def tell_author(note: ReviewNote) -> None:
    """The one who submitted it, unless it is their own note."""
    author = note.task_state.workflow_state.requested_by if note.task_state else None
    if author is None or author == note.user:
        return
    wants = {
        ReviewNote.Kind.APPROVAL: "approved_notifications",
        ReviewNote.Kind.RETURN: "rejected_notifications",
    }.get(ReviewNote.Kind(note.kind), "updated_comments_notifications")
    if author.is_active and author.email and getattr(UserProfile.get_for_user(author), wants):
        address = reverse("wagtailadmin_pages:edit", args=[note.page_id])
        _send([author], note.kind, page=note.page.specific, note=note, address=address)


def _send(people: Iterable[Any], what: str, *, page: Any, address: str, **context: Any) -> None:
    for person in people:
        with override(UserProfile.get_for_user(person).get_preferred_language()):
            title = page.get_admin_display_title()
            subject = {
                "asked": _("Please review: %s"),
                "approval": _("Approved: %s"),
                "return": _("Sent back: %s"),
                "comment": _("Comment on: %s"),
            }[what] % title
            words = {**context, "what": what, "page": page, "title": title, "url": settings.SITE_URL + address}
            words["site_name"] = settings.WAGTAIL_SITE_NAME
            message = EmailMessage(
                subject=" ".join(subject.split()),  # a title's line breaks would be a header's
                body=render_to_string("review/email/notice.txt", words),
                to=[person.email],
                headers={"Auto-Submitted": "auto-generated"},
            )
        try:
            message.send()
        except OSError as error:  # SMTPException is one; the others are still told
            logger.warning("A notice about a review was not mailed: %s", type(error).__name__)

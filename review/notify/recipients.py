"""Recipients: who is notified about a review. Reviewers, that a page waits; the author, of who said what. As rows.

Wagtail mails from within the decision, while its rows are held, knows accounts only, sends reviewers to an editor they
may not open, and forgets what the mail server refused. So its four messages about a workflow are ours to send, and
where a review is part of it also ours to write. So is the one about comments in the editor, which would fail the save.
A row comes and goes with what it is about; review.notify.outbox sends it.
"""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from wagtail import signals
from wagtail.admin import signal_handlers as wagtails
from wagtail.admin.views.pages import edit
from wagtail.models import TaskState, WorkflowState
from wagtail.users.models import UserProfile

from review import tasks
from review.models import CommentMail, ReviewMail, ReviewNote, ReviewTask

Kind = ReviewMail.Kind

NOTIFIERS: dict[str, Any] = {
    Kind.ASKED: wagtails.task_submission_email_notifier,
    Kind.TASK_SUBMITTED: wagtails.task_submission_email_notifier,
    Kind.SUBMITTED: wagtails.workflow_submission_email_notifier,
    Kind.REJECTED: wagtails.workflow_rejection_email_notifier,
    Kind.APPROVED: wagtails.workflow_approval_email_notifier,
}
WORKFLOW_SIGNALS = {
    Kind.SUBMITTED: signals.workflow_submitted,
    Kind.REJECTED: signals.workflow_rejected,
    Kind.APPROVED: signals.workflow_approved,
}


def connect() -> None:
    """Under the names that Wagtail uses a moment later, so that its own are not connected any more."""
    task_uid = "group_approval_task_submitted_email_notification"
    signals.task_submitted.connect(on_task_submitted, sender=TaskState, dispatch_uid=task_uid)
    for kind, signal in WORKFLOW_SIGNALS.items():
        uid = f"workflow_state_{kind}_email_notification"
        signal.connect(on_workflow, sender=WorkflowState, dispatch_uid=uid)
    edit.send_notification = on_comments  # no signal, and no setting: the editor calls it by this name


def on_task_submitted(instance: TaskState, user: Any = None, **kwargs: Any) -> None:
    is_review = ReviewTask.objects.filter(pk=instance.task_id).exists()
    kind, notifier = Kind.ASKED if is_review else Kind.TASK_SUBMITTED, wagtails.task_submission_email_notifier
    if notifier.can_handle(instance):
        _queue(kind, notifier.get_valid_recipients(instance, user=user), task_state=instance)


def on_workflow(instance: WorkflowState, signal: Any, user: Any = None, **kwargs: Any) -> None:
    if ReviewTask.objects.filter(workflow_tasks__workflow=instance.workflow_id).exists():
        return  # the reviewer has written a note, and the author is notified of that
    kind = next(kind for kind, each in WORKFLOW_SIGNALS.items() if each is signal)
    if instance.current_task_state:
        _queue(kind, NOTIFIERS[kind].get_valid_recipients(instance, user=user), task_state=instance.current_task_state)


def on_comments(people: Iterable[Any], notification: str, context: dict[str, Any]) -> bool:
    """In place of Wagtail's send_notification, with its arguments."""
    changes = {
        "new": [comment.pk for comment in context["new_comments"]],
        "resolved": [comment.pk for comment in context["resolved_comments"]],
        "replies": [reply.pk for thread in context["replied_comments"] for reply in thread["replies"]],
    }
    for person in people:
        if _wants(person, notification):
            row = CommentMail.objects.create(
                user=person, page_id=context["page"].pk, by=context["editor"], changes=changes, queued_at=timezone.now()
            )
            tasks.send_comment_mail.enqueue(row.pk)
    return True


def tell_author(note: ReviewNote) -> None:
    """The one who submitted it, unless it is their own note."""
    author = note.task_state.workflow_state.requested_by if note.task_state else None
    if author and author != note.user and _hears_of(note, author):
        _queue(Kind.NOTE, [author], task_state=note.task_state, note=note)


def is_wanted(row: ReviewMail | CommentMail) -> bool:
    """Whether to send it still: the account is active and wants such email, and may still do what it asks for."""
    if isinstance(row, CommentMail):
        return _wants(row.user, "updated_comments") and row.page.permissions_for_user(row.user).can_edit()
    if row.note:
        return _hears_of(row.note, row.user)
    is_request = row.kind in {Kind.ASKED, Kind.TASK_SUBMITTED}
    if is_request and row.task_state.status != TaskState.STATUS_IN_PROGRESS:
        return False
    subject, notifier = row.task_state if is_request else row.task_state.workflow_state, NOTIFIERS[row.kind]
    return _wants(row.user, notifier.notification) and row.user in notifier.get_recipient_users(subject)


def _hears_of(note: ReviewNote, author: Any) -> bool:
    wanted = {ReviewNote.Kind.APPROVAL: "approved", ReviewNote.Kind.RETURN: "rejected"}
    return _wants(author, wanted.get(ReviewNote.Kind(note.kind), "updated_comments"))


def _wants(person: Any, what: str) -> bool:
    """As its profile in the admin says."""
    return bool(
        person.is_active and person.email and getattr(UserProfile.get_for_user(person), f"{what}_notifications")
    )


def _queue(kind: Kind, people: Iterable[Any], *, task_state: TaskState | None, note: ReviewNote | None = None) -> None:
    for person in people:
        row, is_new = ReviewMail.objects.get_or_create(
            user=person, kind=kind, task_state=task_state, note=note, defaults={"queued_at": timezone.now()}
        )
        if is_new:
            tasks.send_mail.enqueue(row.pk)  # a row too: it comes and goes with this transaction

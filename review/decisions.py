"""The decision about a page in review: who may take it, about which revision, once, and what follows from it.

Every way to decide ends here: our own review page, a review link, Wagtail's own buttons and forged requests to them.
"""

from datetime import datetime
from typing import Any, assert_never

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import log
from wagtail.models import Page, TaskState, WorkflowState

from courses.editing import readiness
from review import history
from review.models import ReviewLink, ReviewNote, ReviewTask
from review.notify import recipients
from review.reviewers import AccountReviewer, MailboxReviewer, Reviewer


class DecisionRefused(PermissionDenied):
    """Nothing was decided; `sentence` says why. Wagtail's own views answer it like any other lack of permission."""

    sentence: Any = ""


class NotWaiting(DecisionRefused):
    sentence = gettext_lazy("This page is no longer waiting for review.")


class AlreadyDecided(DecisionRefused):
    sentence = gettext_lazy("Someone else has already decided.")


class RevisionChanged(DecisionRefused):
    sentence = gettext_lazy("The page has changed since you opened it. Check what changed, then decide again.")


class NotAllowed(DecisionRefused):
    sentence = gettext_lazy("You aren’t a reviewer of this page.")


class NothingSaid(DecisionRefused):
    sentence = gettext_lazy("Say briefly what you mean.")


class BlockedByChecks(DecisionRefused):
    sentence = gettext_lazy(
        "Something visitors need is missing. Send it back, or say why it should be published anyway."
    )

    def __init__(self, checks: list[Any]) -> None:
        super().__init__()
        self.checks = checks


def waiting(page: Page) -> TaskState | None:
    """The review this page is waiting for."""
    return (
        TaskState.objects.for_instance(page)
        .filter(
            status=TaskState.STATUS_IN_PROGRESS,
            workflow_state__status=WorkflowState.STATUS_IN_PROGRESS,
            task__in=ReviewTask.objects.all(),
        )
        .first()
    )


@transaction.atomic
def approve(
    task_state_id: int, *, revision_id: int, by: Reviewer, text: str = "", in_spite_of: str = "", now: datetime
) -> ReviewNote:
    """Publish, or schedule, exactly this revision; of many at once one does, the others are refused.

    `in_spite_of`: why it goes out though a check says that it should not.
    """
    task_state, page = _take(task_state_id, revision_id=revision_id, by=by, now=now)
    checks = readiness.blocking(task_state.revision.as_object())
    if checks and not in_spite_of.strip():
        raise BlockedByChecks(checks)
    if checks:
        missing = " ".join(str(check.sentence) for check in checks)
        text += "\n\n" + _("Approved despite: %(missing)s Reason: %(reason)s") % {
            "missing": missing,
            "reason": in_spite_of.strip(),
        }
    note = _write(page, ReviewNote.Kind.APPROVAL, task_state, revision_id, by=by, text=text, now=now)
    task_state.approve(user=note.user, comment=_signed(note))
    recipients.tell_author(note)
    return note


@transaction.atomic
def send_back(task_state_id: int, *, revision_id: int, by: Reviewer, text: str, now: datetime) -> ReviewNote:
    """Ask the author for changes, in words."""
    task_state, page = _take(task_state_id, revision_id=revision_id, by=by, now=now)
    if not text.strip():
        raise NothingSaid
    note = _write(page, ReviewNote.Kind.RETURN, task_state, revision_id, by=by, text=text, now=now)
    task_state.reject(user=note.user, comment=_signed(note))
    recipients.tell_author(note)
    return note


@transaction.atomic
def comment(page: Page, *, revision_id: int, by: Reviewer, text: str, now: datetime) -> ReviewNote:
    """Say something about a revision of this page. Nothing is decided by it, so an older revision will do."""
    task_state = waiting(page)
    if not may_speak(page, task_state, by=by, now=now):
        raise NotAllowed
    if not page.revisions.filter(pk=revision_id).exists():
        raise RevisionChanged
    if not text.strip():
        raise NothingSaid
    note = _write(page, ReviewNote.Kind.COMMENT, task_state, revision_id, by=by, text=text, now=now)
    recipients.tell_author(note)
    return note


def _take(task_state_id: int, *, revision_id: int, by: Reviewer, now: datetime) -> tuple[TaskState, Page]:
    """The task and its page, held until the end of the transaction, if this revision may be decided now.

    Held in the order in which Wagtail writes them when it publishes, cancels or ends a workflow, so that nobody waits
    in a circle. The page is held too: otherwise a save under way could make another revision the latest.
    """
    known = TaskState.objects.filter(pk=task_state_id, task__in=ReviewTask.objects.all())
    pages = Page.objects.filter(pk__in=[int(pk) for pk in known.values_list("workflow_state__object_id", flat=True)])
    page = pages.select_for_update().first()
    workflow_state = WorkflowState.objects.filter(task_states__in=known).select_for_update().first()
    task_state = TaskState.objects.filter(pk=task_state_id).select_for_update().first()
    if page is None or workflow_state is None or task_state is None:
        raise NotWaiting
    refuse(page, workflow_state, task_state, revision_id=revision_id, by=by, now=now)
    return task_state, page.specific


def refuse(
    page: Page, workflow_state: WorkflowState, task_state: TaskState, *, revision_id: int, by: Reviewer, now: datetime
) -> None:
    if not may_speak(page, task_state, by=by, now=now):
        raise NotAllowed
    if task_state.status in {TaskState.STATUS_APPROVED, TaskState.STATUS_REJECTED}:
        raise AlreadyDecided
    if {task_state.status, workflow_state.status} != {TaskState.STATUS_IN_PROGRESS}:
        raise NotWaiting
    # A revision can be overwritten in place, by the editor's saving while one types; then its date moves.
    is_as_submitted = task_state.revision.created_at <= task_state.started_at
    if not is_as_submitted or not revision_id == task_state.revision_id == page.latest_revision_id:
        raise RevisionChanged


def may_speak(page: Page, task_state: TaskState | None, *, by: Reviewer, now: datetime) -> bool:
    match by:
        case MailboxReviewer():
            links = ReviewLink.objects.open(now).filter(pk=by.link.pk, mailbox=by.mailbox).select_related("page")
            link = links.first()
            return link is not None and (link.page_id == page.pk or (link.with_lessons and page.is_child_of(link.page)))
        case AccountReviewer():
            if task_state is None or not by.user.is_active:
                return False
            return bool(task_state.task.specific.get_actions(page, by.user))
        case _:
            assert_never(by)


def _write(
    page: Page,
    kind: ReviewNote.Kind,
    task_state: TaskState | None,
    revision_id: int,
    *,
    by: Reviewer,
    text: str,
    now: datetime,
) -> ReviewNote:
    note = ReviewNote.objects.create(
        page=page,
        revision_id=revision_id,
        task_state=task_state,
        link=by.link if isinstance(by, MailboxReviewer) else None,
        user=by.user if isinstance(by, AccountReviewer) else None,
        name=by.name,
        kind=kind,
        text=text.strip(),
        said_at=now,
    )
    log(
        page.specific,
        history.ACTIONS[kind],
        user=note.user,
        revision=note.revision,
        data={"name": note.name, "text": note.text},
    )
    return note


def _signed(note: ReviewNote) -> str:
    """For Wagtail's own history, which knows accounts only."""
    return note.text if note.user_id else ": ".join(filter(None, [note.name, note.text]))

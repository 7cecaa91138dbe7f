"""Publish after a review: the revision that was reviewed, or nothing.

Named by WAGTAIL_FINISH_WORKFLOW_ACTION, and so imported before any model is: all else is imported when called.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wagtail.models import WorkflowState


def publish_what_was_reviewed(workflow_state: "WorkflowState", user: Any = None) -> None:
    """Publish, or schedule, the latest revision, if it is the one the reviewers approved.

    Whether the approver may publish is not asked: being in the task's groups, or holding a review link, is their right.
    A workflow of somebody's own without a review in it goes on as Wagtail made it.
    """
    from wagtail.models import TaskState

    from review import decisions
    from review.models import ReviewTask

    latest = workflow_state.content_object.get_latest_revision()
    reviews = ReviewTask.objects.filter(active=True, workflow_tasks__workflow=workflow_state.workflow_id)
    if not reviews.exists():
        latest.publish(user=user)
        return
    approved = TaskState.objects.filter(
        workflow_state=workflow_state, task__in=reviews, status=TaskState.STATUS_APPROVED, revision=latest
    )
    if not approved.exists():
        raise decisions.RevisionChanged
    latest.publish(user=user, skip_permission_checks=True)

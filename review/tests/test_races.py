"""Many at once: one decision, and what is live is what was looked at."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone
from wagtail.models import PageLogEntry, TaskState, WorkflowState

from courses.models import CoursePage
from review import decisions
from review.models import ReviewNote
from review.reviewers import AccountReviewer

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
Submit = Callable[..., TaskState]


def at_once(*acts: Callable[[], Any]) -> list[bool]:
    """Which of them went through; the others were refused."""

    def run(act: Callable[[], Any]) -> bool:
        try:
            act()
        except PermissionDenied:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def deciding(decide: Callable[..., Any], task_state: TaskState, user: Any) -> Callable[[], Any]:
    by = AccountReviewer(user=user)
    return lambda: decide(
        task_state.pk, revision_id=task_state.revision_id, by=by, text="So be it.", now=timezone.now()
    )


def published(course: CoursePage) -> int:
    return PageLogEntry.objects.filter(page_id=course.pk, action="wagtail.publish", user__username="rita").count()


def test_of_eight_approvals_one_publishes_once(course: CoursePage, submit: Submit, rita: Any) -> None:
    task_state = submit(course)

    went_through = at_once(*[deciding(decisions.approve, task_state, rita)] * 8)

    course.refresh_from_db()
    assert (sum(went_through), published(course), ReviewNote.objects.count()) == (1, 1, 1)
    assert course.live_revision_id == task_state.revision_id


def test_of_approving_and_sending_back_one_holds(course: CoursePage, submit: Submit, rita: Any) -> None:
    task_state = submit(course)
    acts = [deciding(decide, task_state, rita) for decide in (decisions.approve, decisions.send_back)]

    went_through = at_once(*acts * 3)

    is_approved = ReviewNote.objects.get().kind == ReviewNote.Kind.APPROVAL
    assert (sum(went_through), published(course)) == (1, int(is_approved))


def test_what_is_saved_meanwhile_is_not_published(course: CoursePage, submit: Submit, rita: Any, author: Any) -> None:
    task_state = submit(course)
    late = CoursePage.objects.get(pk=course.pk)
    late.title = "Slipped in"

    went_through = at_once(
        *[deciding(decisions.approve, task_state, rita)] * 3, lambda: late.save_revision(user=author)
    )

    course.refresh_from_db()
    is_approved = sum(went_through[:3]) == 1
    assert course.title == ("More bees" if is_approved else "Bees")
    assert published(course) == ReviewNote.objects.count() == int(is_approved)
    assert course.get_latest_revision().content["title"] == "Slipped in"


def test_of_approving_and_cancelling_nothing_is_left_in_between(
    course: CoursePage, submit: Submit, rita: Any, author: Any
) -> None:
    task_state = submit(course)
    workflow_state = WorkflowState.objects.get(pk=task_state.workflow_state_id)

    went_through = at_once(
        *[deciding(decisions.approve, task_state, rita)] * 3, lambda: workflow_state.cancel(user=author)
    )

    course.refresh_from_db()
    task_state.refresh_from_db()
    is_approved = sum(went_through[:3]) == 1
    assert (course.title == "More bees") == is_approved == (task_state.status == TaskState.STATUS_APPROVED)
    assert published(course) == ReviewNote.objects.count() == int(is_approved)

"""Nudges for the worker: who is to be told of a review. Each holds ids; what to say stands in the rows."""

from django.tasks import task


@task()
def ask_reviewers(task_state_id: int, submitted_by_id: int | None) -> None:
    from django.contrib.auth import get_user_model
    from wagtail.models import TaskState

    from review import notices

    task_state = TaskState.objects.filter(pk=task_state_id, status=TaskState.STATUS_IN_PROGRESS).first()
    if task_state:
        author = get_user_model().objects.filter(pk=submitted_by_id or 0).first()
        notices.ask_reviewers(task_state, submitted_by=author)


@task()
def tell_author(note_id: int) -> None:
    from review import notices
    from review.models import ReviewNote

    note = ReviewNote.objects.filter(pk=note_id).first()
    if note:
        notices.tell_author(note)

"""A decision is taken once, about the revision that was looked at, by somebody who may, and publishes exactly that."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from wagtail.models import PageLogEntry, TaskState, WorkflowState

from access.policy import Level
from courses.models import CoursePage, LessonPage
from review import decisions
from review.models import ReviewLink, ReviewNote
from review.reviewers import AccountReviewer, MailboxReviewer

Submit = Callable[..., TaskState]
MakeLink = Callable[..., ReviewLink]


def approve(task_state: TaskState, user: Any, **fields: Any) -> ReviewNote:
    given = {"revision_id": task_state.revision_id, "by": AccountReviewer(user=user), "now": timezone.now()}
    return decisions.approve(task_state.pk, **given | fields)


def send_back(task_state: TaskState, user: Any, **fields: Any) -> ReviewNote:
    given = {
        "revision_id": task_state.revision_id,
        "by": AccountReviewer(user=user),
        "text": "No.",
        "now": timezone.now(),
    }
    return decisions.send_back(task_state.pk, **given | fields)


# What follows from a decision


def test_approval_publishes_the_revision_that_was_looked_at(course: CoursePage, submit: Submit, rita: Any) -> None:
    task_state = submit(course, title="More bees", access=Level.EMAIL)

    approve(task_state, rita)

    course.refresh_from_db()
    assert (course.title, course.access, course.live_revision_id) == ("More bees", "email", task_state.revision_id)


def test_approval_with_a_date_ahead_schedules(course: CoursePage, submit: Submit, rita: Any) -> None:
    ahead = timezone.now().replace(microsecond=0) + timedelta(days=3)
    task_state = submit(course, title="More bees", go_live_at=ahead)

    approve(task_state, rita)

    course.refresh_from_db()
    assert (course.title, course.scheduled_revision.pk) == ("Bees", task_state.revision_id)
    assert course.scheduled_revision.approved_go_live_at == ahead


def test_approval_without_a_date_clears_an_earlier_schedule(course: CoursePage, submit: Submit, rita: Any) -> None:
    course.go_live_at = timezone.now() + timedelta(days=3)
    course.save_revision().publish()
    task_state = submit(course, go_live_at=None)

    approve(task_state, rita)

    assert CoursePage.objects.get(pk=course.pk).scheduled_revision is None


def test_what_was_sent_back_is_the_authors_again(course: CoursePage, submit: Submit, rita: Any, author: Any) -> None:
    send_back(submit(course), rita, text="Say what bees eat.")

    course.refresh_from_db()
    assert (course.title, course.workflow_in_progress, course.get_lock()) == ("Bees", False, None)
    assert course.current_workflow_state.status == WorkflowState.STATUS_NEEDS_CHANGES


def test_what_was_mended_is_reviewed_anew(course: CoursePage, submit: Submit, rita: Any, author: Any) -> None:
    send_back(submit(course), rita)
    course.title = "Mended bees"
    mended = course.save_revision(user=author)
    course.current_workflow_state.resume(author)
    task_state = decisions.waiting(course)
    assert task_state is not None

    approve(task_state, rita)

    course.refresh_from_db()
    assert (course.title, course.live_revision_id) == ("Mended bees", mended.pk)


def test_decision_stands_in_the_notes_and_in_the_history(course: CoursePage, submit: Submit, rita: Any) -> None:
    note = approve(submit(course), rita, text="Lovely.")

    entry = PageLogEntry.objects.get(action="review.approve", page_id=course.pk)
    assert (note.kind, note.name, note.text, note.user) == ("approval", "Rita", "Lovely.", rita)
    assert (entry.message, entry.user) == ("Approved in review: Rita: Lovely.", rita)


def test_comment_decides_nothing(course: CoursePage, submit: Submit, rita: Any, now: datetime) -> None:
    task_state = submit(course)

    note = decisions.comment(
        course, revision_id=task_state.revision_id, by=AccountReviewer(user=rita), text="Hm.", now=now
    )

    assert (note.kind, note.text, note.task_state) == ("comment", "Hm.", task_state)
    assert decisions.waiting(course) == task_state


# Who has no account


def test_mailbox_behind_a_link_decides_under_its_own_name(
    course: CoursePage, submit: Submit, make_link: MakeLink, now: datetime
) -> None:
    task_state, link = submit(course), make_link(course)
    by = MailboxReviewer(link=link, mailbox=link.mailbox)

    note = decisions.approve(task_state.pk, revision_id=task_state.revision_id, by=by, text="Fine.", now=now)

    course.refresh_from_db()
    task_state.refresh_from_db()
    assert (course.title, note.name, note.user, note.link) == ("More bees", "zoe@example.org", None, link)
    assert task_state.comment == "zoe@example.org: Fine."


def test_link_to_a_course_with_its_lessons_decides_about_a_lesson(
    course: CoursePage, make_lesson: Callable[..., LessonPage], submit: Submit, make_link: MakeLink, now: datetime
) -> None:
    task_state, link = submit(make_lesson(course, live=False)), make_link(course, with_lessons=True)

    note = decisions.approve(
        task_state.pk, revision_id=task_state.revision_id, by=MailboxReviewer(link=link, mailbox=link.mailbox), now=now
    )

    note.page.refresh_from_db()
    assert note.page.live


# Refusals


@pytest.mark.refusal("review")
@pytest.mark.parametrize("group", ["", "Editors", "Moderators"])
def test_who_is_not_in_the_tasks_groups_decides_nothing(
    course: CoursePage, submit: Submit, make_person: Callable[..., Any], group: str
) -> None:
    task_state, stranger = submit(course), make_person(group, "stranger")

    for decide in (approve, send_back):
        with pytest.raises(decisions.NotAllowed):
            decide(task_state, stranger)

    assert CoursePage.objects.get(pk=course.pk).title == "Bees"


@pytest.mark.refusal("review")
def test_account_that_was_closed_decides_nothing(course: CoursePage, submit: Submit, rita: Any) -> None:
    rita.is_active = False

    with pytest.raises(decisions.NotAllowed):
        approve(submit(course), rita)


@pytest.mark.refusal("review")
@pytest.mark.parametrize("broken", ["expired", "revoked", "another page", "another mailbox", "no lessons"])
def test_link_that_does_not_cover_the_page_decides_nothing(
    course: CoursePage,
    make_course: Callable[..., CoursePage],
    make_lesson: Callable[..., LessonPage],
    submit: Submit,
    make_link: MakeLink,
    now: datetime,
    broken: str,
) -> None:
    hour = timedelta(hours=1)
    fields = {
        "expired": {"created_at": now - 2 * hour, "expires_at": now - hour},
        "revoked": {"revoked_at": now - hour},
    }
    link = make_link(make_course() if broken == "another page" else course, **fields.get(broken, {}))
    task_state = submit(make_lesson(course, live=False) if broken == "no lessons" else course)
    by = MailboxReviewer(link=link, mailbox="eve@example.org" if broken == "another mailbox" else link.mailbox)

    with pytest.raises(decisions.NotAllowed):
        decisions.approve(task_state.pk, revision_id=task_state.revision_id, by=by, now=now)


def test_nobody_decides_twice(course: CoursePage, submit: Submit, rita: Any) -> None:
    task_state = submit(course)
    send_back(task_state, rita)

    for decide in (approve, send_back):
        with pytest.raises(decisions.AlreadyDecided):
            decide(task_state, rita)


def test_what_was_cancelled_is_not_waiting(course: CoursePage, submit: Submit, rita: Any, author: Any) -> None:
    task_state = submit(course)
    course.current_workflow_state.cancel(user=author)

    with pytest.raises(decisions.NotWaiting):
        approve(task_state, rita)

    assert CoursePage.objects.get(pk=course.pk).title == "Bees"


def test_review_that_does_not_exist_is_not_waiting(course: CoursePage, rita: Any, now: datetime) -> None:
    with pytest.raises(decisions.NotWaiting):
        decisions.approve(999_999, revision_id=1, by=AccountReviewer(user=rita), now=now)


@pytest.mark.refusal("review")
def test_revision_that_is_no_longer_the_latest_is_refused(
    course: CoursePage, submit: Submit, rita: Any, author: Any
) -> None:
    task_state = submit(course)
    course.title = "Slipped in"
    course.save_revision(user=author)

    with pytest.raises(decisions.RevisionChanged):
        approve(task_state, rita)

    assert CoursePage.objects.get(pk=course.pk).title == "Bees"


@pytest.mark.refusal("review")
def test_revision_that_was_overwritten_where_it_stands_is_refused(
    course: CoursePage, submit: Submit, rita: Any, author: Any
) -> None:
    """As the editor does while one types: the number stays, the text does not."""
    task_state = submit(course)
    course.title = "Slipped in"
    course.save_revision(user=author, overwrite_revision=task_state.revision)

    with pytest.raises(decisions.RevisionChanged):
        approve(task_state, rita)


@pytest.mark.refusal("review")
def test_another_revision_than_the_one_in_review_is_refused(course: CoursePage, submit: Submit, rita: Any) -> None:
    earlier = course.live_revision_id

    with pytest.raises(decisions.RevisionChanged):
        approve(submit(course), rita, revision_id=earlier)


@pytest.mark.parametrize("text", ["", "  \n"])
def test_page_is_not_sent_back_without_a_word(course: CoursePage, submit: Submit, rita: Any, text: str) -> None:
    with pytest.raises(decisions.NothingSaid):
        send_back(submit(course), rita, text=text)


def test_comment_of_a_stranger_is_refused(course: CoursePage, submit: Submit, author: Any, now: datetime) -> None:
    task_state = submit(course)

    with pytest.raises(decisions.NotAllowed):
        decisions.comment(
            course, revision_id=task_state.revision_id, by=AccountReviewer(user=author), text="Mine.", now=now
        )

    assert not ReviewNote.objects.exists()


def test_comment_on_another_pages_revision_is_refused(
    course: CoursePage, make_course: Callable[..., CoursePage], submit: Submit, rita: Any, now: datetime
) -> None:
    other = make_course().save_revision()
    submit(course)

    with pytest.raises(decisions.RevisionChanged):
        decisions.comment(course, revision_id=other.pk, by=AccountReviewer(user=rita), text="Hm.", now=now)


# Wagtail's own ways


def test_wagtails_own_approval_comes_to_the_same(course: CoursePage, submit: Submit, rita: Any) -> None:
    task_state = submit(course)

    task_state.task.specific.on_action(task_state, rita, "approve", comment="Lovely.")

    course.refresh_from_db()
    assert (course.title, ReviewNote.objects.get().text) == ("More bees", "Lovely.")


@pytest.mark.refusal("review")
def test_wagtails_own_approval_is_refused_to_strangers(course: CoursePage, submit: Submit, author: Any) -> None:
    task_state = submit(course)

    with pytest.raises(PermissionDenied):
        task_state.task.specific.on_action(task_state, author, "approve")

    assert decisions.waiting(course)


def test_nothing_but_what_was_reviewed_is_published(course: CoursePage, submit: Submit, author: Any) -> None:
    """Past our own functions too: the workflow's end looks again."""
    task_state = submit(course)
    course.title = "Slipped in"
    course.save_revision(user=author)

    with pytest.raises(decisions.RevisionChanged):
        task_state.workflow_state.on_finish(user=author)

    assert CoursePage.objects.get(pk=course.pk).title == "Bees"

"""A notification to reviewers and authors is a row: it outlives a refusing mail server, and is sent once."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.utils import timezone
from wagtail.models import Comment, GroupApprovalTask, PageSubscription, TaskState, Workflow, WorkflowTask
from wagtail.test.utils.form_data import inline_formset, nested_form_data
from wagtail.users.models import UserProfile

from courses.models import CoursePage
from courses.tests.test_admin import course_form
from home.management.commands import run_due
from mail.models import MAX_SENDS
from review import decisions
from review.models import CommentMail, ReviewMail
from review.notify import outbox
from review.reviewers import AccountReviewer

Submit = Callable[..., TaskState]
MINUTE = timedelta(minutes=1)


class RefusingBackend(EmailBackend):
    """A mail server that is down."""

    def open(self) -> bool:
        raise ConnectionRefusedError("no answer from rita@example.org")

    def send_messages(self, messages: Any) -> int:
        return self.open()


@pytest.fixture
def mail_is_down(settings: Any) -> Callable[[bool], None]:
    """Whether it is; no task does anything either, as after a worker has died."""
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.dummy.DummyBackend"}}
    up = settings.MAILERS

    def make(is_down: bool) -> None:
        settings.MAILERS = {"default": {"BACKEND": f"{__name__}.RefusingBackend"}} if is_down else up

    make(True)
    return make


def decide(task_state: TaskState, by: Any, text: str = "Well.") -> None:
    given = {"revision_id": task_state.revision_id, "by": AccountReviewer(user=by), "text": text, "now": timezone.now()}
    decisions.send_back(task_state.pk, **given)


@pytest.fixture
def other(make_course: Callable[..., CoursePage]) -> CoursePage:
    return make_course(slug="wasps")


@pytest.mark.usefixtures("rita")
def test_mails_outlive_an_hour_without_a_mail_server(
    course: CoursePage,
    other: CoursePage,
    submit: Submit,
    author: Any,
    make_person: Callable[..., Any],
    mail_is_down: Callable[[bool], None],
) -> None:
    rene = make_person("Reviewers", "rene")
    waiting = submit(course)
    decide(submit(other, title="Wasps"), rene, "Say what they eat.")
    began = timezone.now()

    for minute in range(60):
        run_due.tell_reviewers_and_authors(began + minute * MINUTE)
    assert not mail.outbox
    mail_is_down(False)
    for minute in range(60, 120):
        run_due.tell_reviewers_and_authors(began + minute * MINUTE)

    told = {(message.to[0], message.subject): message for message in mail.outbox}
    assert sorted(told) == [
        (author.email, "Sent back: Wasps"),
        (rene.email, "Please review: More bees"),
        ("rita@example.org", "Please review: More bees"),
    ]
    assert len(mail.outbox) == len({message.extra_headers["Message-ID"] for message in mail.outbox}) == 3
    assert "Say what they eat." in told[author.email, "Sent back: Wasps"].body
    assert f"/admin/review/{waiting.pk}/" in told[rene.email, "Please review: More bees"].body


@pytest.mark.usefixtures("rita")
def test_mail_that_nobody_takes_is_given_up_with_an_alert(
    course: CoursePage,
    submit: Submit,
    mail_is_down: Callable[[bool], None],
    now: datetime,
    caplog: pytest.LogCaptureFixture,
) -> None:
    submit(course)

    for hour in range(20):
        outbox.send_due(now=now + timedelta(hours=hour))

    row = ReviewMail.objects.get()
    assert (row.sends, row.sent_at, bool(row.parked_at)) == (MAX_SENDS, None, True)
    alerts = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert [record.message for record in alerts] == [
        f"ReviewMail {row.pk} was not mailed (try {MAX_SENDS}): ConnectionRefusedError"
    ]
    assert "example.org" not in caplog.text


@pytest.mark.usefixtures("rita")
def test_mail_is_sent_by_one_worker_once(
    course: CoursePage, submit: Submit, mail_is_down: Callable[[bool], None], now: datetime, monkeypatch: Any
) -> None:
    submit(course)
    mail_is_down(False)
    row, seen = ReviewMail.objects.get(), []
    send = EmailBackend.send_messages

    def while_it_is_sent(backend: EmailBackend, messages: Any) -> int:
        seen.append(outbox.send(row.pk, now=now + MINUTE))  # another worker finds it in the middle
        return send(backend, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", while_it_is_sent)

    assert outbox.send(row.pk, now=now)
    assert not outbox.send(row.pk, now=now + timedelta(days=1))
    assert (seen, len(mail.outbox)) == ([False], 1)


@pytest.mark.parametrize("why", ["decided", "inactive", "spam", "no longer a reviewer"])
def test_nobody_is_asked_in_vain(
    course: CoursePage, submit: Submit, rita: Any, mail_is_down: Callable[[bool], None], now: datetime, why: str
) -> None:
    task_state = submit(course)
    mail_is_down(False)
    if why == "decided":
        decide(task_state, rita)
    elif why == "inactive":
        type(rita).objects.filter(pk=rita.pk).update(is_active=False)
    elif why == "spam":
        UserProfile.objects.update_or_create(user=rita, defaults={"submitted_notifications": False})
    else:
        rita.groups.clear()

    outbox.send_due(now=now + MINUTE)

    assert [message.to for message in mail.outbox if message.to == [rita.email]] == []
    assert ReviewMail.objects.get(user=rita).parked_at


@pytest.mark.usefixtures("rita")
def test_rows_are_kept_while_owed_and_for_some_days_after(
    course: CoursePage, other: CoursePage, submit: Submit, mail_is_down: Callable[[bool], None], now: datetime
) -> None:
    submit(course)
    mail_is_down(False)
    outbox.send_due(now=now + MINUTE)
    mail_is_down(True)
    submit(other)

    outbox.let_go(now=now + timedelta(days=30))
    kept = ReviewMail.objects.count()
    run_due.let_go_of_old_data(now + timedelta(days=31))

    assert kept == 2
    assert ReviewMail.objects.get().sent_at is None


def test_workflow_of_somebodys_own_mails_as_wagtail_does(
    course: CoursePage, author: Any, make_person: Callable[..., Any], mail_is_down: Callable[[bool], None]
) -> None:
    """Also when the mail server is away at first, and with the words of the task as it was."""
    moderator = make_person("Moderators")
    task = GroupApprovalTask.objects.create(name="Stock")
    task.groups.set(moderator.groups.all())
    workflow = Workflow.objects.create(name="Stock")
    WorkflowTask.objects.create(workflow=workflow, task=task)
    course.title = "More bees"
    course.save_revision(user=author)

    state = workflow.start(course, author)
    run_due.tell_reviewers_and_authors(timezone.now())
    mail_is_down(False)
    run_due.tell_reviewers_and_authors(timezone.now() + MINUTE)
    mail_is_down(True)
    state.current_task_state.reject(user=moderator, comment="Say what they eat.")
    state.resume(author)
    state.current_task_state.approve(user=moderator)
    mail_is_down(False)
    run_due.tell_reviewers_and_authors(timezone.now() + 2 * MINUTE)

    course.refresh_from_db()
    assert course.title == "More bees"
    assert [message.to[0] for message in mail.outbox] == [moderator.email, author.email, author.email]
    for message, word in zip(mail.outbox, ["submitted", "rejected", "approved"], strict=True):
        assert f'The page "More bees" has been {word}' in message.subject
    assert "Say what they eat." in mail.outbox[1].body


def test_comments_in_the_editor_are_told_once_the_mail_server_is_back(
    course: CoursePage, author: Any, make_person: Callable[..., Any], mail_is_down: Callable[[bool], None]
) -> None:
    """Saving neither waits for it nor fails. The author follows the page, and has asked something."""
    editor = Client()
    editor.force_login(make_person("Editors", "eve"))
    PageSubscription.objects.create(page=course, user=author, comment_notifications=True)
    place = {"contentpath": "summary", "position": ""}
    asked = Comment.objects.create(page=course, user=author, text="What do they eat?", **place)
    answered = {"id": asked.pk, "text": asked.text, "replies": inline_formset([{"text": "Nectar."}])} | place
    new = {"text": "Say it.", "replies": inline_formset([])} | place
    form = course_form(title=course.title, slug=course.slug)
    form |= nested_form_data({"comments": inline_formset([answered, new], initial=1)})

    saved = editor.post(f"/admin/pages/{course.pk}/edit/", form)
    run_due.tell_reviewers_and_authors(timezone.now())
    mail_is_down(False)
    for minute in (1, 9):
        run_due.tell_reviewers_and_authors(timezone.now() + minute * MINUTE)

    (message,) = mail.outbox
    assert saved.status_code == 302
    assert (message.to, message.subject) == ([author.email], 'Eve has updated comments on "Bees"')
    assert [text in message.body for text in (asked.text, "Nectar.", "Say it.")] == [True, True, True]


def test_comments_are_told_to_nobody_who_may_edit_no_longer(
    course: CoursePage, author: Any, rita: Any, mail_is_down: Callable[[bool], None], now: datetime
) -> None:
    changes: dict[str, list[int]] = {"new": [], "resolved": [], "replies": []}
    CommentMail.objects.create(page=course.page_ptr, user=author, by=rita, changes=changes, queued_at=now)
    author.groups.clear()
    mail_is_down(False)

    outbox.send_due(now=now)

    assert CommentMail.objects.get().parked_at
    assert not mail.outbox

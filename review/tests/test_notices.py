"""Notifications: reviewers are asked, the author learns who said what, and a mail server that is down stops nothing."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from wagtail.models import TaskState

from courses.models import CoursePage
from review import decisions
from review.models import ReviewLink
from review.reviewers import AccountReviewer, MailboxReviewer, Reviewer

Submit = Callable[..., TaskState]


def decide(task_state: TaskState, by: Reviewer, how: Any = decisions.approve, text: str = "Well.") -> None:
    how(task_state.pk, revision_id=task_state.revision_id, by=by, text=text, now=timezone.now())


def test_reviewers_are_asked_with_the_way_to_their_page(course: CoursePage, submit: Submit, rita: Any) -> None:
    task_state = submit(course, title="More bees")

    (message,) = [each for each in mail.outbox if each.to == [rita.email]]

    assert message.subject == "Please review: More bees"
    assert f"http://localhost:8000/admin/review/{task_state.pk}/" in message.body
    assert "Author asks you to review “More bees”." in message.body


def test_author_is_not_asked(course: CoursePage, submit: Submit, author: Any) -> None:
    submit(course)

    assert [message.to for message in mail.outbox if author.email in message.to] == []


@pytest.mark.parametrize(
    ("how", "said"),
    [(decisions.approve, "Rita approved “More bees”. It’s live."), (decisions.send_back, "Rita sent “More bees” back")],
)
def test_author_is_told_by_whom_and_in_which_words(
    course: CoursePage, submit: Submit, rita: Any, author: Any, how: Any, said: str
) -> None:
    task_state = submit(course)
    mail.outbox.clear()

    decide(task_state, AccountReviewer(user=rita), how, "Bees <3 & honey.")

    (message,) = mail.outbox
    assert message.to == [author.email]
    assert said in message.body
    assert "Bees <3 & honey." in message.body


def test_author_is_told_the_mailbox_of_who_has_no_account(
    course: CoursePage, submit: Submit, make_link: Callable[..., ReviewLink], now: datetime
) -> None:
    task_state, link = submit(course), make_link(course)
    mail.outbox.clear()

    decide(task_state, MailboxReviewer(link=link, mailbox=link.mailbox))

    assert "zoe@example.org approved" in mail.outbox[0].body


def test_title_of_several_lines_is_one_line_of_a_subject(course: CoursePage, submit: Submit, rita: Any) -> None:
    submit(course, title="More\r\nBcc: eve@example.org")

    assert mail.outbox[0].subject == "Please review: More Bcc: eve@example.org"


def test_mail_server_that_is_down_stops_no_decision(
    course: CoursePage, submit: Submit, rita: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    task_state = submit(course)

    def refuse(*_: Any) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    decide(task_state, AccountReviewer(user=rita))

    course.refresh_from_db()
    assert course.title == "More bees"


def test_an_answer_goes_to_a_mailbox_that_the_email_names(
    course: CoursePage, submit: Submit, make_link: Callable[..., ReviewLink]
) -> None:
    task_state, link = submit(course), make_link(course)
    mail.outbox.clear()

    decide(task_state, MailboxReviewer(link=link, mailbox=link.mailbox))

    assert mail.outbox[0].reply_to == ["zoe@example.org"]
    assert "Reply to this email to answer zoe@example.org." in mail.outbox[0].body


def test_nobody_is_told_the_address_of_an_account(course: CoursePage, submit: Submit, rita: Any, author: Any) -> None:
    task_state = submit(course)
    decide(task_state, AccountReviewer(user=rita), decisions.send_back)

    asked, told = mail.outbox
    for message, other in [(asked, author), (told, rita)]:
        assert message.reply_to == []
        assert other.email not in message.message().as_string()
        assert "Reply" not in message.body

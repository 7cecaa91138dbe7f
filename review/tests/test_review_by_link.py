"""A review by link: its mailbox alone may comment and decide, proved by a code, about what was looked at."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from wagtail.models import PageLogEntry, TaskState

from access.models import EmailVerificationToken
from access.verification import outbox
from courses.models import CoursePage, LessonPage
from review import decisions
from review.link import views
from review.models import ReviewLink, ReviewNote
from review.reviewers import AccountReviewer
from review.tests.test_links import ZOE, link, said, task, url, zoe

__all__ = ["link", "task", "zoe"]
Submit = Callable[..., TaskState]
MakeLink = Callable[..., ReviewLink]


def ask(client: Client, link: ReviewLink) -> tuple[str, str]:
    """Where to type the code, and the code."""
    address = client.post(url(link, "mailbox/"))["Location"]
    outbox.send_due(now=timezone.now())
    (code,) = re.findall(r"^(\d{6})$", str(mail.outbox[-1].body), re.MULTILINE)
    return address, code


# The proof


def test_code_mailed_to_the_mailbox_proves_it(client: Client, link: ReviewLink) -> None:
    address, code = ask(client, link)

    response = client.post(address, {"code": code})

    assert mail.outbox[-1].to == [ZOE]
    assert (response.status_code, response["Location"]) == (303, url(link) + "#say")
    assert "Commenting as zoe@example.org" in client.get(url(link)).text


def test_mail_says_what_it_is_for_and_its_link_leads_back(client: Client, link: ReviewLink, task: TaskState) -> None:
    ask(client, link)
    text = str(mail.outbox[-1].body)
    (secret,) = re.findall(r"/access/confirm/([\w-]{43})/", text)

    response = client.post(f"/access/confirm/{secret}/")

    assert mail.outbox[-1].subject == "Your code for reviewing “More bees”"
    assert "as zoe@example.org" in text
    assert (response.status_code, response["Location"]) == (303, url(link, "mailbox/"))
    assert client.get(response["Location"])["Location"] == url(link) + "#say"


def test_who_only_looks_is_not_told_the_mailbox(client: Client, link: ReviewLink, task: TaskState) -> None:
    assert ZOE not in client.get(url(link)).text
    assert ZOE not in client.get(url(link, "mailbox/")).text


def test_mail_goes_to_no_other_address(client: Client, link: ReviewLink) -> None:
    client.post(url(link, "mailbox/"), {"email": "eve@example.org", "mailbox": "eve@example.org"})

    assert EmailVerificationToken.objects.get().sent_to == ZOE


@pytest.mark.refusal("token")
def test_wrong_code_proves_nothing(client: Client, link: ReviewLink) -> None:
    address, code = ask(client, link)

    response = client.post(address, {"code": "000000" if code != "000000" else "111111"})

    assert response.status_code == 422
    assert "Commenting as" not in client.get(url(link)).text


def test_code_from_another_browser_proves_nothing(client: Client, link: ReviewLink) -> None:
    address, code = ask(client, link)
    other = Client()

    response = other.post(address, {"code": code})

    assert response.status_code == 404
    assert "Commenting as" not in other.get(url(link)).text


@pytest.mark.refusal("link")
def test_code_mailed_to_another_address_is_not_taken_here(client: Client, link: ReviewLink, asker: str) -> None:
    client.post("/access/ask/", {"email": "eve@example.org"})
    outbox.send_due(now=timezone.now())
    (code,) = re.findall(r"^(\d{6})$", str(mail.outbox[-1].body), re.MULTILINE)

    response = client.post(url(link, f"mailbox/{EmailVerificationToken.objects.get().pk}/"), {"code": code})

    assert response.status_code == 404


@pytest.mark.refusal("throttle")
def test_mailbox_is_not_flooded_through_its_link(client: Client, link: ReviewLink) -> None:
    answers = [Client().post(url(link, "mailbox/")).status_code for _ in range(4)]

    assert answers == [303, 303, 303, 429]


# Speaking


@pytest.mark.refusal("link")
@pytest.mark.parametrize("act", ["comment", "return", "approve"])
def test_who_only_holds_the_link_says_nothing(
    client: Client, link: ReviewLink, task: TaskState, course: CoursePage, act: str
) -> None:
    response = client.post(url(link, "say/"), said(task, act))

    assert response.status_code == 403
    assert not ReviewNote.objects.exists()


@pytest.mark.refusal("link")
@pytest.mark.parametrize("act", ["comment", "return", "approve"])
def test_session_of_another_mailbox_says_nothing(
    verified_learner: Client, link: ReviewLink, task: TaskState, act: str
) -> None:
    assert verified_learner.post(url(link, "say/"), said(task, act)).status_code == 403
    assert not ReviewNote.objects.exists()


@pytest.mark.refusal("link")
def test_staff_say_nothing_through_a_link(admin_client: Client, link: ReviewLink, task: TaskState) -> None:
    assert admin_client.post(url(link, "say/"), said(task, "approve")).status_code == 403


def test_nothing_is_said_by_a_page_of_another_site(zoe: Client, link: ReviewLink, task: TaskState) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = zoe.cookies

    assert strict.post(url(link, "say/"), said(task, "approve")).status_code == 403
    assert strict.post(url(link, "mailbox/")).status_code == 403
    assert not ReviewNote.objects.exists()


def test_comment_is_kept_under_the_mailbox(zoe: Client, link: ReviewLink, task: TaskState, course: CoursePage) -> None:
    response = zoe.post(url(link, "say/"), said(task, "comment", text="Lovely."))

    note = ReviewNote.objects.get()
    assert response.status_code == 303
    assert (note.kind, note.name, note.text, note.link) == ("comment", ZOE, "Lovely.", link)
    assert "Lovely." in zoe.get(response["Location"]).text


def test_approval_publishes_what_was_looked_at(
    zoe: Client, link: ReviewLink, task: TaskState, course: CoursePage
) -> None:
    response = zoe.post(url(link, "say/"), said(task, "approve"))

    course.refresh_from_db()
    assert (course.title, course.live_revision_id) == ("More bees", task.revision_id)
    assert "See the page" in zoe.get(response["Location"]).text
    assert PageLogEntry.objects.get(action="review.approve").data["name"] == ZOE


def test_what_is_missing_blocks_until_a_reason_is_given(
    zoe: Client, course: CoursePage, make_lesson: Callable[..., LessonPage], submit: Submit, make_link: MakeLink
) -> None:
    lesson = make_lesson(course, body=[])
    task, link = submit(lesson), make_link(lesson)

    refused = zoe.post(url(link, "say/"), said(task, "approve"))
    zoe.post(url(link, "say/"), said(task, "approve", in_spite_of="It is news."))

    lesson.refresh_from_db()
    assert refused.status_code == 409
    assert "Something visitors need is missing." in refused.text
    assert lesson.live_revision_id == task.revision_id


def test_page_is_sent_back_and_waits_again_behind_the_same_link(
    zoe: Client, link: ReviewLink, task: TaskState, course: CoursePage, author: Any
) -> None:
    zoe.post(url(link, "say/"), said(task, "return", text="Say what they eat."))
    course.title = "Bees that eat"
    course.save_revision(user=author)
    course.current_workflow_state.resume(author)

    response = zoe.get(url(link))

    assert "Bees that eat" in response.text
    assert "Say what they eat." in response.text


def test_page_is_not_sent_back_without_a_word(zoe: Client, link: ReviewLink, task: TaskState) -> None:
    response = zoe.post(url(link, "say/"), said(task, "return", text=" "))

    assert response.status_code == 409
    assert "Say briefly" in response.text


@pytest.mark.parametrize("act", ["comment", "return", "approve"])
def test_who_is_too_late_is_told_and_keeps_the_words(
    zoe: Client, link: ReviewLink, task: TaskState, rita: Any, act: str
) -> None:
    given = {"revision_id": task.revision_id, "by": AccountReviewer(user=rita), "text": "No.", "now": timezone.now()}
    decisions.send_back(task.pk, **given)

    response = zoe.post(url(link, "say/"), said(task, act, text="My own words."))

    assert response.status_code == 409
    assert "was sent back" in response.text
    assert "My own words." in response.text
    assert ReviewNote.objects.count() == 1


def test_an_account_that_is_named_like_the_mailbox_is_somebody_else(
    zoe: Client, link: ReviewLink, task: TaskState, rita: Any
) -> None:
    rita.first_name, rita.last_name = link.mailbox, ""
    note = decisions.send_back(
        task.pk, revision_id=task.revision_id, by=AccountReviewer(user=rita), text="No.", now=timezone.now()
    )

    response = zoe.get(url(link))

    assert (note.name, note.user, note.link) == (link.mailbox, rita, None)
    assert "was sent back" in response.text
    assert "Thank you" not in response.text


def test_who_decided_through_an_older_link_is_thanked(
    zoe: Client, link: ReviewLink, task: TaskState, make_link: MakeLink, course: CoursePage
) -> None:
    zoe.post(url(link, "say/"), said(task, "return", text="Say what they eat."))

    assert "Thank you" in zoe.get(url(make_link(course))).text


@pytest.mark.refusal("review")
def test_revision_that_changed_since_is_shown_and_asked_about_again(
    zoe: Client, link: ReviewLink, task: TaskState, course: CoursePage, rita: Any, author: Any
) -> None:
    decisions.send_back(
        task.pk, revision_id=task.revision_id, by=AccountReviewer(user=rita), text="No.", now=timezone.now()
    )
    course.title = "Wasps"
    course.save_revision(user=author)
    course.current_workflow_state.resume(author)

    response = zoe.post(url(link, "say/"), said(task, "approve"))

    course.refresh_from_db()
    assert response.status_code == 409
    assert course.title == "Bees"
    assert "What changed since you opened it" in response.text
    assert f'value="{course.latest_revision_id}"' in response.text


def test_draft_that_was_never_in_review_is_not_compared_with(
    zoe: Client, course: CoursePage, submit: Submit, make_link: MakeLink, author: Any
) -> None:
    course.title = "A thought nobody should see"
    never = course.save_revision(user=author)
    task = submit(course)

    response = zoe.post(url(make_link(course), "say/"), said(task, "approve", revision_id=never.pk))

    assert response.status_code == 409
    assert "thought" not in response.text


@pytest.mark.refusal("link")
@pytest.mark.parametrize("act", ["comment", "return", "approve"])
def test_another_page_is_not_spoken_about(
    zoe: Client, link: ReviewLink, course: CoursePage, make_lesson: Any, submit: Submit, act: str
) -> None:
    lesson_task = submit(make_lesson(course, live=False))

    assert zoe.post(url(link, "say/"), said(lesson_task, act)).status_code == 404
    assert not ReviewNote.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [{"act": "publish"}, {"revision_id": "x"}, {"revision_id": "9" * 40}, {"page_id": "9" * 40}, {"text": "x" * 9000}],
)
def test_forged_form_is_no_error_of_ours(zoe: Client, link: ReviewLink, task: TaskState, fields: Any) -> None:
    assert zoe.post(url(link, "say/"), said(task, "comment") | fields).status_code == 422
    assert not ReviewNote.objects.exists()


@pytest.mark.refusal("throttle")
def test_author_is_not_flooded_with_comments(
    zoe: Client, link: ReviewLink, task: TaskState, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "LIMITS", [(2, 3600)])

    answers = [zoe.post(url(link, "say/"), said(task, "comment")).status_code for _ in range(3)]

    assert answers == [303, 303, 429]

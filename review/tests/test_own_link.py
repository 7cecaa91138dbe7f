"""A request to prove a link's mailbox belongs to that very link: it leads to no other, and waits nowhere else."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from wagtail.models import TaskState

from access.models import EmailVerificationToken
from courses.models import CoursePage, LessonPage
from review.link import links
from review.models import LinkVerification, ReviewLink
from review.notify import messages
from review.tests.test_links import ZOE, link, task, url, zoe

__all__ = ["link", "task", "zoe"]
MakeLink = Callable[..., ReviewLink]


def ask(client: Client, link: ReviewLink) -> EmailVerificationToken:
    address = client.post(url(link, "mailbox/"))["Location"]
    return EmailVerificationToken.objects.get(pk=address.rstrip("/").rpartition("/")[2])


def mailed() -> tuple[str, str]:
    """The confirm page's address and the code in the newest mail."""
    text = str(mail.outbox[-1].body)
    return re.findall(r"/access/confirm/[\w-]{43}/", text)[0], re.findall(r"^(\d{6})$", text, re.MULTILINE)[0]


def end(link: ReviewLink, how: str, other: CoursePage) -> None:
    """What may become of a link that somebody has asked through, as its row says it."""
    ago = timezone.now() - timedelta(minutes=1)
    fields: dict[str, dict[str, Any]] = {
        "expired": {"created_at": ago - timedelta(days=1), "expires_at": ago},
        "revoked": {"revoked_at": ago},
        "lessons taken away": {"with_lessons": False},
        "other page": {"page": other.page_ptr},
        "replaced": {"with_lessons": True},
    }
    ReviewLink.objects.filter(pk=link.pk).update(**fields[how])


ENDS = ["expired", "revoked", "lessons taken away", "other page", "replaced"]


@pytest.mark.refusal("own link")
@pytest.mark.parametrize("how", ENDS)
def test_request_through_one_link_never_shows_its_successor(
    client: Client,
    task: TaskState,
    course: CoursePage,
    make_course: Callable[..., CoursePage],
    make_lesson: Callable[..., LessonPage],
    make_link: MakeLink,
    now: datetime,
    how: str,
) -> None:
    make_lesson(course, live=False)
    link = make_link(course, with_lessons=True, created_at=now - timedelta(hours=1))
    token = ask(client, link)
    confirm, code = mailed()
    end(link, how, make_course())
    successor = make_link(course, with_lessons=True)

    waiting = f"/access/waiting/{token.pk}/"
    shown = [client.get(waiting), client.get(f"{waiting}status/"), client.post(waiting, {"code": code})]
    shown += [client.get(confirm), client.get(url(successor, f"mailbox/{token.pk}/"))]
    shown += [client.post(url(successor, f"mailbox/{token.pk}/"), {"code": code}), client.post(confirm)]
    told = " ".join(f"{response.headers} {response.text}" for response in shown)

    assert links.signed(successor) not in told.replace(url(successor), "")
    assert ZOE not in told
    assert [response.status_code for response in shown] == [200, 404, 404, 200, 404, 404, 303]
    assert shown[-1]["Location"] == url(link, "mailbox/")  # the mail's holder goes back to where it was asked for
    assert client.get(shown[-1]["Location"]).status_code == (410 if how in {"expired", "revoked"} else 303)


@pytest.mark.refusal("own link")
def test_mail_that_no_longer_works_shows_no_link(client: Client, link: ReviewLink) -> None:
    ask(client, link)
    EmailVerificationToken.objects.update(expires_at=timezone.now())

    refused = client.post(mailed()[0])

    assert refused.status_code == 410
    assert "Open your review link again." in refused.text
    assert "/review/" not in refused.text


def test_request_whose_link_is_gone_leads_nowhere(client: Client, link: ReviewLink) -> None:
    ask(client, link)
    ReviewLink.objects.all().delete()

    assert client.post(mailed()[0])["Location"] == "/access/"


@pytest.mark.refusal("own link")
def test_learners_request_is_not_shown_or_taken_behind_a_link(client: Client, link: ReviewLink) -> None:
    asked = client.post("/access/ask/", {"email": ZOE})["Location"]
    address = url(link, f"mailbox/{asked.rstrip('/').rpartition('/')[2]}/")

    assert [client.get(address).status_code, client.post(address, {"code": mailed()[1]}).status_code] == [404, 404]


def test_asking_twice_is_one_request_through_one_link_and_two_through_two(
    client: Client, link: ReviewLink, course: CoursePage, make_link: MakeLink
) -> None:
    other = make_link(course)
    first, again, elsewhere = ask(client, link), ask(client, link), ask(client, other)

    assert first == again != elsewhere
    assert set(LinkVerification.objects.values_list("token", "link")) == {(first.pk, link.pk), (elsewhere.pk, other.pk)}


@pytest.mark.parametrize("how", ["open", "revoked", "expired", "decided", "other page"])
def test_mail_names_the_draft_only_while_its_link_shows_it(
    client: Client, link: ReviewLink, course: CoursePage, make_course: Callable[..., Any], how: str
) -> None:
    token = ask(client, link)
    if how == "decided":
        course.current_workflow_state.cancel()
    elif how != "open":
        end(link, how, make_course())

    assert messages.words(token)["title"] == ("More bees" if how == "open" else "a page")

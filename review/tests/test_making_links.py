"""Review links are created, listed and revoked by editors who may change the page."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, PageLogEntry, TaskState

from courses.models import CoursePage
from review.link import links
from review.models import ReviewLink

Submit = Callable[..., TaskState]
MakeLink = Callable[..., ReviewLink]
TYPED = {"mailbox": "Zoe@Example.org", "days": 7}


@pytest.fixture
def log_in() -> Callable[[Any], Client]:
    def make(person: Any) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return make


def url(page: Page) -> str:
    return f"/admin/review/links/{page.pk}/"


def test_editor_makes_a_link_for_a_mailbox(course: CoursePage, author: Any, log_in: Any) -> None:
    response = log_in(author).post(url(course), TYPED, follow=True)

    link = ReviewLink.objects.get()
    assert (link.mailbox, link.created_by, link.with_lessons) == ("zoe@example.org", author, False)
    assert timedelta(days=7) == link.expires_at - link.created_at
    assert links.address(link) in response.text
    assert links.address(link).startswith("http")
    entry = PageLogEntry.objects.get(action="review.make_link", page_id=course.pk)
    assert (entry.user, entry.message) == (author, "Created a review link: zoe@example.org")


@pytest.mark.parametrize(
    "typed", [{"mailbox": "zoe"}, {"mailbox": "a@b.io,c@d.io"}, {"days": 0}, {"days": 31}, {"days": "x"}]
)
def test_link_that_would_be_none_is_not_made(course: CoursePage, author: Any, log_in: Any, typed: Any) -> None:
    response = log_in(author).post(url(course), TYPED | typed)

    assert response.status_code == 422
    assert not ReviewLink.objects.exists()


def test_lessons_are_offered_for_a_course_only(course: CoursePage, make_lesson: Any, author: Any, log_in: Any) -> None:
    lesson, client = make_lesson(course), log_in(author)

    client.post(url(lesson), {**TYPED, "with_lessons": "on"})
    client.post(url(course), {**TYPED, "with_lessons": "on"})

    assert [link.with_lessons for link in ReviewLink.objects.order_by("created_at")] == [False, True]


def test_editor_takes_a_link_back(
    client: Client, course: CoursePage, submit: Submit, author: Any, make_link: MakeLink, log_in: Any
) -> None:
    submit(course)
    link = make_link(course)
    assert client.get(f"/review/{links.signed(link)}/").status_code == 200

    response = log_in(author).post(f"/admin/review/links/{link.pk}/revoke/", follow=True)

    assert client.get(f"/review/{links.signed(link)}/").status_code == 410
    assert links.signed(link) not in response.text
    assert PageLogEntry.objects.get(action="review.revoke_link").data["name"] == link.mailbox


def test_link_is_taken_back_once(course: CoursePage, author: Any, make_link: MakeLink, log_in: Any) -> None:
    link, client = make_link(course), log_in(author)
    for _ in range(2):
        client.post(f"/admin/review/links/{link.pk}/revoke/")

    assert PageLogEntry.objects.filter(action="review.revoke_link").count() == 1


def test_looking_at_the_address_takes_nothing_back(
    course: CoursePage, author: Any, make_link: MakeLink, log_in: Any
) -> None:
    link = make_link(course)

    assert log_in(author).get(f"/admin/review/links/{link.pk}/revoke/").status_code == 405
    assert ReviewLink.objects.open(timezone.now()).exists()


def test_who_may_not_change_the_page_makes_sees_and_ends_no_link(
    course: CoursePage, submit: Submit, rita: Any, make_link: MakeLink, log_in: Any
) -> None:
    """A reviewer is among them: what they were shown is not theirs to pass on."""
    submit(course)
    link, client = make_link(course), log_in(rita)

    answers = [
        client.get(url(course)),
        client.post(url(course), TYPED),
        client.post(f"/admin/review/links/{link.pk}/revoke/"),
    ]

    assert not [answer for answer in answers if answer.status_code == 200 or link.mailbox in answer.text]
    assert ReviewLink.objects.open(timezone.now()).count() == 1


def test_links_are_offered_in_the_editor_and_beside_the_review(
    course: CoursePage, submit: Submit, author: Any, log_in: Any
) -> None:
    task_state, client = submit(course), log_in(author)

    for address in (f"/admin/pages/{course.pk}/edit/", f"/admin/review/{task_state.pk}/"):
        assert url(course) in client.get(address).text

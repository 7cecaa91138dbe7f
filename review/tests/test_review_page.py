"""The review page in the admin: what it shows first, who may open it, and that clicking its buttons decides."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import TaskState

from access.policy import Level
from conftest import CANARY
from courses.models import CoursePage, LessonPage
from review import decisions
from review.models import ReviewNote

Submit = Callable[..., TaskState]


@pytest.fixture
def browser(rita: Any) -> Client:
    client = Client()
    client.force_login(rita)
    return client


def address(task_state: TaskState) -> str:
    return f"/admin/review/{task_state.pk}/"


def decide(client: Client, task_state: TaskState, act: str, **fields: Any) -> Any:
    return client.post(address(task_state), {"revision_id": task_state.revision_id, "act": act, **fields})


# What it shows


def test_page_shows_first_who_may_read_it_now_and_then(browser: Client, course: CoursePage, submit: Submit) -> None:
    shown = browser.get(address(submit(course, access=Level.ANYONE))).content.decode()

    assert "<del>Purchase</del>" in shown
    assert "<ins>Open to anyone</ins>" in shown


def test_page_shows_the_date_and_the_free_preview_of_a_lesson(
    browser: Client, course: CoursePage, make_lesson: Callable[..., LessonPage], submit: Submit
) -> None:
    lesson = make_lesson(course)
    ahead = timezone.now() + timedelta(days=3)

    shown = browser.get(address(submit(lesson, is_free_preview=True, go_live_at=ahead))).content.decode()

    assert "<del>No</del>" in shown
    assert f"<ins>{ahead:%a} {ahead.day} {ahead:%b %Y %H:%M} UTC</ins>" in shown


def test_page_says_that_a_copy_keeps_what_it_asked_and_approval_opens_it_to_nobody_else(
    browser: Client,
    course: CoursePage,
    make_course: Callable[..., CoursePage],
    make_lesson: Callable[..., LessonPage],
    submit: Submit,
) -> None:
    lesson = make_lesson(course).copy(to=make_course(slug="free", access=Level.ANYONE), keep_live=False)
    review = submit(lesson, title="Copied bees")

    shown = browser.get(address(review)).content.decode()
    decide(browser, review, "approve")

    assert "came from “Bees”, which asks for more than this course" in shown
    lesson = LessonPage.objects.get(pk=lesson.pk)
    assert (lesson.live, lesson.title) == (True, "Copied bees")
    assert CANARY not in Client().get(lesson.url).content.decode()


def test_page_shows_a_new_price_as_money(browser: Client, course: CoursePage, submit: Submit) -> None:
    course.price, course.currency = 3900, "EUR"
    course.save_revision().publish()

    shown = browser.get(address(submit(course, price=4900))).content.decode()

    assert "<del>€39.00</del>" in shown
    assert "<ins>€49.00</ins>" in shown
    assert "4900" not in shown


def test_page_shows_a_price_in_another_currency_once(browser: Client, course: CoursePage, submit: Submit) -> None:
    course.price, course.currency = 3900, "EUR"
    course.save_revision().publish()

    shown = browser.get(address(submit(course, currency="JPY"))).content.decode()

    assert "<ins>¥3,900</ins>" in shown
    assert shown.count("<ins>") == 1


def test_page_shows_that_a_price_is_taken_away(browser: Client, course: CoursePage, submit: Submit) -> None:
    course.price, course.currency = 3900, "EUR"
    course.save_revision().publish()

    shown = browser.get(address(submit(course, price=None, currency=""))).content.decode()

    assert "<ins>Not set</ins>" in shown


def test_page_compares_with_what_is_live(browser: Client, course: CoursePage, submit: Submit) -> None:
    shown = browser.get(address(submit(course, title="More bees"))).content.decode()

    assert '<span class="addition">More bees</span>' in shown


def test_page_compares_with_what_was_sent_back(
    browser: Client, course: CoursePage, submit: Submit, author: Any
) -> None:
    decide(browser, submit(course, summary="Too short."), "return", text="Say more.")
    course.summary = "Long enough."
    course.save_revision(user=author)
    course.current_workflow_state.resume(author)
    task_state = decisions.waiting(course)
    assert task_state is not None

    shown = browser.get(address(task_state)).content.decode()

    assert "Since it was last sent back" in shown
    assert '<span class="deletion">Too short.</span>' in shown
    assert "Say more." in shown


def test_page_says_that_an_earlier_schedule_is_cancelled(browser: Client, course: CoursePage, submit: Submit) -> None:
    course.go_live_at = timezone.now() + timedelta(days=3)
    course.save_revision().publish()

    shown = browser.get(address(submit(course, go_live_at=None))).content.decode()

    assert "Approving this one cancels that." in shown


def test_what_was_said_is_escaped(browser: Client, course: CoursePage, submit: Submit) -> None:
    task_state = submit(course)
    decide(browser, task_state, "comment", text="<script>alert(1)</script>")

    assert "<script>alert(1)" not in browser.get(address(task_state)).content.decode()


# What its buttons do


def test_button_approves(browser: Client, course: CoursePage, submit: Submit) -> None:
    response = decide(browser, submit(course, title="More bees"), "approve", text="Lovely.")

    course.refresh_from_db()
    assert response.status_code == 302
    assert (course.title, ReviewNote.objects.get().name) == ("More bees", "Rita")


def test_button_sends_back(browser: Client, course: CoursePage, submit: Submit) -> None:
    decide(browser, submit(course), "return", text="Say more.")

    assert ReviewNote.objects.get().kind == "return"
    assert decisions.waiting(course) is None


def test_button_comments_and_stays(browser: Client, course: CoursePage, submit: Submit) -> None:
    task_state = submit(course)

    response = decide(browser, task_state, "comment", text="Hm.")

    assert response["Location"] == address(task_state)
    assert decisions.waiting(course) == task_state


def test_refusal_is_a_sentence_and_keeps_what_was_typed(
    browser: Client, course: CoursePage, submit: Submit, author: Any
) -> None:
    task_state = submit(course)
    course.save_revision(user=author)

    response = decide(browser, task_state, "approve", text="I typed this.")

    shown = response.content.decode()
    assert response.status_code == 409
    assert "The page has changed since you opened it." in shown
    assert "I typed this." in shown


@pytest.mark.parametrize("form", [{}, {"act": "publish"}, {"act": "approve", "revision_id": "x"}, {"act": "approve"}])
def test_broken_form_decides_nothing(browser: Client, course: CoursePage, submit: Submit, form: dict[str, str]) -> None:
    task_state = submit(course)

    response = browser.post(address(task_state), form)

    assert response.status_code == 422
    assert decisions.waiting(course) == task_state


# What is missing


def test_what_is_missing_blocks_until_a_reason_is_given(
    browser: Client, course: CoursePage, make_lesson: Callable[..., LessonPage], submit: Submit
) -> None:
    task_state = submit(make_lesson(course, body=[]))

    refused = decide(browser, task_state, "approve")
    decide(browser, task_state, "approve", in_spite_of="It is news.")

    assert refused.status_code == 409
    assert "Something visitors need is missing." in refused.content.decode()
    assert re.match(r"Approved despite: .+ Reason: It is news\.", ReviewNote.objects.get().text)


def test_what_a_lesson_lacks_does_not_block_its_course(
    browser: Client, course: CoursePage, make_lesson: Callable[..., LessonPage], submit: Submit
) -> None:
    make_lesson(course, body=[])

    assert decide(browser, submit(course), "approve").status_code == 302


# Who may open it


@pytest.mark.parametrize("group", ["", "Moderators"])
def test_strangers_are_shown_nothing(
    course: CoursePage, submit: Submit, make_person: Callable[..., Any], group: str
) -> None:
    task_state, client = submit(course), Client()
    person = make_person("Reviewers", "stranger")
    person.groups.clear()
    client.force_login(person)

    for path in (address(task_state), f"/admin/review/preview/{task_state.revision_id}/"):
        assert "More bees" not in client.get(path, follow=True).content.decode()


def test_author_reads_along_but_decides_nothing(course: CoursePage, submit: Submit, author: Any) -> None:
    task_state, client = submit(course), Client()
    client.force_login(author)

    shown = client.get(address(task_state)).content.decode()
    response = decide(client, task_state, "approve")

    assert 'value="approve"' not in shown
    assert response.status_code == 409
    assert decisions.waiting(course) == task_state


def test_reviewers_are_shown_nothing_once_it_is_decided(browser: Client, course: CoursePage, submit: Submit) -> None:
    task_state = submit(course)
    decide(browser, task_state, "return", text="No.")

    for path in (address(task_state), f"/admin/review/preview/{task_state.revision_id}/"):
        assert browser.get(path).status_code == 302


@pytest.mark.parametrize("path", ["review/999999/", "review/preview/999999/"])
def test_what_does_not_exist_is_missing(browser: Client, home_page: Any, path: str) -> None:
    assert browser.get(f"/admin/{path}").status_code == 404


# Preview and ways there


def test_preview_shows_the_revision_in_review(browser: Client, course: CoursePage, submit: Submit) -> None:
    response = browser.get(f"/admin/review/preview/{submit(course, title='More bees').revision_id}/")

    assert "More bees" in response.content.decode()
    assert response["X-Frame-Options"] == "SAMEORIGIN"


def test_preview_of_no_moment_is_a_sentence(browser: Client, course: CoursePage, submit: Submit) -> None:
    task_state = submit(course)

    for at in ("tomorrow", "2026-13-01T00:00", "\0", "9" * 400):
        assert browser.get(f"/admin/review/preview/{task_state.revision_id}/", {"at": at}).status_code == 400


def test_preview_of_another_revision_is_refused_to_reviewers(
    browser: Client, course: CoursePage, submit: Submit
) -> None:
    earlier = course.live_revision_id
    submit(course)

    assert browser.get(f"/admin/review/preview/{earlier}/").status_code == 302


def test_dashboard_leads_to_what_waits(browser: Client, course: CoursePage, submit: Submit) -> None:
    task_state = submit(course)

    shown = browser.get("/admin/").content.decode()

    assert f'href="{address(task_state)}">More bees</a>' in shown
    assert "workflow/action" not in shown


def test_editor_of_a_locked_page_leads_publishers_to_the_review(
    course: CoursePage, submit: Submit, make_person: Callable[..., Any]
) -> None:
    task_state, client = submit(course), Client()
    client.force_login(make_person("Publishers"))

    assert address(task_state) in client.get(f"/admin/pages/{course.pk}/edit/").content.decode()

"""What the doors answer: a player's post in its fixed order, the forms of a lesson, the history's switch."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from wagtail.models import Page

from access.models import Email, Grant, LearnerSession
from courses.models import CoursePage, LessonPage
from learning import history
from learning.models import HistoryOptOut, LessonProgress
from learning.tests.conftest import posted, send, stored
from learning.tests.test_batch import BAD

AddLesson = Callable[..., LessonPage]
LARGE = b" " * (settings.PROGRESS_BODY_BYTES + 1)


def strict(client: Client) -> Client:
    """The same cookies in a browser whose forms must bring their token."""
    found = Client(enforce_csrf_checks=True)
    found.cookies.load({name: morsel.value for name, morsel in client.cookies.items()})
    return found


def nothing_is_kept() -> bool:
    return not LessonProgress.objects.exists()


# What a player posts


def test_batch_is_kept(verified_learner: Client, filmed: LessonPage, now: datetime) -> None:
    answer = send(verified_learner, filmed, posted(at=(now - timedelta(minutes=1)).timestamp()))

    assert (answer.status_code, answer.content) == (204, b"")
    assert "no-store" in answer["Cache-Control"]
    assert stored(filmed).seconds_watched == 10
    assert stored(filmed).seen_at < now


def test_player_hears_when_the_lesson_is_done(verified_learner: Client, filmed: LessonPage) -> None:
    part = send(verified_learner, filmed, posted())
    whole = send(verified_learner, filmed, posted(played=[[0, 10_000]]))

    assert "Lesson-Done" not in part
    assert whole["Lesson-Done"] == "1"


def test_browser_keeps_what_is_unsent_under_a_tag_that_tells_nobody_who_it_is(
    verified_learner: Client, filmed: LessonPage
) -> None:
    pages = [verified_learner.get(filmed.url).text, verified_learner.get("/access/").text]

    tags = {tag for page in pages for tag in re.findall(r'data-learner="([^"]+)"', page)}

    assert len(tags) == 1
    assert re.fullmatch("[0-9a-f]{16}", tags.pop())


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
@pytest.mark.parametrize("path", ["/learning/progress/1/", "/learning/lesson/1/", "/learning/history/"])
def test_only_posts(db: None, client: Client, path: str, method: str) -> None:
    assert client.generic(method, path).status_code == 405


def test_answers_have_an_order(
    verified_learner: Client, client: Client, filmed: LessonPage, paid_lesson: LessonPage
) -> None:
    """Each of these would be wrong in every later way too."""
    missing, bad = 4711, b"{"
    guarded = strict(verified_learner)

    answers = [
        send(strict(client), missing, LARGE),
        send(strict(client), missing, bad),
        send(guarded, missing, bad),
        send(verified_learner, missing, bad),
        send(verified_learner, missing),
        send(verified_learner, paid_lesson),
        send(verified_learner, filmed),
    ]

    assert [answer.status_code for answer in answers] == [413, 401, 403, 400, 404, 403, 204]


def test_token_beside_the_address_is_the_one_that_is_asked_for(verified_learner: Client, filmed: LessonPage) -> None:
    client = strict(verified_learner)
    token = str(client.get("/learning/").context["csrf_token"])

    assert send(client, filmed, **{"X-CSRFToken": token}).status_code == 204
    assert send(client, filmed, **{"X-CSRFToken": token[::-1]}).status_code == 403


@pytest.mark.parametrize("said", BAD, ids=lambda said: str(said)[:40])
def test_bad_body_changes_nothing(verified_learner: Client, filmed: LessonPage, said: Any) -> None:
    assert send(verified_learner, filmed, said).status_code == 400
    assert nothing_is_kept()


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "", "x"])
def test_body_of_another_kind_is_read_no_otherwise(verified_learner: Client, filmed: LessonPage, kind: str) -> None:
    client = strict(verified_learner)

    assert client.post(f"/learning/progress/{filmed.pk}/", b"x", content_type=kind).status_code == 403
    assert verified_learner.post(f"/learning/progress/{filmed.pk}/", b"x", content_type=kind).status_code == 400


@pytest.mark.parametrize("size", [settings.PROGRESS_BODY_BYTES + 1, 1024**2])
def test_large_body_is_refused(verified_learner: Client, filmed: LessonPage, size: int) -> None:
    assert send(verified_learner, filmed, b"1" * size).status_code == 413


def test_what_is_too_much_is_clipped(verified_learner: Client, filmed: LessonPage) -> None:
    said = posted(played=[[-10, 5], [98, 10**300], [1e300, 1e301]], position=1e300, duration=-1, at=1e300)

    assert send(verified_learner, filmed, said).status_code == 204
    assert (stored(filmed).seconds_watched, stored(filmed).position) == (7, 100)


@pytest.mark.parametrize("page_id", [0, 2**31, 2**63 - 1, 2**63])
def test_number_that_no_lesson_can_have_is_not_found(verified_learner: Client, page_id: int) -> None:
    assert send(verified_learner, page_id).status_code == 404
    assert verified_learner.post(f"/learning/lesson/{page_id}/", {"which": "done"}).status_code == 404


def test_replayed_batch_changes_nothing(verified_learner: Client, filmed: LessonPage) -> None:
    rows = []
    for _ in range(2):
        assert send(verified_learner, filmed, posted(at=1)).status_code == 204
        rows.append((bytes(stored(filmed).watched), stored(filmed).position, stored(filmed).done_at))

    assert rows[0] == rows[1]


def test_row_belongs_to_the_cookies_learner(
    verified_learner: Client, sign_in: Callable[[Email], Client], filmed: LessonPage, now: datetime
) -> None:
    zoe = Email.objects.create(address="zoe@example.org", asked_at=now, verified_at=now)

    send(sign_in(zoe), filmed)
    send(verified_learner, filmed, posted(played=[]))

    rows = LessonProgress.objects.values_list("email__address", "seconds_watched")
    assert set(rows) == {("zoe@example.org", 10), ("ada@example.org", 0)}


@pytest.mark.parametrize("cookie", ["", "x" * 43, "signed out"])
def test_cookie_that_opens_no_session_is_nobodys(
    verified_learner: Client, filmed: LessonPage, cookie: str, now: datetime
) -> None:
    if cookie == "signed out":
        LearnerSession.objects.update(revoked_at=now)
    else:
        verified_learner.cookies[settings.LEARNER_COOKIE] = cookie

    assert send(verified_learner, filmed).status_code == 401
    assert nothing_is_kept()


def test_staff_are_no_learners(client: Client, filmed: LessonPage) -> None:
    client.force_login(User.objects.create_superuser("chief"))

    assert send(client, filmed).status_code == 401
    assert client.post(f"/learning/lesson/{filmed.pk}/", {"which": "done"}).status_code == 303
    assert nothing_is_kept()


@pytest.mark.refusal("policy")
def test_locked_lesson_takes_nothing(verified_learner: Client, paid_lesson: LessonPage) -> None:
    assert send(verified_learner, paid_lesson).status_code == 403
    verified_learner.post(f"/learning/lesson/{paid_lesson.pk}/", {"which": "done"})
    assert nothing_is_kept()


@pytest.mark.refusal("policy")
@pytest.mark.parametrize("state", ["draft", "draft of a course"])
def test_what_is_not_here_is_not_found(
    verified_learner: Client, course: CoursePage, add_lesson: AddLesson, state: str
) -> None:
    lesson = add_lesson(live=state != "draft")
    if state == "draft of a course":
        CoursePage.objects.filter(pk=course.pk).update(live=False)

    assert act(verified_learner, lesson, "done").status_code == 404
    assert send(verified_learner, lesson).status_code == 404
    assert nothing_is_kept()


@pytest.mark.refusal("policy")
def test_refunded_meanwhile_takes_nothing_more(
    buyer: Client, paid_lesson: LessonPage, learner_email: Email, now: datetime
) -> None:
    before = send(buyer, paid_lesson).status_code
    Grant.objects.filter(email=learner_email).update(revoked_at=now)

    assert before == 204
    version = stored(paid_lesson).version
    assert send(buyer, paid_lesson).status_code == 403
    assert stored(paid_lesson).version == version


def test_locked_lesson_looks_the_same_with_and_without_progress(
    buyer: Client, sign_in: Callable[[Email], Client], paid_lesson: LessonPage, learner_email: Email, now: datetime
) -> None:
    """Nor does the answer to a post tell."""
    zoe = Email.objects.create(address="ida@example.org", asked_at=now, verified_at=now)
    send(buyer, paid_lesson)
    Grant.objects.filter(email=learner_email).update(revoked_at=now)
    stranger = sign_in(zoe)

    pages = [client.get(paid_lesson.url).text for client in (buyer, stranger)]
    answers = [send(client, paid_lesson) for client in (buyer, stranger)]

    assert "progress" not in pages[0].lower()
    assert (answers[0].status_code, answers[0].content) == (answers[1].status_code, answers[1].content)


def test_too_many_posts(verified_learner: Client, filmed: LessonPage) -> None:
    most, seconds = settings.LIMIT_PROGRESS

    answers = [send(verified_learner, filmed) for _ in range(most + 1)]

    assert {answer.status_code for answer in answers[:-1]} == {204}
    assert answers[-1].status_code == 429
    assert 1 <= int(answers[-1]["Retry-After"]) <= seconds


def test_with_history_off_posts_are_taken_and_nothing_is_kept(
    verified_learner: Client, learner_email: Email, filmed: LessonPage, now: datetime
) -> None:
    history.turn_off(learner_email.pk, now=now)

    assert send(verified_learner, filmed).status_code == 204
    assert nothing_is_kept()


def test_learner_erased_meanwhile_is_signed_out(
    verified_learner: Client, learner_email: Email, filmed: LessonPage
) -> None:
    verified_learner.post("/access/data/", {"which": "erase"})

    assert send(verified_learner, filmed).status_code == 401


def test_statements_of_a_post(verified_learner: Client, filmed: LessonPage, django_assert_num_queries: Any) -> None:
    """Session 1, lesson 1, decision 2, its own 2; the first of a lesson has a third, and its savepoint."""
    with django_assert_num_queries(9):
        send(verified_learner, filmed)
    with django_assert_num_queries(6):
        send(verified_learner, filmed)


# The forms of a lesson


def act(client: Client, lesson: Page, which: str) -> Any:
    return client.post(f"/learning/lesson/{lesson.pk}/", {"which": which})


def test_done_and_undone_lead_back(verified_learner: Client, filmed: LessonPage) -> None:
    done = act(verified_learner, filmed, "done")
    was_done = stored(filmed).done_at
    undone = act(verified_learner, filmed, "undone")

    assert [(each.status_code, each["Location"]) for each in (done, undone)] == [(303, f"{filmed.url}#progress")] * 2
    assert was_done is not None
    assert stored(filmed).done_at is None


def test_next_is_done_and_leads_past_what_is_not_open_to_the_end(
    verified_learner: Client, filmed: LessonPage, add_lesson: AddLesson
) -> None:
    add_lesson(availability="coming_soon")
    last = add_lesson()

    ways = [act(verified_learner, lesson, "next")["Location"] for lesson in (filmed, last)]

    assert ways == [last.url, f"{last.url}#finished"]
    assert stored(filmed).done_at
    assert stored(last).done_at


def test_what_is_no_lesson_takes_no_form(verified_learner: Client, course: CoursePage) -> None:
    assert act(verified_learner, course, "done").status_code == 404


@pytest.mark.parametrize("which", ["", "x", "DONE", "\0"])
def test_unknown_choice_changes_nothing(verified_learner: Client, filmed: LessonPage, which: str) -> None:
    assert act(verified_learner, filmed, which).status_code == 303
    assert nothing_is_kept()


def test_without_a_session_the_form_leads_to_the_lesson(client: Client, filmed: LessonPage) -> None:
    answer = act(client, filmed, "next")

    assert (answer.status_code, answer["Location"]) == (303, filmed.url)
    assert nothing_is_kept()


@pytest.mark.parametrize("path", ["/learning/lesson/{}/", "/learning/history/"])
def test_forms_bring_their_token(verified_learner: Client, filmed: LessonPage, path: str) -> None:
    assert strict(verified_learner).post(path.format(filmed.pk), {"which": "off"}).status_code == 403


# The switch


def test_history_is_turned_off_and_on(verified_learner: Client, filmed: LessonPage) -> None:
    send(verified_learner, filmed)
    answer = verified_learner.post("/learning/history/", {"which": "off"})
    was_off = HistoryOptOut.objects.exists()
    verified_learner.post("/learning/history/", {"which": "x"})
    still_off = HistoryOptOut.objects.exists()
    verified_learner.post("/learning/history/", {"which": "on"})

    assert (answer.status_code, answer["Location"]) == (303, "/learning/#history")
    assert answer["Clear-Site-Data"] == '"storage"'
    assert nothing_is_kept()
    assert (was_off, still_off, HistoryOptOut.objects.exists()) == (True, True, False)


def test_nobody_signed_in_switches_nothing(db: None, client: Client) -> None:
    assert client.post("/learning/history/", {"which": "off"}).status_code == 303
    assert not HistoryOptOut.objects.exists()

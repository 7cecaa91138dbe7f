"""A learner's history: wiped by one button, in the export, gone with the address, deleted when it is old."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client

from access import privacy
from access.models import Email
from courses.models import CoursePage, LessonPage
from learning import history, progress
from learning.models import FinishedCourse, HistoryOptOut, LessonProgress
from learning.tests.conftest import batch, stored
from tests import plans

SECOND = timedelta(seconds=1)


@pytest.fixture
def done(learner_email: Email, filmed: LessonPage, now: datetime) -> LessonPage:
    """Watched and done, and the course finished with it."""
    progress.watch(learner_email.pk, filmed, batch((0, 50), (55, 99), position=61, at=now), now=now)
    return filmed


def counts() -> list[int]:
    return [model._default_manager.count() for model in (LessonProgress, FinishedCourse, HistoryOptOut)]


def test_export_tells_all_that_is_kept(
    verified_learner: Client, learner_email: Email, done: LessonPage, course: CoursePage, now: datetime
) -> None:
    said = json.loads(verified_learner.post("/access/data/", {"which": "export"}).content)["learning"]

    (lesson,), (finished,) = said["lessons"], said["finished_courses"]
    assert (lesson["lesson"], lesson["lesson_key"]) == (done.title, str(done.translation_key))
    assert lesson["watched_seconds"] == [[0, 50], [55, 99]]
    assert (lesson["video_seconds"], lesson["position"], lesson["done_by"]) == (100, 61, "watching")
    moment = said["lessons"][0]["done_at"]
    assert {lesson[name] for name in ("first_seen", "last_seen", "position_at")} == {moment}
    assert (finished["course"], finished["course_key"]) == (course.title, str(course.translation_key))
    assert said["history_off_since"] is None


def test_export_names_no_title_that_is_not_public(learner_email: Email, done: LessonPage) -> None:
    LessonPage.objects.update(live=False)
    CoursePage.objects.update(live=False)

    said = history.export(learner_email)

    assert [each["lesson"] for each in said["lessons"]] == [""]
    assert [each["course"] for each in said["finished_courses"]] == [""]


def test_export_tells_nothing_of_others(
    learner_email: Email, done: LessonPage, add_lesson: Callable[..., LessonPage], now: datetime
) -> None:
    zoe = Email.objects.create(address="zoe@example.org", asked_at=now)
    for lesson in (add_lesson(), done):
        progress.mark(zoe.pk, lesson, now=now)
    HistoryOptOut.objects.create(email=Email.objects.create(address="ida@example.org", asked_at=now), since=now)

    said = history.export(learner_email)

    assert [each["lesson"] for each in said["lessons"]] == [done.title]
    assert (len(said["finished_courses"]), said["history_off_since"]) == (1, None)


def test_erasing_the_address_takes_it_all(learner_email: Email, done: LessonPage, now: datetime) -> None:
    HistoryOptOut.objects.create(email=learner_email, since=now)

    privacy.erase(learner_email.address)

    assert counts() == [0, 0, 0]


def test_turning_off_wipes_ones_own_and_notes_the_choice(learner_email: Email, done: LessonPage, now: datetime) -> None:
    zoe = Email.objects.create(address="zoe@example.org", asked_at=now)
    progress.mark(zoe.pk, done, now=now)

    for _ in range(2):
        history.turn_off(learner_email.pk, now=now)

    assert counts() == [1, 1, 1]
    assert stored(done).email == zoe
    assert not history.is_kept(learner_email.pk)
    assert history.export(learner_email)["history_off_since"] == now


def test_row_that_comes_while_history_is_turned_off_goes_too(
    learner_email: Email, done: LessonPage, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process has looked before the choice was there, and writes after its first wipe."""
    wipe = history.wipe

    def slow(email_id: int) -> None:
        wipe(email_id)
        monkeypatch.setattr(history, "wipe", wipe)
        LessonProgress.objects.create(email_id=email_id, lesson_key=uuid4(), began_at=now, seen_at=now)

    monkeypatch.setattr(history, "wipe", slow)

    history.turn_off(learner_email.pk, now=now)

    assert counts() == [0, 0, 1]


def test_turning_on_begins_anew(learner_email: Email, done: LessonPage, now: datetime) -> None:
    history.turn_off(learner_email.pk, now=now)
    FinishedCourse.objects.create(email=learner_email, course_key=uuid4(), finished_at=now)  # came too late
    zoe = Email.objects.create(address="zoe@example.org", asked_at=now)
    history.turn_off(zoe.pk, now=now)

    history.turn_on(learner_email.pk)

    assert counts() == [0, 0, 1]
    assert [history.is_kept(email.pk) for email in (learner_email, zoe)] == [True, False]


def test_old_rows_are_deleted_in_a_round_and_by_their_index(learner_email: Email, now: datetime, settings: Any) -> None:
    old = now - timedelta(days=settings.KEEP_PROGRESS_DAYS)
    for at in (old - SECOND, old + 60 * SECOND):
        LessonProgress.objects.create(email=learner_email, lesson_key=uuid4(), began_at=old, seen_at=at)
        FinishedCourse.objects.create(email=learner_email, course_key=uuid4(), finished_at=at)

    with plans.watched() as statements:
        call_command("run_due")

    assert LessonProgress.objects.get().seen_at == FinishedCourse.objects.get().finished_at == old + 60 * SECOND
    assert plans.reads_of_what_grows(each for each in statements if "learning_" in each[0]) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"done_by": "mark"},
        {"done_at": True},
        {"done_at": True, "done_by": "x"},
        {"duration": 86401},
        {"position": 86401},
        {"duration": 10, "seconds_watched": 11},
    ],
)
def test_database_refuses_what_cannot_be(learner_email: Email, now: datetime, wrong: dict[str, Any]) -> None:
    fields = {name: now if value is True else value for name, value in wrong.items()}

    with pytest.raises(IntegrityError), transaction.atomic():
        LessonProgress.objects.create(email=learner_email, lesson_key=uuid4(), began_at=now, seen_at=now, **fields)


def test_one_row_a_lesson(learner_email: Email, done: LessonPage, now: datetime) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        LessonProgress.objects.create(email=learner_email, lesson_key=done.translation_key, began_at=now, seen_at=now)

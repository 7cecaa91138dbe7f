"""The scheduler (run_due) does what rows say is due, whatever was missed."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.management import call_command
from django.tasks import TaskResultStatus
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from access.limits import throttle
from access.models import ThrottleSlot
from courses.models import CoursePage
from home.management.commands import run_due
from library.models import CustomImage
from library.tests.factories import make_image

MakeCourse = Callable[..., CoursePage]


def test_mail_that_no_worker_sent_goes_out(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("access.tasks.send_verification", type("Lost", (), {"enqueue": staticmethod(lambda _: None)}))
    client.post(reverse("access:ask"), {"email": "ada@example.org"})

    call_command("run_due")

    assert [message.to for message in mail.outbox] == [["ada@example.org"]]


def test_scheduled_page_is_published(client: Client, make_course: MakeCourse, now: datetime) -> None:
    course = make_course(slug="due", live=False)
    course.go_live_at = now - timedelta(minutes=1)
    course.save_revision(approved_go_live_at=course.go_live_at)

    call_command("run_due")

    assert client.get("/courses/due/").status_code == 200


def test_page_that_expires_is_unpublished(client: Client, make_course: MakeCourse, now: datetime) -> None:
    CoursePage.objects.filter(pk=make_course(slug="old").pk).update(expire_at=now - timedelta(minutes=1))

    call_command("run_due")

    assert client.get("/courses/old/").status_code == 404


def task(status: TaskResultStatus, *, started_at: datetime, **fields: Any) -> DBTaskResult:
    result: DBTaskResult = DBTaskResult.objects.create(
        task_path="access.tasks.send_verification",
        args_kwargs={"args": ["x"], "kwargs": {}},
        backend_name="default",
        status=status,
        started_at=started_at,
        run_after=started_at,
        **fields,
    )
    return result


def test_task_lost_with_its_worker_is_queued_again(db: None, now: datetime) -> None:
    lost = task(TaskResultStatus.RUNNING, started_at=now - run_due.LOST_AFTER - timedelta(minutes=1))

    call_command("run_due")

    lost.refresh_from_db()
    assert (lost.status, lost.started_at) == (TaskResultStatus.READY, None)


def test_task_that_may_still_run_is_left_alone(db: None, now: datetime) -> None:
    running = task(TaskResultStatus.RUNNING, started_at=now - timedelta(minutes=1))

    call_command("run_due")

    running.refresh_from_db()
    assert running.status == TaskResultStatus.RUNNING


def test_missing_pictures_are_made(make_course: MakeCourse) -> None:
    image = make_image()
    make_course(thumbnail=image)
    image.renditions.all().delete()

    call_command("run_due")

    assert CustomImage.objects.get().renditions.count() == 2


def test_rows_that_nobody_needs_are_pruned(db: None, now: datetime, settings: Any) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    throttle.consume("rule", "key", limits=[(1, 60)], now=now - run_due.LONGEST_LIMIT - timedelta(minutes=1))
    Session.objects.create(session_key="x", session_data="", expire_date=now - timedelta(days=1))
    old = now - timedelta(days=60)
    task(TaskResultStatus.SUCCESSFUL, started_at=old, finished_at=old)

    call_command("run_due")

    assert not ThrottleSlot.objects.exists()
    assert not Session.objects.exists()
    assert not DBTaskResult.objects.exists()


def test_tries_that_a_limit_still_counts_are_kept(db: None, now: datetime) -> None:
    throttle.consume("rule", "key", limits=[(1, 24 * 3600)], now=now - timedelta(hours=23))

    call_command("run_due")

    assert ThrottleSlot.objects.exists()


@pytest.mark.parametrize("number", range(len(run_due.STEPS)))
def test_one_failing_step_does_not_stop_the_others(
    db: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, number: int
) -> None:
    done = []

    def step(index: int) -> Callable[[datetime], None]:
        def run(now: datetime) -> None:
            if index == number:
                raise RuntimeError("broken")
            done.append(index)

        return run

    monkeypatch.setattr(run_due, "STEPS", [step(index) for index in range(len(run_due.STEPS))])

    call_command("run_due")

    assert done == [index for index in range(len(run_due.STEPS)) if index != number]
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


def test_every_step_is_told_the_moment_it_runs(db: None, monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    told: list[datetime] = []
    monkeypatch.setattr(run_due, "STEPS", [told.append])

    call_command("run_due")

    assert told[0] >= now


def test_clock_goes_round(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    rounds: list[datetime] = []
    monkeypatch.setattr(run_due, "STEPS", [rounds.append])
    monkeypatch.setattr(run_due, "close_old_connections", lambda: None)

    def sleep(seconds: int) -> None:
        if len(rounds) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr("time.sleep", sleep)

    with pytest.raises(KeyboardInterrupt):
        call_command("run_due", every=60)

    assert len(rounds) == 3

"""The scheduler (run every minute): does what rows say is due, whatever a worker, queue or mail server missed."""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections
from django.tasks import TaskResultStatus
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from access import batches, privacy
from access.limits import throttle
from access.staff_accounts import password_reset
from access.verification import outbox
from courses.editing import missing_renditions
from learning import history
from purchases import buyer_data, reconcile
from purchases.mail import outbox as purchase_mails
from release import notify, schedule, scheduler_heartbeat, waitlist
from review.notify import outbox as review_mails
from wagtail_cloudinary import deferred_deletion

logger = logging.getLogger(__name__)

# A task runs for seconds; one that is still running after this long was killed with its worker.
LOST_AFTER = timedelta(minutes=15)
LONGEST_LIMIT = timedelta(days=2)
TASKS_KEPT = timedelta(days=14)


def send_mails(now: datetime) -> None:
    outbox.send_due(now=now)
    password_reset.send_due(now=now)


def note_begin(now: datetime) -> None:
    scheduler_heartbeat.begin(now=now)


def publish_due(now: datetime) -> None:
    schedule.publish_due(now=now)


def announce_open_courses(now: datetime) -> None:
    notify.send_due(now=now)


def tell_buyers(now: datetime) -> None:
    purchase_mails.send_due(now=now)
    purchase_mails.send_gifts_due(now=now)


def tell_reviewers_and_authors(now: datetime) -> None:
    review_mails.send_due(now=now)


def reconcile_purchases(now: datetime) -> None:
    reconcile.run_if_due(now=now)


def requeue_lost_tasks(now: datetime) -> None:
    running = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING, finished_at=None)
    running.filter(started_at__lt=now - LOST_AFTER).update(status=TaskResultStatus.READY, started_at=None)


def prepare_pictures(_now: datetime) -> None:
    missing_renditions.prepare_missing_pictures()


def forget_tries(now: datetime) -> None:
    throttle.forget(before=now - LONGEST_LIMIT)


def let_go_of_old_data(now: datetime) -> None:
    buyer_data.let_go(now=now)
    history.let_go(now=now)
    review_mails.let_go(now=now)
    waitlist.let_go(now=now)  # first: the old requests that it reads are deleted next
    privacy.let_go(now=now)
    password_reset.expire(now=now)


def prune_tasks(now: datetime) -> None:
    # What the package's own command deletes, which loads all of it at once.
    finished = DBTaskResult.objects.filter(finished_at__lt=now - TASKS_KEPT)
    batches.delete(finished.order_by("finished_at"))


def clear_sessions(_now: datetime) -> None:
    call_command("clearsessions")


def delete_dropped_files(now: datetime) -> None:
    deferred_deletion.delete_due(now=now)


def note_end(now: datetime) -> None:
    scheduler_heartbeat.end(now=now)


STEPS: list[Callable[[datetime], None]] = [
    note_begin,
    publish_due,  # before the mails, which may take their time
    send_mails,
    announce_open_courses,
    tell_buyers,
    tell_reviewers_and_authors,
    requeue_lost_tasks,
    prepare_pictures,
    forget_tries,
    let_go_of_old_data,
    prune_tasks,
    clear_sessions,
    delete_dropped_files,  # it asks a server as well, which may take its time
    reconcile_purchases,  # last: it asks a server that may take its time
    note_end,
]


class Command(BaseCommand):
    help = "Do what is due: mails, scheduled pages, tasks lost, pictures missing, rows to prune, files to delete."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", type=int, metavar="SECONDS", help="Keep running, once every so many seconds.")

    def handle(self, *args: Any, **options: Any) -> None:
        self.run_steps()
        while seconds := options["every"]:
            time.sleep(seconds)
            close_old_connections()
            self.run_steps()

    def run_steps(self) -> None:
        for step in STEPS:
            try:
                step(timezone.now())
            except Exception:
                # One step's trouble, whatever it is, must not keep the others waiting; the next round tries again.
                logger.exception("run_due: %s failed", step.__name__)

"""People on the waitlist are notified once, when the course opens, whatever page, scheduler or mail server does."""

import logging
import re
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from wagtail.models import Page

from access.models import Email, GateSettings
from access.tests.misbehaving_mail import MailServer
from courses.models import CoursePage
from courses.models.stage import Availability
from mail.models import MAX_SENDS
from mail.outbox import LEASE
from release import notify
from release.models import WaitlistEntry
from release.tests.conftest import put

MakeEntry = Callable[..., WaitlistEntry]
At = Callable[..., datetime]
TO = re.compile(r"^To: (\S+)\r?$", re.MULTILINE)
WRONGS = ["refuses", "rejects", "defers", "hangs", "drops after DATA"]


def told(server: MailServer) -> Counter[str]:
    return Counter(address for message in server.messages for address in TO.findall(message))


def two_clocks() -> None:
    """Two hosts on which the scheduler runs, at once."""

    def run(_: int) -> None:
        try:
            call_command("run_due")
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, range(2)))


def is_open(course: Page) -> bool:
    return CoursePage.objects.filter(pk=course.pk, live=True, availability=Availability.PUBLISHED).exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_each_person_gets_one_mail_whatever_becomes_of_the_page(
    soon_course: CoursePage,
    make_entry: MakeEntry,
    server: MailServer,
    at: At,
    now: datetime,
    settings: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}  # one that the scheduler can prune
    people = [f"reader{number}@example.org" for number in range(8)]
    for address in people:
        make_entry(soon_course, address)
    make_entry(soon_course, "unconfirmed@example.org", confirmed_at=None)

    # Approved and scheduled, then moved; nothing happens at the first time.
    put(soon_course, Availability.PUBLISHED, go_live_at=now + timedelta(hours=2))
    put(soon_course, Availability.PUBLISHED, go_live_at=now + timedelta(hours=4))
    at(hours=3)
    two_clocks()
    assert not is_open(soon_course)
    assert not server.messages

    # At its time it opens, while the mail server is away.
    server.mood = "refuses"
    at(hours=4, seconds=1)
    two_clocks()
    assert is_open(soon_course)
    assert not server.messages

    # Pulled: the mail is held.
    server.mood = "works"
    CoursePage.objects.get(pk=soon_course.pk).unpublish()
    at(hours=5)
    two_clocks()
    assert not server.messages

    # Published again, while a run that was killed has left claims behind.
    put(soon_course, Availability.PUBLISHED)
    killed = [entry.pk for entry in WaitlistEntry.objects.exclude(confirmed_at=None).order_by("pk")[:3]]
    WaitlistEntry.objects.filter(pk__in=killed).update(send_after=at(hours=5) + LEASE)
    two_clocks()
    assert told(server) == Counter(people[3:])

    # Its claims run out.
    at(hours=5, minutes=6)
    two_clocks()
    assert told(server) == Counter(people)

    # A typo is fixed, it is unpublished, and opens once more.
    put(soon_course, Availability.PUBLISHED)
    two_clocks()
    put(soon_course, Availability.COMING_SOON)
    two_clocks()
    put(soon_course, Availability.PUBLISHED)
    at(days=1)
    two_clocks()
    assert told(server) == Counter(people)
    assert [record.message for record in caplog.records if record.levelno >= logging.ERROR] == []


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_eight_at_once_tell_each_person_once(
    soon_course: CoursePage, make_entry: MakeEntry, server: MailServer, now: datetime
) -> None:
    people = [f"reader{number}@example.org" for number in range(6)]
    for address in people:
        make_entry(soon_course, address)
    put(soon_course, Availability.PUBLISHED)

    def run(_: int) -> int:
        try:
            return notify.send_due(now=now)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        sent = sum(pool.map(run, range(8)))

    assert sent == len(people)
    assert told(server) == Counter(people)


@pytest.fixture
def entry(soon_course: CoursePage, make_entry: MakeEntry) -> WaitlistEntry:
    """Somebody waits for a course that has just opened."""
    entry = make_entry(soon_course)
    put(soon_course, Availability.PUBLISHED)
    return entry


@pytest.mark.parametrize("mood", WRONGS)
def test_a_mail_server_that_fails_is_tried_again(
    server: MailServer, entry: WaitlistEntry, now: datetime, mood: str
) -> None:
    server.mood = mood
    assert notify.send_due(now=now) == 0
    taken = len(server.messages)

    server.mood = "works"

    assert notify.send_due(now=now + timedelta(seconds=5)) == 0
    assert notify.send_due(now=now + timedelta(hours=1)) == 1
    assert len(server.messages) == taken + 1


def test_the_second_copy_of_a_mail_that_was_dropped_is_known_as_one(
    server: MailServer, entry: WaitlistEntry, now: datetime
) -> None:
    server.mood = "drops after DATA"
    notify.send_due(now=now)
    server.mood = "works"
    notify.send_due(now=now + timedelta(hours=1))

    first, second = (re.findall(r"^Message-ID: (.+)$", each, re.MULTILINE) for each in server.messages)
    assert first == second != []


def test_after_eight_tries_it_is_parked_with_an_alert(
    server: MailServer, entry: WaitlistEntry, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    server.mood = "rejects"

    for number in range(MAX_SENDS + 2):
        notify.send_due(now=now + number * timedelta(hours=2))

    entry.refresh_from_db()
    assert (entry.sends, entry.sent_at) == (MAX_SENDS, None)
    assert entry.parked_at is not None
    assert [record.levelname for record in caplog.records if record.name == "mail.outbox"][-1] == "ERROR"
    assert "ada@example.org" not in caplog.text


def test_one_that_cannot_be_mailed_does_not_stop_the_others(
    soon_course: CoursePage, entry: WaitlistEntry, make_entry: MakeEntry, now: datetime, mailoutbox: list[Any]
) -> None:
    Email.objects.filter(pk=entry.email_id).update(address="a\n@example.org")  # as no form would let in
    make_entry(soon_course, "bob@example.org")

    notify.send_due(now=now)

    assert [message.to for message in mailoutbox] == [["bob@example.org"]]


def test_a_course_pulled_this_very_moment_is_held(
    entry: WaitlistEntry, soon_course: CoursePage, now: datetime, mailoutbox: list[Any]
) -> None:
    course = CoursePage.objects.filter(pk=soon_course.pk)

    def pull_once_claimed(execute: Callable[..., Any], sql: str, params: Any, *rest: Any) -> Any:
        done = execute(sql, params, *rest)
        if sql.startswith("UPDATE") and "sends" in sql:
            course.update(live=False)
        return done

    with connection.execute_wrapper(pull_once_claimed):
        assert notify.send_due(now=now) == 0
    assert mailoutbox == []
    course.update(live=True)

    assert notify.send_due(now=now + LEASE) == 1


def test_the_mail_says_what_is_open_and_how_to_leave(
    entry: WaitlistEntry, soon_course: CoursePage, now: datetime, mailoutbox: list[Any]
) -> None:
    notify.send_due(now=now)

    (mail,) = mailoutbox
    assert mail.subject == "“Soon & sure” is now open"
    assert "Soon & sure" in mail.body
    assert soon_course.full_url in mail.body
    assert "/notify/leave/" in mail.body
    assert [part.mimetype for part in mail.alternatives] == ["text/html"]
    assert "Soon &amp; sure" in mail.alternatives[0].content
    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_whoever_has_not_confirmed_is_not_told(entry: WaitlistEntry, now: datetime, mailoutbox: list[Any]) -> None:
    WaitlistEntry.objects.update(confirmed_at=None)

    notify.send_due(now=now)

    assert mailoutbox == []


def test_a_blocked_address_is_not_told(entry: WaitlistEntry, now: datetime, mailoutbox: list[Any]) -> None:
    Email.objects.update(blocked_at=now)

    notify.send_due(now=now)

    assert mailoutbox == []


def test_an_address_of_a_blocked_domain_is_not_told(entry: WaitlistEntry, now: datetime, mailoutbox: list[Any]) -> None:
    lists = GateSettings.load()
    lists.blocked_domains = "example.org"
    lists.save()

    notify.send_due(now=now)
    notify.send_due(now=now + timedelta(days=1))

    assert mailoutbox == []


def test_a_page_that_is_only_scheduled_tells_nobody(
    soon_course: CoursePage, make_entry: MakeEntry, now: datetime, mailoutbox: list[Any]
) -> None:
    make_entry(soon_course)
    put(soon_course, Availability.PUBLISHED, go_live_at=now + timedelta(hours=1))

    notify.send_due(now=now)

    assert mailoutbox == []

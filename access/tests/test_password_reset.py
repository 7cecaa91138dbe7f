"""Staff get a link for a new password by mail: within limits, alike for every address, whatever mail servers do."""

import logging
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult

from access.limits import throttle
from access.models import PasswordResetMail
from access.staff_accounts import password_reset
from access.tests import misbehaving_mail
from access.tests.misbehaving_mail import MailServer
from mail import outbox
from mail.models import MAX_SENDS

LINK = re.compile(r"http://localhost:8000(/admin/password_reset/confirm/\S+)")
ADDRESS = "/admin/password_reset/"
NEW = {"new_password1": "quite another password", "new_password2": "quite another password"}


@pytest.fixture
def staff(db: None) -> User:
    return User.objects.create_superuser("ada", "Ada@example.org", "a password of its own")


@pytest.fixture
def queue(settings: Any) -> None:
    """Tasks wait for a worker, as they do on a real site."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    with misbehaving_mail.running() as server:
        settings.MAILERS = server.mailers
        yield server


def request_mail(address: str = "ada@example.org", *, network: int = 1, **headers: str) -> Any:
    return Client(REMOTE_ADDR=f"192.0.2.{network}", headers=headers).post(ADDRESS, {"email": address})


def test_the_mailed_link_sets_a_password_and_signs_in_once(client: Client, staff: User, mailoutbox: list[Any]) -> None:
    assert request_mail("ADA@example.org")["Location"] == f"{ADDRESS}done/"

    (message,) = mailoutbox
    assert (message.to, message.subject) == (["Ada@example.org"], "Reset your Lectern password")
    assert "ada" in message.body
    assert "24 hours" in message.body
    (link,) = LINK.findall(message.body)
    form = client.get(link)["Location"]
    client.post(form, NEW)
    assert client.get("/admin/").status_code == 200
    assert client.login(username="ada", password="quite another password")
    assert "already been used" in Client().get(link).text


@pytest.mark.refusal("throttle")
def test_one_address_gets_three_mails_in_a_quarter_of_an_hour(staff: User, mailoutbox: list[Any]) -> None:
    answers = [request_mail(network=number).status_code for number in range(1, 6)]

    assert answers == [302] * 3 + [429] * 2
    assert len(mailoutbox) == 3


@pytest.mark.refusal("throttle")
def test_one_address_gets_ten_mails_a_day(staff: User, mailoutbox: list[Any], now: datetime) -> None:
    for hour in range(20):
        with suppress(throttle.Throttled):
            password_reset.request_mail("ada@example.org", client="192.0.2.1", now=now + timedelta(hours=hour))

    assert len(mailoutbox) == 10


@pytest.mark.refusal("throttle")
def test_one_network_and_everybody_together_are_limited(staff: User, settings: Any, caplog: Any) -> None:
    settings.LIMITS_PER_NETWORK, settings.LIMITS_FOR_ALL = [(2, 600)], [(4, 3600)]
    asked = [("a@example.org", 1), ("b@example.org", 1), ("c@example.org", 1), ("d@example.org", 2)]
    asked += [("e@example.org", 3), ("f@example.org", 4), ("g@example.org", 5)]

    answers = [request_mail(address, network=network).status_code for address, network in asked]

    assert answers == [302, 302, 429, 302, 302, 429, 429]
    assert [record.levelno for record in caplog.records if "used up" in record.message] == [logging.ERROR]


def test_addresses_like_one_do_not_use_up_its_limit(staff: User, mailoutbox: list[Any]) -> None:
    """They belong to nobody, so the owner would be shut out without a mail."""
    for number, address in enumerate(["ada+1@example.org", "a.da@example.org", "ada+2@example.org"]):
        request_mail(address, network=number)

    request_mail(network=9)

    assert len(mailoutbox) == 1


def test_every_address_is_answered_alike_by_the_same_statements(staff: User, queue: None) -> None:
    def seen(address: str) -> tuple[int, str, list[str]]:
        client = Client()
        with CaptureQueriesContext(connection) as queries:
            answer = client.post(ADDRESS, {"email": address})
        sql = [re.sub(r"'[^']*'|\b\d+\b|s\d+_x\d+", "?", query["sql"]) for query in queries]
        return answer.status_code, answer["Location"], sql

    seen("first@example.org")  # the network's first try makes rows that later ones find

    assert seen("ada@example.org") == seen("nobody@example.org")


@pytest.mark.parametrize("address", ["ada@example.org", "nobody@example.org"])
def test_nobody_waits_for_a_mail_server_that_hangs(
    staff: User, queue: None, server: MailServer, settings: Any, address: str
) -> None:
    settings.MAILERS["default"]["OPTIONS"]["timeout"] = misbehaving_mail.HANGS
    server.mood = "hangs"
    began = time.monotonic()

    answer = request_mail(address)

    assert time.monotonic() - began < 1
    assert answer.status_code == 302
    assert server.calls == 0


def test_nothing_secret_waits_in_the_queue_or_stays_in_the_row(
    staff: User, queue: None, mailoutbox: list[Any], now: datetime
) -> None:
    request_mail()
    (task,), (row,) = DBTaskResult.objects.all(), PasswordResetMail.objects.values()
    assert task.args_kwargs == {"args": [row["id"]], "kwargs": {}}

    assert password_reset.send_due(now=now + timedelta(seconds=1)) == 1

    (token,) = LINK.findall(mailoutbox[0].body)[0].split("/")[-2:-1]
    (after,) = PasswordResetMail.objects.values()
    assert token not in str(after)


def test_the_clock_sends_what_no_worker_sent_once(staff: User, queue: None, mailoutbox: list[Any]) -> None:
    request_mail()
    request_mail("nobody@example.org")

    call_command("run_due")
    call_command("run_due")

    assert [message.to for message in mailoutbox] == [["Ada@example.org"]]


def test_a_mail_that_is_refused_is_tried_again_and_given_up_loudly(
    staff: User, queue: None, server: MailServer, now: datetime, caplog: Any
) -> None:
    server.mood = "refuses"
    request_mail()
    (row,) = PasswordResetMail.objects.all()
    for number in range(MAX_SENDS):
        assert not password_reset.send(row.pk, now=now + timedelta(hours=2 * number + 1))

    row.refresh_from_db()
    assert (row.sent_at, row.parked_at is None) == (None, False)
    assert "ada@example.org" not in caplog.text.casefold()
    assert caplog.records[-1].levelno == logging.ERROR


def test_the_link_of_a_later_try_works(
    client: Client, staff: User, queue: None, server: MailServer, now: datetime
) -> None:
    server.mood = "refuses"
    request_mail()
    password_reset.send_due(now=now + timedelta(seconds=1))
    server.mood = "works"

    assert password_reset.send_due(now=now + outbox.LEASE) == 1

    (link,) = LINK.findall(server.messages[0].replace("=\r\n", "").split("text/html")[0])
    assert client.get(link).status_code == 302


def test_a_host_that_was_made_up_is_in_no_link(staff: User, mailoutbox: list[Any]) -> None:
    request_mail(host="other.test")

    (message,) = mailoutbox
    assert "other.test" not in message.message().as_string()
    assert LINK.search(message.body)


@pytest.mark.parametrize("change", [{"is_active": False}, {"password": "!unusable"}, {"email": "somebody@example.org"}])
def test_who_has_no_password_here_gets_no_mail(staff: User, mailoutbox: list[Any], change: dict[str, Any]) -> None:
    User.objects.filter(pk=staff.pk).update(**change)

    assert request_mail().status_code == 302
    assert mailoutbox == []


def test_old_requests_are_deleted(staff: User, settings: Any, now: datetime) -> None:
    request_mail()
    days = timedelta(days=settings.KEEP_UNVERIFIED_DAYS)
    password_reset.expire(now=now + days - timedelta(hours=1))
    assert PasswordResetMail.objects.count() == 1

    password_reset.expire(now=now + days + timedelta(hours=1))

    assert not PasswordResetMail.objects.exists()


def test_a_used_up_limit_is_answered_in_the_look_of_the_admin(staff: User) -> None:
    answer = [request_mail(network=number) for number in range(1, 5)][-1]

    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert "access/staff/throttled.html" in [template.name for template in answer.templates]
    assert "its link still works" in answer.text

"""Whatever the mail server does, no request is lost, nobody waits for it, and no link is live that was not mailed."""

import re
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from wagtail.models import Page

from access.models import Email, EmailVerificationToken
from access.sessions import token_secrets
from access.tests import misbehaving_mail
from access.tests.misbehaving_mail import MailServer
from access.verification import outbox

LINK = re.compile(r"/access/confirm/([\w-]+)/")
WRONGS = ["refuses", "rejects", "defers", "hangs", "drops after DATA"]


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    with misbehaving_mail.running() as server:
        settings.MAILERS = server.mailers
        yield server


@pytest.fixture
def queued(learner_email: Email, now: datetime) -> EmailVerificationToken:
    return EmailVerificationToken.objects.create(
        email=learner_email, sent_to=learner_email.address, asker_digest="x", asked_at=now, send_after=now
    )


def test_a_server_that_works_gets_one_mail(server: MailServer, queued: EmailVerificationToken, now: datetime) -> None:
    assert outbox.send(queued.pk, now=now)

    (message,) = server.messages
    (link, *_) = LINK.findall(message.replace("=\r\n", ""))
    queued.refresh_from_db()
    assert token_secrets.digest(link) == queued.digest


@pytest.mark.parametrize("mood", WRONGS)
def test_a_server_that_fails_loses_nothing(
    server: MailServer, queued: EmailVerificationToken, now: datetime, mood: str
) -> None:
    server.mood = mood
    assert not outbox.send(queued.pk, now=now)
    queued.refresh_from_db()
    assert (queued.digest, queued.code_digest, queued.sent_at, queued.parked_at) == (None, "", None, None)

    server.mood = "works"

    assert outbox.send_due(now=now + timedelta(hours=1)) == 1


def test_the_link_of_a_mail_that_was_dropped_is_dead(
    server: MailServer, queued: EmailVerificationToken, now: datetime
) -> None:
    """The one window in which a mail can go out twice: then only the second one opens."""
    server.mood = "drops after DATA"
    outbox.send(queued.pk, now=now)
    server.mood = "works"
    outbox.send_due(now=now + timedelta(hours=1))

    first, second = (LINK.findall(message.replace("=\r\n", ""))[0] for message in server.messages)
    queued.refresh_from_db()
    assert queued.digest == token_secrets.digest(second) != token_secrets.digest(first)


@pytest.mark.parametrize("mood", ["hangs", "refuses"])
def test_asking_does_not_wait_for_the_mail_server(
    client: Client, email_lesson: Page, server: MailServer, settings: Any, mood: str
) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    settings.MAILERS["default"]["OPTIONS"]["timeout"] = misbehaving_mail.HANGS
    server.mood = mood
    client.get(email_lesson.url)
    began = time.monotonic()

    asked = client.post("/access/ask/", {"email": "ada@example.org", "page": email_lesson.pk})

    assert time.monotonic() - began < misbehaving_mail.HANGS
    assert asked.status_code == 303
    assert client.get(asked["Location"]).status_code == 200


def test_a_mail_that_is_late_is_said(client: Client, email_lesson: Page, server: MailServer, now: datetime) -> None:
    server.mood = "refuses"
    asked = client.post("/access/ask/", {"email": "ada@example.org", "page": email_lesson.pk})
    outbox.send_due(now=now + timedelta(hours=1))

    assert "send the email yet" in client.get(asked["Location"]).text

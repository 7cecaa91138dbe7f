"""The mail of a verification: its link is minted when it is sent, and none is left that was not mailed."""

import logging
import re
import smtplib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.locmem import EmailBackend

from access.models import Email, EmailVerificationToken
from access.sessions import token_secrets
from access.verification import outbox
from mail.outbox import FIRST_RETRY, LEASE

LINK = re.compile(r"http://localhost:8000/access/confirm/([\w-]+)/")


class RefusingBackend(BaseEmailBackend):
    """A mail server that refuses every message."""

    def send_messages(self, email_messages: Any) -> int:
        raise smtplib.SMTPServerDisconnected


@pytest.fixture
def queued(learner_email: Email, now: datetime) -> EmailVerificationToken:
    return EmailVerificationToken.objects.create(
        email=learner_email, sent_to=learner_email.address, asker_digest="x", asked_at=now, send_after=now
    )


@pytest.fixture
def mail_is_down(settings: Any) -> None:
    settings.MAILERS = {"default": {"BACKEND": f"{__name__}.RefusingBackend"}}


def test_the_mail_holds_a_link_whose_digest_is_stored(
    queued: EmailVerificationToken, now: datetime, mailoutbox: list[Any]
) -> None:
    other = EmailVerificationToken.objects.create(
        email=queued.email, sent_to=queued.sent_to, asker_digest="x", asked_at=now, send_after=now
    )

    assert outbox.send(queued.pk, now=now)

    links = LINK.findall(mailoutbox[0].body)
    queued.refresh_from_db()
    other.refresh_from_db()
    assert [token_secrets.digest(link) for link in links] == [queued.digest]
    assert (other.sends, other.digest) == (0, None)


def test_the_oldest_request_is_mailed_first(
    queued: EmailVerificationToken, now: datetime, mailoutbox: list[Any]
) -> None:
    older = {"asked_at": now - timedelta(hours=1), "send_after": now - timedelta(hours=1)}
    EmailVerificationToken.objects.create(email=queued.email, sent_to="older@example.org", asker_digest="x", **older)

    assert outbox.send_due(now=now, limit=1) == 1

    assert [message.to for message in mailoutbox] == [["older@example.org"]]


def test_the_clock_starts_when_it_is_sent(queued: EmailVerificationToken, now: datetime, settings: Any) -> None:
    later = now + timedelta(hours=5)

    outbox.send(queued.pk, now=later)

    queued.refresh_from_db()
    assert queued.expires_at == later + timedelta(seconds=settings.VERIFICATION_SECONDS)


def test_the_secret_is_in_the_mail_alone(
    queued: EmailVerificationToken, now: datetime, mailoutbox: list[Any], caplog: Any
) -> None:
    with caplog.at_level(logging.DEBUG):
        outbox.send(queued.pk, now=now)

    (secret,) = LINK.findall(mailoutbox[0].body)
    row = EmailVerificationToken.objects.values().get()
    assert secret not in map(str, row.values())
    assert secret not in caplog.text


def test_no_link_remains_of_a_mail_that_did_not_go_out(
    queued: EmailVerificationToken, now: datetime, mail_is_down: None
) -> None:
    assert not outbox.send(queued.pk, now=now)

    queued.refresh_from_db()
    assert (queued.digest, queued.expires_at, queued.sent_at) == (None, None, None)
    assert queued.send_after == now + FIRST_RETRY


def test_it_is_tried_again_with_a_fresh_link(
    queued: EmailVerificationToken, now: datetime, settings: Any, mailoutbox: list[Any]
) -> None:
    working = settings.MAILERS
    settings.MAILERS = {"default": {"BACKEND": f"{__name__}.RefusingBackend"}}
    outbox.send(queued.pk, now=now)
    settings.MAILERS = working

    assert outbox.send_due(now=now + FIRST_RETRY) == 1
    assert len(mailoutbox) == 1


@pytest.fixture
def break_off(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """The mail server breaks one mail off, after something has happened."""
    take = EmailBackend.send_messages

    def make(meanwhile: Callable[[], object]) -> None:
        def send_messages(backend: EmailBackend, messages: Any) -> int:
            monkeypatch.setattr(EmailBackend, "send_messages", take)
            meanwhile()
            raise TimeoutError

        monkeypatch.setattr(EmailBackend, "send_messages", send_messages)

    return make


def test_a_worker_that_hung_leaves_another_workers_link_alone(
    queued: EmailVerificationToken, now: datetime, mailoutbox: list[Any], break_off: Callable[..., None]
) -> None:
    """It claimed, minted and hung; its claim ran out and another mailed; now its own attempt fails."""
    break_off(lambda: outbox.send(queued.pk, now=now + LEASE))

    assert not outbox.send(queued.pk, now=now)

    (secret,) = LINK.findall(mailoutbox[0].body)
    queued.refresh_from_db()
    assert (queued.digest, queued.sent_at) == (token_secrets.digest(secret), now + LEASE)


def test_what_got_through_and_was_used_is_not_mailed_again(
    queued: EmailVerificationToken, now: datetime, mailoutbox: list[Any], break_off: Callable[..., None]
) -> None:
    """The server took it, broke off before it said so, and the link was used at once: it stays spent."""
    break_off(lambda: EmailVerificationToken.objects.update(spent_at=now))

    assert not outbox.send(queued.pk, now=now)
    outbox.send_due(now=now + timedelta(days=1))

    queued.refresh_from_db()
    assert (bool(queued.digest), queued.spent_at, mailoutbox) == (True, now, [])


def test_a_burnt_request_is_not_mailed(queued: EmailVerificationToken, now: datetime, mailoutbox: list[Any]) -> None:
    EmailVerificationToken.objects.update(burnt_at=now)

    outbox.send_due(now=now)

    assert mailoutbox == []


def test_the_mail_says_who_what_and_until_when(
    queued: EmailVerificationToken, now: datetime, mailoutbox: list[Any], email_lesson: Any
) -> None:
    EmailVerificationToken.objects.update(page=email_lesson)

    outbox.send(queued.pk, now=now)

    (mail,) = mailoutbox
    assert "ada@example.org" in mail.body
    assert email_lesson.title in mail.body
    assert "15 minutes" in mail.body
    assert "canary" not in mail.message().as_string()
    assert [part.mimetype for part in mail.alternatives] == ["text/html"]

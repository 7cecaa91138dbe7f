"""A learner's session: found while it lives, gone at once when it ends."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from access import secrets, sessions
from access.models import Email, EmailVerificationToken, Grant, LearnerSession


@pytest.fixture
def secret(learner_email: Email, now: datetime) -> str:
    return sessions.start(learner_email, token=None, now=now)


def test_a_session_is_found_by_its_secret(secret: str, now: datetime) -> None:
    learner = sessions.find(secret, now=now)

    assert learner is not None
    assert learner.email == "ada@example.org"


def test_only_the_digest_is_stored(secret: str) -> None:
    row = LearnerSession.objects.values().get()

    assert secret not in map(str, row.values())
    assert row["key_digest"] == secrets.digest(secret)


@pytest.mark.parametrize("wrong", ["", "nonsense", "\0", "\ud800", "x" * 100_000])
def test_nonsense_finds_nobody(secret: str, now: datetime, wrong: str) -> None:
    assert sessions.find(wrong, now=now) is None


def test_an_idle_session_is_over(secret: str, now: datetime, settings: Any) -> None:
    settings.LEARNER_IDLE_SECONDS = 3600

    assert sessions.find(secret, now=now + timedelta(seconds=3600)) is None


def test_use_keeps_it_alive(secret: str, now: datetime, settings: Any) -> None:
    settings.LEARNER_IDLE_SECONDS = 3600
    sessions.find(secret, now=now + timedelta(seconds=3000))

    assert sessions.find(secret, now=now + timedelta(seconds=6000)) is not None


def test_no_use_keeps_it_alive_past_its_end(secret: str, now: datetime, settings: Any) -> None:
    LearnerSession.objects.update(seen_at=now + timedelta(days=7))

    assert sessions.find(secret, now=now + timedelta(seconds=settings.LEARNER_MAX_SECONDS)) is None


def test_an_ended_session_is_gone(secret: str, now: datetime) -> None:
    sessions.end(secret, now=now)

    assert sessions.find(secret, now=now) is None


def test_a_deleted_address_is_signed_out(secret: str, learner_email: Email, now: datetime) -> None:
    learner_email.delete()

    assert sessions.find(secret, now=now) is None


def test_reading_costs_one_query_and_no_write(
    secret: str, learner_email: Email, now: datetime, django_assert_num_queries: Any
) -> None:
    for key in (uuid4(), uuid4()):
        Grant.objects.create(email=learner_email, course_key=key, source=Grant.Source.GIFT, granted_at=now)

    with django_assert_num_queries(1):
        learner = sessions.find(secret, now=now + timedelta(seconds=59))

    assert learner is not None
    assert len(learner.grants) == 2


def test_a_revoked_grant_is_no_grant(secret: str, learner_email: Email, now: datetime) -> None:
    Grant.objects.create(
        email=learner_email, course_key=uuid4(), source=Grant.Source.GIFT, granted_at=now, revoked_at=now
    )

    learner = sessions.find(secret, now=now)

    assert learner is not None
    assert learner.grants == frozenset()


def test_a_token_opens_one_browser_by_the_database_itself(learner_email: Email, now: datetime) -> None:
    token = EmailVerificationToken.objects.create(
        email=learner_email, sent_to=learner_email.address, asker_digest="x", asked_at=now, send_after=now
    )
    sessions.start(learner_email, token=token, now=now)

    with pytest.raises(IntegrityError), transaction.atomic():
        sessions.start(learner_email, token=token, now=now)

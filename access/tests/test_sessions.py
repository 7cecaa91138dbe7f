"""A learner's session: found while it lives, gone at once when it ends."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from access.models import Email, EmailVerificationToken, Grant, LearnerSession
from access.sessions import learner_sessions, token_secrets


@pytest.fixture
def secret(learner_email: Email, now: datetime) -> str:
    return learner_sessions.start(learner_email, token=None, now=now)


def test_a_session_is_found_by_its_secret(secret: str, now: datetime) -> None:
    learner = learner_sessions.find(secret, now=now)

    assert learner is not None
    assert learner.email == "ada@example.org"


def test_only_the_digest_is_stored(secret: str) -> None:
    row = LearnerSession.objects.values().get()

    assert secret not in map(str, row.values())
    assert row["key_digest"] == token_secrets.digest(secret)


@pytest.mark.parametrize("wrong", ["", "nonsense", "\0", "\ud800", "x" * 100_000])
def test_nonsense_finds_nobody(secret: str, now: datetime, wrong: str) -> None:
    assert learner_sessions.find(wrong, now=now) is None


def test_an_idle_session_is_over(secret: str, now: datetime, settings: Any) -> None:
    settings.LEARNER_IDLE_SECONDS = 3600

    assert learner_sessions.find(secret, now=now + timedelta(seconds=3600)) is None


def test_use_keeps_it_alive(secret: str, now: datetime, settings: Any) -> None:
    settings.LEARNER_IDLE_SECONDS = 3600
    learner_sessions.find(secret, now=now + timedelta(seconds=3000))

    assert learner_sessions.find(secret, now=now + timedelta(seconds=6000)) is not None


def test_no_use_keeps_it_alive_past_its_end(secret: str, now: datetime, settings: Any) -> None:
    LearnerSession.objects.update(seen_at=now + timedelta(days=7))

    assert learner_sessions.find(secret, now=now + timedelta(seconds=settings.LEARNER_MAX_SECONDS)) is None


def test_an_ended_session_is_gone(secret: str, now: datetime) -> None:
    learner_sessions.end(secret, now=now)

    assert learner_sessions.find(secret, now=now) is None


def test_a_deleted_address_is_signed_out(secret: str, learner_email: Email, now: datetime) -> None:
    learner_email.delete()

    assert learner_sessions.find(secret, now=now) is None


def test_reading_costs_one_query_and_no_write(
    secret: str, learner_email: Email, now: datetime, django_assert_num_queries: Any
) -> None:
    for key in (uuid4(), uuid4()):
        Grant.objects.create(email=learner_email, course_key=key, source=Grant.Source.GIFT, granted_at=now)

    with django_assert_num_queries(1):
        learner = learner_sessions.find(secret, now=now + timedelta(seconds=59))

    assert learner is not None
    assert len(learner.grants) == 2


def test_a_revoked_grant_is_no_grant(secret: str, learner_email: Email, now: datetime) -> None:
    Grant.objects.create(
        email=learner_email, course_key=uuid4(), source=Grant.Source.GIFT, granted_at=now, revoked_at=now
    )

    learner = learner_sessions.find(secret, now=now)

    assert learner is not None
    assert learner.grants == frozenset()


def test_a_token_opens_one_browser_by_the_database_itself(learner_email: Email, now: datetime) -> None:
    token = EmailVerificationToken.objects.create(
        email=learner_email, sent_to=learner_email.address, asker_digest="x", asked_at=now, send_after=now
    )
    learner_sessions.start(learner_email, token=token, now=now)

    with pytest.raises(IntegrityError), transaction.atomic():
        learner_sessions.start(learner_email, token=token, now=now)


def test_use_is_written_down_once_a_minute_for_the_browser_that_was_used(
    secret: str, learner_email: Email, now: datetime
) -> None:
    used = LearnerSession.objects.get()
    learner_sessions.start(learner_email, token=None, now=now)
    seen = []
    for seconds in (60, 61, 100):
        learner_sessions.find(secret, now=now + timedelta(seconds=seconds))
        used.refresh_from_db()
        seen.append((used.seen_at - now).total_seconds())

    assert seen == [0, 61, 61]
    assert LearnerSession.objects.filter(seen_at=now).count() == 1


def test_a_blocked_address_is_signed_out(secret: str, now: datetime) -> None:
    Email.objects.update(blocked_at=now)

    assert learner_sessions.find(secret, now=now) is None


def test_a_learner_is_known_with_the_session_the_token_and_the_grants_of_now(
    learner_email: Email, now: datetime
) -> None:
    token = EmailVerificationToken.objects.create(
        email=learner_email, sent_to=learner_email.address, asker_digest="x", asked_at=now, send_after=now
    )
    secret = learner_sessions.start(learner_email, token=token, now=now, browser="Firefox")
    held = Grant.objects.create(email=learner_email, course_key=uuid4(), source=Grant.Source.GIFT, granted_at=now)

    learner = learner_sessions.find(secret, now=now)

    row = LearnerSession.objects.get()
    assert learner == learner_sessions.Learner(
        session_id=row.pk,
        email_id=learner_email.pk,
        email=learner_email.address,
        grants=frozenset([held.course_key]),
        token_id=token.pk,
    )
    assert (row.browser, row.created_at, row.seen_at) == ("Firefox", now, now)


def test_an_address_is_signed_out_of_one_browser_or_of_all(learner_email: Email, now: datetime) -> None:
    other = Email.objects.create(address="grace@example.org", asked_at=now)
    theirs = learner_sessions.start(other, token=None, now=now)
    first, second, third = [learner_sessions.start(learner_email, token=None, now=now) for _ in range(3)]
    later, ada = now + timedelta(seconds=5), learner_email.address
    of_first, of_theirs = (
        LearnerSession.objects.get(key_digest=token_secrets.digest(each)).pk for each in (first, theirs)
    )

    assert learner_sessions.end_all(ada, now=now, only=of_theirs) == 0
    assert learner_sessions.end_all(ada, now=now, only=of_first) == 1
    assert [learner_sessions.find(each, now=now) is None for each in (first, second, third)] == [True, False, False]
    assert learner_sessions.end_all(ada, now=later) == 2
    assert learner_sessions.end_all(ada, now=later) == 0

    assert learner_sessions.find(theirs, now=now) is not None
    assert LearnerSession.objects.get(pk=of_first).revoked_at == now
    assert LearnerSession.objects.filter(revoked_at=later).count() == 2


def test_signing_out_ends_this_browser_once(secret: str, learner_email: Email, now: datetime) -> None:
    other = learner_sessions.start(learner_email, token=None, now=now)

    learner_sessions.end(secret, now=now)
    learner_sessions.end(secret, now=now + timedelta(seconds=5))

    assert learner_sessions.find(other, now=now) is not None
    assert [row.revoked_at for row in LearnerSession.objects.order_by("pk")] == [now, None]


def test_browsers_are_listed_by_their_last_use(learner_email: Email, now: datetime) -> None:
    learner_sessions.start(Email.objects.create(address="grace@example.org", asked_at=now), token=None, now=now)
    for name, seconds in (("old", 0), ("new", 9), ("gone", 10)):
        learner_sessions.start(learner_email, token=None, now=now + timedelta(seconds=seconds), browser=name)
    LearnerSession.objects.filter(browser="gone").update(revoked_at=now)

    listed = learner_sessions.sessions_for(learner_email.address, now=now + timedelta(seconds=20))

    assert [each.browser for each in listed] == ["new", "old"]


@pytest.mark.parametrize(("keep", "idle", "is_alive"), [(False, 13, False), (True, 13, True), (True, 30 * 24, False)])
def test_a_kept_session_stays_until_its_end_however_idle(
    learner_email: Email, now: datetime, keep: bool, idle: int, is_alive: bool
) -> None:
    secret = learner_sessions.start(learner_email, token=None, now=now, keep=keep)

    assert (learner_sessions.find(secret, now=now + timedelta(hours=idle)) is not None) == is_alive


def test_a_kept_session_is_ended_from_elsewhere_like_any_other(learner_email: Email, now: datetime) -> None:
    secret = learner_sessions.start(learner_email, token=None, now=now, keep=True)

    learner_sessions.end_all(learner_email.address, now=now)

    assert learner_sessions.find(secret, now=now) is None

"""Batches: the scheduler reads and deletes so many rows a round, however many there are; what points at them too."""

from datetime import datetime, timedelta
from typing import Any

from access import batches, privacy
from access.models import Email, EmailVerificationToken, LearnerSession
from access.sessions import token_secrets


def addresses(count: int, now: datetime) -> list[Email]:
    return Email.objects.bulk_create(
        Email(address=f"ada{number}@example.org", asked_at=now, verified_at=now) for number in range(count)
    )


def test_some_of_a_small_table_are_all(db: None, now: datetime) -> None:
    addresses(30, now)

    assert batches.some(Email.objects.all()).count() == 30
    assert batches.some(Email.objects.filter(address__startswith="ada1")).count() == 11
    assert not batches.some(LearnerSession.objects.all()).exists()


def test_each_row_of_a_large_table_has_its_turn(db: None, now: datetime) -> None:
    emails = addresses(30, now)
    Email.objects.filter(pk__in=[email.pk for email in emails[:10]]).delete()  # as those of a site that is years old

    draws = [set(batches.some(Email.objects.all(), size=7).values_list("pk", flat=True)) for _ in range(200)]

    assert max(map(len, draws)) <= 7
    assert set().union(*draws) == {email.pk for email in emails[10:]}
    assert all(draws)


def test_old_requests_go_in_batches_and_their_sessions_stay(
    db: None, now: datetime, django_assert_max_num_queries: Any
) -> None:
    (email,) = addresses(1, now)
    old = now - timedelta(days=31)
    tokens = EmailVerificationToken.objects.bulk_create(
        EmailVerificationToken(
            email=email,
            sent_to=email.address,
            asked_at=old + timedelta(seconds=number),
            send_after=old,
            sent_at=old,
            digest=token_secrets.digest(str(number)),
            expires_at=old + timedelta(hours=1),
        )
        for number in range(batches.DELETED + 5)
    )
    LearnerSession.objects.create(
        key_digest="x", email=email, token=tokens[0], created_at=now, seen_at=now, until=now + timedelta(days=1)
    )

    left = []
    for _ in range(3):
        with django_assert_max_num_queries(30):
            privacy.let_go(now=now)
        left.append(list(EmailVerificationToken.objects.order_by("asked_at")))

    assert left == [tokens[-5:], [], []]  # the oldest first
    assert LearnerSession.objects.get().token is None

"""Giving a course to an address and taking it back, as staff and purchases do."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError

from access import grants
from access.models import Email, Grant

KEY = uuid4()


def give(email: Email, now: datetime, source: Grant.Source = Grant.Source.STAFF) -> Grant:
    return grants.give(email, course_key=KEY, source=source, now=now)


def test_giving_what_is_given_names_the_row(learner_email: Email, now: datetime) -> None:
    first = give(learner_email, now)

    with pytest.raises(grants.AlreadyGiven) as caught:
        give(learner_email, now + timedelta(days=1))

    assert caught.value.grant == first


def test_one_source_is_not_another(learner_email: Email, now: datetime) -> None:
    give(learner_email, now)

    give(learner_email, now, Grant.Source.PURCHASE)

    assert Grant.objects.count() == 2


def test_what_was_taken_can_be_given_again(learner_email: Email, now: datetime) -> None:
    assert grants.take(give(learner_email, now), now=now)

    again = give(learner_email, now)

    assert again.revoked_at is None
    assert Grant.objects.count() == 2


def test_taking_twice_keeps_the_first_time(learner_email: Email, now: datetime) -> None:
    grant = give(learner_email, now)
    grants.take(grant, now=now)

    assert not grants.take(grant, now=now + timedelta(days=1))

    grant.refresh_from_db()
    assert grant.revoked_at == now


def test_the_database_allows_one_active_grant_a_source(learner_email: Email, now: datetime) -> None:
    give(learner_email, now)

    with pytest.raises(IntegrityError):
        Grant.objects.create(email=learner_email, course_key=KEY, source=Grant.Source.STAFF, granted_at=now)

"""A course is granted once a source, and taken back with its time written down."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from access import grants
from access.models import Email, Grant

COURSE = uuid4()


def test_a_course_is_given_once_a_source(learner_email: Email, now: datetime) -> None:
    gift = grants.give(learner_email, course_key=COURSE, source=Grant.Source.GIFT, now=now)
    assert (gift.email, gift.course_key, gift.source, gift.granted_at) == (learner_email, COURSE, "gift", now)

    with pytest.raises(grants.AlreadyGiven) as refused:
        grants.give(learner_email, course_key=COURSE, source=Grant.Source.GIFT, now=now)
    grants.give(learner_email, course_key=COURSE, source=Grant.Source.PURCHASE, now=now)

    assert refused.value.grant == gift
    assert str(refused.value) == "AlreadyGiven"
    assert Grant.objects.count() == 2


def test_what_was_taken_back_may_be_given_again(learner_email: Email, now: datetime) -> None:
    first = grants.give(learner_email, course_key=COURSE, source=Grant.Source.GIFT, now=now)
    other = grants.give(learner_email, course_key=uuid4(), source=Grant.Source.GIFT, now=now)

    assert [grants.take(first, now=moment) for moment in (now, now + timedelta(hours=1))] == [True, False]
    second = grants.give(learner_email, course_key=COURSE, source=Grant.Source.GIFT, now=now)

    first.refresh_from_db()
    assert first.revoked_at == now
    assert set(Grant.objects.filter(revoked_at=None)) == {other, second}

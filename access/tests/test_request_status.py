"""What the tab that waits shows, at each moment of its request's life."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from access.models import EmailVerificationToken
from access.models.tokens import MAX_TRIES
from access.verification import request_status
from access.verification.request_status import RequestStatus

LIFE = timedelta(minutes=15)
MINUTE = timedelta(minutes=1)


def status_of(now: datetime, *, age: timedelta = timedelta(), **fields: Any) -> RequestStatus:
    token = EmailVerificationToken(id=uuid4(), asked_at=now - age, **fields)
    status = request_status.status_for(token, now=now)
    assert status.token_id == str(token.pk)
    return status


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({}, "queued"),
        ({"sends": 1}, "queued"),
        ({"sends": 2}, "late"),
        ({"sent_at": 0, "expires_at": LIFE}, "sent"),
        ({"sent_at": 0, "expires_at": timedelta(seconds=1)}, "sent"),
        ({"sent_at": 0, "expires_at": timedelta()}, "expired"),
        ({"sent_at": 0, "expires_at": -MINUTE}, "expired"),
        ({"parked_at": 0, "sends": 8}, "given_up"),
        ({"sent_at": 0, "expires_at": LIFE, "spent_at": -MINUTE}, "ended"),
        ({"sent_at": 0, "expires_at": LIFE, "burnt_at": 0}, "ended"),
        ({"sent_at": 0, "expires_at": LIFE, "tries": MAX_TRIES - 1}, "sent"),
        ({"sent_at": 0, "expires_at": LIFE, "tries": MAX_TRIES}, "ended"),
    ],
)
def test_each_request_stands_somewhere(now: datetime, fields: dict[str, Any], state: str) -> None:
    at = {name: now + (value or timedelta()) for name, value in fields.items() if name.endswith("_at")}

    status = status_of(now, **{**fields, **at})

    assert status.state == state
    assert status.is_over is (state in {"given_up", "expired", "ended"})
    assert (status.look_again is None) is status.is_over


@pytest.mark.parametrize(("ago", "look_again"), [(0, 2), (9, 2), (10, None)])
def test_a_tab_looks_once_more_where_its_own_browser_may_have_confirmed(
    now: datetime, ago: int, look_again: int | None
) -> None:
    """Its question may have been on the way while the answer to the click brought the session."""
    spent_at = now - timedelta(seconds=ago)

    assert status_of(now, sent_at=now, expires_at=now + LIFE, spent_at=spent_at).look_again == look_again


@pytest.mark.parametrize(
    ("left", "minutes"),
    [(LIFE, 15), (LIFE - timedelta(seconds=1), 15), (MINUTE + timedelta(seconds=1), 2), (MINUTE, 1), (MINUTE / 60, 1)],
)
def test_minutes_that_have_begun_are_told(now: datetime, left: timedelta, minutes: int) -> None:
    status = status_of(now, sent_at=now, expires_at=now + left)

    assert (status.minutes_left, status.expires_at) == (minutes, now + left)


def test_what_is_not_sent_has_no_minutes(now: datetime) -> None:
    assert status_of(now).minutes_left == 0
    assert status_of(now, expires_at=now + LIFE).minutes_left == 0
    assert status_of(now, sent_at=now, expires_at=now - MINUTE).minutes_left == 0


@pytest.mark.parametrize(
    ("seconds", "look_again"),
    [(0, 2), (59, 2), (60, 5), (299, 5), (300, 15), (1799, 15), (1800, None)],
)
def test_the_tab_looks_less_often_the_longer_it_waits(now: datetime, seconds: int, look_again: int | None) -> None:
    assert status_of(now, age=timedelta(seconds=seconds)).look_again == look_again


@pytest.mark.parametrize(("seconds", "resend_in"), [(0, 60), (20, 40), (59, 1), (60, 0), (90, 0)])
def test_a_new_mail_may_be_had_after_a_minute(now: datetime, seconds: int, resend_in: int) -> None:
    assert status_of(now, age=timedelta(seconds=seconds)).resend_in == resend_in


def test_once_it_is_over_a_new_one_may_be_had_at_once(now: datetime) -> None:
    assert status_of(now, burnt_at=now).resend_in == 0

"""Limits are exact: in any span of time, across processes, on every database."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from access.limits import throttle
from access.limits.throttle import Throttled
from access.models import ThrottleSlot

THREE = [(3, 900)]


def take(now: datetime, *, key: str = "ada", limits: list[tuple[int, int]] = THREE) -> None:
    throttle.consume("test", key, limits=limits, now=now)


@pytest.mark.refusal("throttle")
def test_the_fourth_is_refused(db: None, now: datetime) -> None:
    for _ in range(3):
        take(now)

    with pytest.raises(Throttled) as refused:
        take(now + timedelta(seconds=60))

    assert refused.value.retry_after == 841


@pytest.mark.refusal("throttle")
def test_no_span_holds_more_than_the_limit(db: None, now: datetime) -> None:
    """A window that starts anew at fixed times would let five through here."""
    take(now)
    take(now + timedelta(seconds=890))
    take(now + timedelta(seconds=895))
    take(now + timedelta(seconds=901))

    with pytest.raises(Throttled):
        take(now + timedelta(seconds=902))


def test_tries_come_free_again(db: None, now: datetime) -> None:
    for _ in range(3):
        take(now)

    take(now + timedelta(seconds=900))


@pytest.mark.refusal("throttle")
def test_slot_that_comes_free_is_used_by_one_of_two(db: None, now: datetime) -> None:
    """Both have found it free; the other is quicker by one statement."""
    once = [(1, 900)]
    take(now - timedelta(hours=1), limits=once)
    other: list[str] = []

    def the_other_is_quicker(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith("UPDATE") and not other:
            other.append(sql)
            throttle.consume("test", "ada", limits=once, now=now, durable=False)  # on the same connection
        return execute(sql, *rest)

    with connection.execute_wrapper(the_other_is_quicker), pytest.raises(Throttled):
        take(now, limits=once)

    assert other


def test_keys_do_not_share(db: None, now: datetime) -> None:
    for _ in range(3):
        take(now)

    take(now, key="grace")


@pytest.mark.refusal("throttle")
def test_all_limits_or_none(db: None, now: datetime) -> None:
    """A try that the second limit refuses is not counted under the first."""
    limits = [(5, 900), (1, 86_400)]
    take(now, limits=limits)

    for _ in range(9):
        with pytest.raises(Throttled):
            take(now, limits=limits)

    assert ThrottleSlot.objects.filter(rule="test/900").count() == 1


def test_neither_address_nor_length_reaches_the_table(db: None, now: datetime) -> None:
    take(now, key="ada@example.org" * 1000)

    slot = ThrottleSlot.objects.get()
    assert len(slot.key) == 64
    assert "ada" not in slot.key


def test_old_slots_are_forgotten(db: None, now: datetime) -> None:
    take(now)

    assert throttle.forget(before=now + timedelta(seconds=1)) == 1
    assert not ThrottleSlot.objects.exists()


def test_forgotten_slot_is_taken_again(db: None, now: datetime) -> None:
    """The rule has room, but the number after the last one is in use."""
    take(now)
    take(now + timedelta(seconds=800))
    throttle.forget(before=now + timedelta(seconds=1))

    take(now + timedelta(seconds=900))
    take(now + timedelta(seconds=901))
    with pytest.raises(Throttled):
        take(now + timedelta(seconds=902))


def test_try_is_not_counted_where_a_refusal_would_take_it_back(db: None, now: datetime) -> None:
    with transaction.atomic(), pytest.raises(RuntimeError):
        take(now)


def test_what_was_done_is_counted_with_it(db: None, now: datetime) -> None:
    with suppress(ZeroDivisionError), transaction.atomic():
        throttle.consume("test", "ada", limits=THREE, now=now, durable=False)
        raise ZeroDivisionError

    assert not ThrottleSlot.objects.exists()


def test_what_goes_on_is_first_once_in_its_time(db: None, now: datetime) -> None:
    moments = [now + timedelta(seconds=seconds) for seconds in (0, 1, 899, 900, 901)]

    assert [throttle.is_first("test", seconds=900, now=each) for each in moments] == [True, False, False, True, False]


@pytest.mark.refusal("throttle")
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_twelve_at_once_against_a_limit_of_five(now: datetime) -> None:
    def attempt(_: int) -> bool:
        try:
            take(now, limits=[(5, 900)])
        except Throttled:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(12) as pool:
        passed = sum(pool.map(attempt, range(12)))

    assert passed == 5


def test_each_slot_comes_free_by_itself(db: None, now: datetime) -> None:
    """Also those that were used at the same moment."""
    for _ in range(3):
        take(now)

    for _ in range(3):
        take(now + timedelta(seconds=900))
    with pytest.raises(Throttled):
        take(now + timedelta(seconds=900))


def test_the_wait_is_until_the_oldest_comes_free(db: None, now: datetime) -> None:
    for seconds in (0, 300, 600):
        take(now + timedelta(seconds=seconds))

    waits = []
    for at in (600, 899, 899.5):
        with pytest.raises(Throttled) as refused:
            take(now + timedelta(seconds=at))
        waits.append((refused.value.retry_after, str(refused.value), refused.value.rule))

    assert waits == [(wait, f"try again in {wait} s", "test") for wait in (301, 2, 1)]


def test_a_limit_that_was_lowered_counts_by_its_new_number(db: None, now: datetime) -> None:
    take(now)
    take(now + timedelta(seconds=800))
    later = now + timedelta(seconds=900)

    take(later, limits=[(1, 900)])
    with pytest.raises(Throttled) as refused:
        take(later, limits=[(1, 900)])

    assert refused.value.retry_after == 901


def test_a_limit_of_none_lets_nobody_pass(db: None, now: datetime) -> None:
    with pytest.raises(Throttled) as refused:
        take(now, limits=[(0, 900)])

    assert refused.value.retry_after == 901


def test_the_oldest_tries_are_forgotten_first_and_ten_thousand_at_a_time(db: None, now: datetime) -> None:
    ThrottleSlot.objects.bulk_create(
        ThrottleSlot(rule="test", key="ada", number=number, used_at=now - timedelta(seconds=number))
        for number in range(10_001)
    )

    assert throttle.forget(before=now + timedelta(seconds=1)) == 10_000
    assert ThrottleSlot.objects.get().number == 0

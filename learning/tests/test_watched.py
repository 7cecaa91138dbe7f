"""Watched seconds: ranges in and out, coverage, and a merge that no order, repetition or grouping changes."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning import watched
from learning.watched import DAY, NEVER, Watched

HUGE = 10**400  # no float is as large
SECONDS = st.one_of(st.floats(allow_nan=False, allow_infinity=False), st.integers(-10, 200))
STATES = st.builds(
    lambda bits, position, second: Watched(bits=bits, position=position, at=NEVER + timedelta(seconds=second)),
    st.integers(0, 2**20),
    st.integers(0, 20),
    st.integers(0, 3),
)


@pytest.mark.parametrize(
    ("ranges", "expected"),
    [
        ([], []),
        ([(0, 3)], [(0, 3)]),
        ([(0, 3), (3, 5), (8, 9)], [(0, 5), (8, 9)]),
        ([(1.9, 2.1)], [(1, 3)]),
        ([(4, 4), (4.5, 4.5), (7, 2)], []),
        ([(-5, 2), (9, 50)], [(0, 2), (9, 10)]),
        ([(-HUGE, HUGE)], [(0, 10)]),
        ([(-1e308, 1e308)], [(0, 10)]),
        ([(10, 11), (-3, -1), (HUGE, HUGE + 1)], []),
    ],
)
def test_ranges_become_seconds_of_the_video(ranges: list[Any], expected: list[Any]) -> None:
    assert watched.ranges_in(watched.bits_in(ranges, duration=10)) == expected


def test_video_of_unknown_length_has_no_seconds() -> None:
    assert watched.bits_in([(0, 50)], duration=0) == 0
    assert not watched.is_covered(0, duration=0)
    assert watched.percent(0, duration=0) == 0


@pytest.mark.parametrize(("seconds", "covered"), [(0, False), (89, False), (90, True), (100, True)])
def test_nine_tenths_are_enough(seconds: int, covered: bool) -> None:
    assert watched.is_covered((1 << seconds) - 1, duration=100) is covered
    assert watched.percent(seconds, duration=100) == seconds


def test_shortest_video_can_be_watched() -> None:
    assert watched.is_covered(1, duration=1)
    assert not watched.is_covered(0, duration=1)


@given(st.lists(st.tuples(SECONDS, SECONDS), max_size=8), st.integers(0, 120))
def test_nothing_is_outside_the_video_and_all_fits_into_its_bytes(ranges: list[Any], duration: int) -> None:
    bits = watched.bits_in(ranges, duration=duration)

    assert bits.bit_count() <= duration
    assert len(watched.pack(bits)) <= (duration + 7) // 8
    assert watched.unpack(watched.pack(bits), duration=duration) == bits
    assert watched.bits_in(watched.ranges_in(bits), duration=duration) == bits


def test_a_day_is_eleven_kilobytes() -> None:
    assert len(watched.pack(watched.bits_in([(0, DAY * 2)], duration=DAY))) == 10_800


def test_what_is_stored_of_a_longer_video_is_cut() -> None:
    assert watched.unpack(b"\xff\xff", duration=3) == 0b111


@given(STATES, STATES, STATES)
def test_merging_is_idempotent_commutative_and_associative(one: Watched, two: Watched, three: Watched) -> None:
    both = watched.merge(one, two)

    assert watched.merge(one, one) == one
    assert both == watched.merge(two, one)
    assert watched.merge(both, one) == both
    assert watched.merge(both, three) == watched.merge(one, watched.merge(two, three))
    assert both.bits | one.bits == both.bits

"""What a player posts is read strictly; a moment is clipped to what can be."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from learning import batch
from learning.batch import BadBatch
from learning.tests.conftest import posted

BAD: list[Any] = [
    *[b"", b"{", b"\xff\xfe\xfa", b"[" * 16_000, b'{"played":' * 1500, b"1" * 5000, b"null", b"[]", b'"x"', b"{}"],
    *[b'{"played": [], "position": NaN, "duration": 1}', b'{"played": [], "position": 1e999, "duration": 1}'],
    *[{"played": []}, posted(played=None), posted(played={}), posted(played="0,1"), posted(played=[0, 1])],
    *[posted(played=[[0]]), posted(played=[[0, 1, 2]]), posted(played=[["0", "1"]]), posted(played=[[0, None]])],
    *[posted(played=[[0, True]]), posted(played=[[0, float("nan")]]), posted(played=[[float("-inf"), 1]])],
    *[posted(position="1"), posted(position=None), posted(position=True), posted(position=[1])],
    *[posted(duration="x"), posted(duration=None), posted(duration=float("inf"))],
    *[posted(at="now"), posted(at=None), posted(at=False), posted(at=float("nan"))],
    posted(played=[[0, 1]] * (batch.MOST_RANGES + 1)),
]


@pytest.mark.parametrize("said", BAD, ids=lambda said: str(said)[:40])
def test_what_is_no_batch_is_refused(said: Any, now: datetime) -> None:
    with pytest.raises(BadBatch):
        batch.read(said if isinstance(said, bytes) else json.dumps(said).encode(), now=now)


@pytest.mark.parametrize("number", [-5, 10**400, 1e308, 0.5])
def test_numbers_may_be_as_odd_as_they_like(number: float, now: datetime) -> None:
    said = posted(played=[[number, number]], position=number, duration=number, at=number, more="ignored")

    found = batch.read(json.dumps(said).encode(), now=now)

    assert (found.played, found.position) == (((number, number),), number)
    assert now - batch.OLDEST - timedelta(seconds=1) <= found.at <= now


def test_moment_is_that_of_the_batch_or_now(now: datetime) -> None:
    earlier = now - timedelta(hours=3)

    assert batch.read(json.dumps(posted()).encode(), now=now).at == now
    found = batch.read(json.dumps(posted(at=earlier.timestamp())).encode(), now=now).at
    assert abs(found - earlier) < timedelta(milliseconds=1)

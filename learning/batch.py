"""A batch of watched ranges, as a player posts it in JSON: read strictly, so that nothing else comes any further."""

import json
import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

MOST_RANGES = 500
# A batch may have waited in a browser without a network for so long; a clock that is wrong by more is not believed.
OLDEST = timedelta(days=90)


class BadBatch(Exception):
    """It is no batch: not JSON, or not of its form."""


@dataclass(frozen=True, kw_only=True)
class Batch:
    played: tuple[tuple[float, float], ...]
    position: float
    at: datetime


def read(body: bytes, *, now: datetime) -> Batch:
    """Raises BadBatch. What is of the right form may still say too much: it is clipped where it is merged.

    The player's `duration` must be a number, and counts for nothing: the site knows the video's length itself.
    """
    try:
        said = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadBatch from error
    if not isinstance(said, dict) or not isinstance(played := said.get("played"), list) or len(played) > MOST_RANGES:
        raise BadBatch
    _number(said.get("duration"))
    return Batch(
        played=tuple(_range(each) for each in played),
        position=_number(said.get("position")),
        at=_moment(said["at"], now) if "at" in said else now,
    )


def _range(value: Any) -> tuple[float, float]:
    if not isinstance(value, list) or len(value) != 2:
        raise BadBatch
    return _number(value[0]), _number(value[1])


def _number(value: Any) -> float:
    """A finite number; a whole one may be too large for a float, and stays whole."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadBatch
    if isinstance(value, float) and not math.isfinite(value):
        raise BadBatch
    return value


def _moment(value: Any, now: datetime) -> datetime:
    oldest = (now - OLDEST).timestamp()
    return datetime.fromtimestamp(max(oldest, min(_number(value), now.timestamp())), UTC)

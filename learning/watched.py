"""Watched seconds of a video as a bit set, and the place where its learner stopped. Merging is union and newest.

So it is idempotent, commutative and associative: replays, two tabs, two devices and batches sent late need no further
rule. What is too much is clipped, never refused.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

DAY = 24 * 3600  # no video is longer, as far as this goes
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Watched:
    """Bit n of `bits`: the second from n to n + 1 was watched. `position` is where the player stood `at` that time."""

    bits: int = 0
    position: int = 0
    at: datetime = NEVER


def merge(one: Watched, other: Watched) -> Watched:
    newest = max(one, other, key=lambda each: (each.at, each.position))
    return Watched(bits=one.bits | other.bits, position=newest.position, at=newest.at)


def bits_in(ranges: Iterable[tuple[float, float]], *, duration: int) -> int:
    """The seconds that these ranges touch, within the video. What ends before it begins is nothing."""
    bits = 0
    for begin, end in ranges:
        first, last = math.floor(clipped(begin, duration)), math.ceil(clipped(end, duration))
        if begin < end:
            bits |= (1 << last) - (1 << first)
    return bits


def ranges_in(bits: int) -> list[tuple[int, int]]:
    return [found.span() for found in re.finditer("1+", f"{bits:b}"[::-1])]


def is_covered(bits: int, *, duration: int) -> bool:
    """Whether at least nine tenths were watched. Nobody can say so of a video of unknown length."""
    return duration > 0 and bits.bit_count() * 10 >= duration * 9


def percent(seconds: int, *, duration: int) -> int:
    return seconds * 100 // duration if duration else 0


def clipped(second: float, duration: int) -> float:
    return max(0, min(second, duration))


def pack(bits: int) -> bytes:
    return bits.to_bytes((bits.bit_length() + 7) // 8, "little")


def unpack(stored: bytes | memoryview, *, duration: int) -> int:
    return within(int.from_bytes(stored, "little"), duration=duration)


def within(bits: int, *, duration: int) -> int:
    return bits & ((1 << duration) - 1)

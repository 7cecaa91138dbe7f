"""How long a video runs, as its own header says. Only headers are read, and a file that says nonsense says nothing."""

import math
import struct
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO, NamedTuple

LONGEST = 24 * 3600.0  # seconds; more is taken for a broken header
MOST_PARTS = 200  # at one level of a file
SEGMENT, INFO, SCALE, DURATION = 0x18538067, 0x1549A966, 0x2AD7B1, 0x4489


class Part[Kind: (bytes, int)](NamedTuple):
    """Where a part begins, where what is in it begins and ends; `is_open` when the file does not say where it ends."""

    kind: Kind
    place: int
    begin: int
    stop: int
    is_open: bool = False


def seconds(file: Any) -> float:
    """0 when the file does not say. The file is left as it was: closed, or where it began."""
    was_closed = file.closed
    try:
        if was_closed:
            file.open("rb")
        file.seek(0)
        start = file.read(12)
        file.seek(0, 2)
        end = file.tell()
        found = _mp4(file, end) if start[4:8] == b"ftyp" else _webm(file, end)
    except (OSError, ValueError, struct.error, OverflowError):
        found = 0.0
    finally:
        if was_closed:
            file.close()
        else:
            file.seek(0)
    return found if math.isfinite(found) and 0 < found <= LONGEST else 0.0


def _mp4(file: BinaryIO, end: int) -> float:
    """From mvhd in moov: how many of its units a second has, and how many it lasts."""
    for outer in boxes(file, 0, end):
        if outer.kind == b"moov":
            for inner in boxes(file, outer.begin, outer.stop):
                if inner.kind == b"mvhd":
                    file.seek(inner.begin)
                    head = file.read(32)
                    layout, offset = (">IQ", 20) if head[0] == 1 else (">II", 12)
                    units, length = struct.unpack_from(layout, head, offset)
                    return float(length / units) if units else 0.0
    return 0.0


def boxes(file: BinaryIO, place: int, end: int, *, turns: Iterable[int] = range(MOST_PARTS)) -> Iterator[Part[bytes]]:
    """The parts of an MP4 between two places, as many as there are turns."""
    for _turn in turns:
        if place + 8 > end:
            return
        file.seek(place)
        size, kind = struct.unpack(">I4s", file.read(8))
        head = 8
        if size == 1:
            (size,) = struct.unpack(">Q", file.read(8))
            head = 16
        stop = place + size if size else end
        if size and size < head:
            return
        yield Part(kind, place, place + head, min(stop, end))
        place = stop


def _webm(file: BinaryIO, end: int) -> float:
    for outer in elements(file, 0, end):
        if outer.kind == SEGMENT:
            for inner in elements(file, outer.begin, outer.stop):
                if inner.kind == INFO:
                    return _webm_info(file, inner.begin, inner.stop)
    return 0.0


def _webm_info(file: BinaryIO, begin: int, end: int) -> float:
    """Duration in units, of so many nanoseconds each."""
    scale, length = 1_000_000, 0.0
    for part in elements(file, begin, end):
        file.seek(part.begin)
        value = file.read(min(part.stop - part.begin, 8))
        if part.kind == SCALE:
            scale = int.from_bytes(value)
        elif part.kind == DURATION:
            (length,) = struct.unpack(">f" if len(value) == 4 else ">d", value)
    return length * scale / 1e9


def elements(file: BinaryIO, place: int, end: int, *, turns: Iterable[int] = range(MOST_PARTS)) -> Iterator[Part[int]]:
    """The parts of a WebM between two places, as many as there are turns."""
    for _turn in turns:
        if place >= end:
            return
        file.seek(place)
        kind, _length = _number_of(file, keep_marker=True)
        size, length = _number_of(file, keep_marker=False)
        begin = file.tell()
        is_open = size == (1 << 7 * length) - 1  # as in a stream, nobody knew: what is in it comes next, then the rest
        stop = end if is_open else begin + size
        yield Part(kind, place, begin, min(stop, end), is_open)
        place = begin if is_open else stop


def _number_of(file: BinaryIO, *, keep_marker: bool) -> tuple[int, int]:
    """A number whose first byte says, by its leading zeros, how many bytes it has."""
    first = file.read(1)
    if not first or not first[0]:
        raise ValueError
    length = 9 - first[0].bit_length()
    value = int.from_bytes(first + file.read(length - 1))
    return (value if keep_marker else value & ((1 << 7 * length) - 1)), length

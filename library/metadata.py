"""Metadata that cameras and programs write into a video: places, owners, names. It is overwritten in place.

Nothing becomes longer or shorter and nothing moves, so that every offset in the file still holds.
"""

import struct
from typing import Any, BinaryIO

from library.durations import INFO, SEGMENT, Part, boxes, elements

MOST_TURNS = 200_000  # parts looked at in one file: an hour of a stream
BLOCK = 64 * 1024

# What is blanked in an MP4: at its top, in its moov, and in each trak of that.
BLANKED_BOXES = {b"udta", b"meta", b"uuid"}
PATH = (b"moov", b"trak")
FREE = b"free"

# Of a WebM: Tags and one Tag, and Attachments. Of its Info: the title, the date, names of files, and their checksum.
BLANKED_ELEMENTS = {0x1254C367, 0x7373, 0x1941A469}
BLANKED_INFO = {0x7BA9, 0x4461, 0x7384, 0x3C83AB, 0x3E83BB, 0xBF}
PROGRAMS = {0x4D80, 0x5741}  # MuxingApp and WritingApp, which a WebM must have
VOID = b"\xec"


def blank(file: Any) -> None:
    """Blank it in an open file, which is left where it began. What cannot be read, or written, stays as it is."""
    if file.closed:
        return
    try:
        file.seek(0)
        start = file.read(12)
        end = file.seek(0, 2)
        turns = iter(range(MOST_TURNS))
        if start[4:8] == b"ftyp":
            _mp4(file, 0, end, path=PATH, turns=turns)
        elif start.startswith(b"\x1a\x45\xdf\xa3"):
            _webm(file, end, turns=turns)
        file.flush()
    except (OSError, ValueError, struct.error, OverflowError):
        pass  # it is no video that anything here understands
    finally:
        file.seek(0)


def _mp4(file: BinaryIO, begin: int, end: int, *, path: tuple[bytes, ...], turns: Any) -> None:
    for box in boxes(file, begin, end, turns=turns):
        if box.kind in BLANKED_BOXES:
            file.seek(box.place + 4)
            file.write(FREE)
            _zero(file, box.begin, box.stop)
        elif path and box.kind == path[0]:
            _mp4(file, box.begin, box.stop, path=path[1:], turns=turns)


def _webm(file: BinaryIO, end: int, *, turns: Any) -> None:
    for outer in elements(file, 0, end, turns=turns):
        if outer.kind == SEGMENT:
            # One that is open goes on to the end of the file, and outer with it, through the same parts again.
            for part in elements(file, outer.begin, outer.stop, turns=turns):
                if part.is_open:
                    continue
                if part.kind in BLANKED_ELEMENTS:
                    _void(file, part)
                elif part.kind == INFO:
                    _webm_info(file, part, turns=turns)
            if outer.is_open:
                return


def _webm_info(file: BinaryIO, info: Part[int], *, turns: Any) -> None:
    for part in elements(file, info.begin, info.stop, turns=turns):
        if part.kind in PROGRAMS:
            _zero(file, part.begin, part.stop)
        elif part.kind in BLANKED_INFO:
            _void(file, part)


def _void(file: BinaryIO, part: Part[int]) -> None:
    """Put an element in its place that says nothing and has the same length in all."""
    if part.begin > part.stop:
        return
    whole = part.stop - part.place
    width = next(width for width in range(1, 9) if whole - 1 - width < (1 << 7 * width) - 1)
    size = whole - 1 - width
    file.seek(part.place)
    file.write(VOID + (size | 1 << 7 * width).to_bytes(width))
    _zero(file, part.place + 1 + width, part.stop)


def _zero(file: BinaryIO, begin: int, stop: int) -> None:
    file.seek(begin)
    for place in range(begin, stop, BLOCK):
        file.write(bytes(min(BLOCK, stop - place)))

"""How long a video runs, read from its header; whatever a file says, it is a number."""

import io
import struct
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from hypothesis import given
from hypothesis import strategies as st

from library import durations
from library.models import Video
from library.tests import factories

DEMO = Path(__file__).resolve().parents[2] / "home" / "demo" / "media" / "welcome.mp4"


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), kind) + content


def mp4(units: int, length: int, *, is_long: bool = False) -> bytes:
    if is_long:
        header = b"\1\0\0\0" + bytes(16) + struct.pack(">IQ", units, length)
    else:
        header = bytes(12) + struct.pack(">II", units, length)
    return box(b"ftyp", b"isom") + box(b"free", b"") + box(b"moov", box(b"mvhd", header.ljust(100, b"\0")))


def element(kind: int, content: bytes) -> bytes:
    return kind.to_bytes((kind.bit_length() + 7) // 8) + (0x4000 | len(content)).to_bytes(2) + content


def webm(seconds: float, *, scale: int = 1_000_000) -> bytes:
    info = element(durations.SCALE, scale.to_bytes(3)) + element(durations.DURATION, struct.pack(">d", seconds))
    return element(0x1A45DFA3, b"\0") + element(durations.SEGMENT, element(durations.INFO, info))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (mp4(1000, 61_500), 61.5),
        (mp4(1000, 61_500, is_long=True), 61.5),
        (mp4(0, 5), 0),
        (mp4(1, 2**31), 0),
        (webm(61_500.0), 61.5),
        (webm(float("nan")), 0),
        (webm(-5.0), 0),
        (b"", 0),
        (b"not a video", 0),
        (box(b"ftyp", b"isom") + struct.pack(">I4s", 3, b"moov"), 0),
        (mp4(1000, 5000)[:50], 0),
    ],
)
def test_seconds_of_a_file(content: bytes, expected: float) -> None:
    assert durations.seconds(io.BytesIO(content)) == expected


@given(start=st.sampled_from([b"", mp4(1000, 5000)[:40], webm(5.0)[:20]]), noise=st.binary(max_size=300))
def test_no_file_is_an_error(start: bytes, noise: bytes) -> None:
    found = durations.seconds(io.BytesIO(start + noise))

    assert 0 <= found <= durations.LONGEST


def test_file_is_left_where_it_began() -> None:
    with DEMO.open("rb") as file:
        assert durations.seconds(file) == 34
        assert file.tell() == 0


def test_uploaded_video_knows_how_long_it_runs(db: None) -> None:
    video = factories.make_video()
    video.file.save("welcome.mp4", ContentFile(DEMO.read_bytes()))

    assert Video.objects.get().duration == 34


def test_duration_that_was_typed_stays(db: None) -> None:
    video = factories.make_video()
    video.duration = 5
    video.save()

    assert Video.objects.get().duration == 5

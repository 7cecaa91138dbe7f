"""Metadata of a video is overwritten; the video, its length and every offset in it stay what they were."""

import io
import struct
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from library import durations, metadata
from library.models import Video
from library.tests.test_durations import DEMO, box, element, mp4, webm

SECRET = b"canary-6f1d2c"
SAMPLES = bytes(range(256)) * 3
PLACE = box(b"\xa9xyz", b"+51.5000-000.1200/" + SECRET)
MVHD = box(b"mvhd", bytes(12) + struct.pack(">II", 1000, 61_500).ljust(88, b"\0"))
TAGS, TAG, ATTACHMENTS, CLUSTER, BLOCK = 0x1254C367, 0x7373, 0x1941A469, 0x1F43B675, 0xA3
TITLE, DATE, MUXER, WRITER, CRC = 0x7BA9, 0x4461, 0x4D80, 0x5741, 0xBF
OPEN = b"\x01\xff\xff\xff\xff\xff\xff\xff"
EBML = element(0x1A45DFA3, b"\0")


def long_box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4sQ", 1, kind, 16 + len(content)) + content


def last_box(kind: bytes, content: bytes) -> bytes:
    """One that goes on to the end of the file."""
    return struct.pack(">I4s", 0, kind) + content


def moov(*boxes: bytes) -> bytes:
    return box(b"moov", MVHD + b"".join(boxes))


def mp4_of(*boxes: bytes) -> bytes:
    return box(b"ftyp", b"isom") + b"".join(boxes)


def stream(*elements: bytes) -> bytes:
    """A WebM that was written without knowing its end."""
    return EBML + durations.SEGMENT.to_bytes(4) + OPEN + b"".join(elements)


def blanked(content: bytes) -> bytes:
    file = io.BytesIO(content)
    metadata.blank(file)
    assert file.tell() == 0
    return file.getvalue()


MDAT = box(b"mdat", SAMPLES)
OPEN_CLUSTER = CLUSTER.to_bytes(4) + OPEN + element(0xE7, b"\0") + element(BLOCK, SAMPLES)
INFO = element(
    durations.INFO,
    element(CRC, b"abcd")
    + element(durations.SCALE, (1_000_000).to_bytes(3))
    + element(TITLE, SECRET)
    + element(DATE, SECRET[:8])
    + element(MUXER, SECRET)
    + element(WRITER, SECRET)
    + element(durations.DURATION, struct.pack(">d", 61_500)),
)
FILMS = {
    "udta in moov": mp4_of(moov(box(b"udta", PLACE)), MDAT),
    "meta in moov": mp4_of(moov(box(b"meta", bytes(4) + box(b"ilst", SECRET))), MDAT),
    "udta in trak": mp4_of(moov(box(b"trak", box(b"tkhd", bytes(84)) + box(b"udta", PLACE))), MDAT),
    "meta in trak": mp4_of(moov(box(b"trak", box(b"meta", PLACE))), MDAT),
    "uuid at the top": mp4_of(MDAT, moov(), box(b"uuid", bytes(16) + SECRET)),
    "meta at the top": mp4_of(MDAT, box(b"meta", PLACE), moov()),
    "moov behind, in 64 bits": mp4_of(long_box(b"mdat", SAMPLES), long_box(b"moov", MVHD + long_box(b"udta", PLACE))),
    "udta to the end": mp4_of(moov(), MDAT, last_box(b"udta", PLACE)),
    "udta cut off": mp4_of(moov(), MDAT, box(b"udta", PLACE + bytes(99))[:-99]),
    "tags": EBML + element(durations.SEGMENT, INFO + element(CLUSTER, SAMPLES) + element(TAGS, SECRET)),
    "attachments": EBML + element(durations.SEGMENT, INFO + element(ATTACHMENTS, SECRET * 9) + element(BLOCK, SAMPLES)),
    "a stream": stream(INFO, OPEN_CLUSTER, OPEN_CLUSTER, element(TAGS, element(TAG, SECRET))),
    "tags without an end": stream(INFO, OPEN_CLUSTER, TAGS.to_bytes(4) + OPEN + element(TAG, SECRET)),
}


@pytest.mark.parametrize("content", FILMS.values(), ids=FILMS)
def test_what_the_camera_wrote_is_gone_and_nothing_else(content: bytes) -> None:
    after = blanked(content)

    assert SECRET in content
    assert SECRET not in after
    assert PLACE not in after
    assert len(after) == len(content)
    assert after.count(SAMPLES) == content.count(SAMPLES) >= 1
    assert after.index(SAMPLES) == content.index(SAMPLES)
    assert durations.seconds(io.BytesIO(after)) == durations.seconds(io.BytesIO(content)) == 61.5
    assert blanked(after) == after


@pytest.mark.parametrize("length", [*range(40), *range(114, 132), *range(16_370, 16_386), 70_000])
def test_an_element_of_any_length_becomes_one_that_says_nothing(length: int) -> None:
    size = (1 << 56 | length).to_bytes(8)
    tags = TAGS.to_bytes(4) + size + b"x" * length
    content = stream(tags, element(BLOCK, SAMPLES))

    after = blanked(content)

    start = len(content) - len(element(BLOCK, SAMPLES)) - len(tags)
    parts = list(durations.elements(io.BytesIO(after), start, len(after)))
    assert [(part.kind, part.place, part.stop) for part in parts] == [
        (0xEC, start, start + len(tags)),
        (BLOCK, start + len(tags), len(after)),
    ]
    assert not any(after[parts[0].begin : parts[0].stop])


def test_a_box_that_runs_over_its_own_spares_what_follows() -> None:
    udta = struct.pack(">I4s", 4000, b"udta") + PLACE
    content = mp4_of(box(b"moov", MVHD + udta), MDAT)

    after = blanked(content)

    assert SECRET not in after
    assert MDAT in after


def test_a_real_film_differs_inside_its_blanked_boxes_alone() -> None:
    content = DEMO.read_bytes()
    moov_box = next(part for part in durations.boxes(io.BytesIO(content), 0, len(content)) if part.kind == b"moov")
    inside = list(durations.boxes(io.BytesIO(content), moov_box.begin, moov_box.stop))
    (udta,) = [part for part in inside if part.kind == b"udta"]

    after = blanked(content)

    assert b"ilst" in content[udta.begin : udta.stop]
    assert after[: udta.place + 4] == content[: udta.place + 4]
    assert after[udta.place + 4 : udta.begin] == b"free"
    assert not any(after[udta.begin : udta.stop])
    assert after[udta.stop :] == content[udta.stop :]


def test_a_deep_or_endless_file_is_given_up_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "MOST_TURNS", 50)
    many = box(b"free", b"") * 100

    after = blanked(mp4_of(many, box(b"udta", SECRET)))

    assert SECRET in after
    nested = b""
    for _level in range(2000):
        nested = box(b"moov", nested)
    assert blanked(mp4_of(nested)) == mp4_of(nested)


@given(
    start=st.sampled_from([b"", *FILMS.values(), mp4(1000, 5000), webm(5.0)]),
    cut=st.integers(0, 400),
    noise=st.binary(max_size=300),
)
def test_whatever_is_uploaded_keeps_its_length(start: bytes, cut: int, noise: bytes) -> None:
    content = start[:cut] + noise

    assert len(blanked(content)) == len(content)


@given(st.data())
def test_a_film_with_any_byte_changed_keeps_its_length(data: st.DataObject) -> None:
    content = bytearray(data.draw(st.sampled_from(list(FILMS.values()))))
    for _change in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(12, len(content) - 1))] = data.draw(st.integers(0, 255))

    assert len(blanked(bytes(content))) == len(content)


def test_a_file_that_may_only_be_read_stays(tmp_path: Path) -> None:
    path = tmp_path / "video.mp4"
    path.write_bytes(FILMS["udta in moov"])

    with path.open("rb") as file:
        metadata.blank(file)

    assert path.read_bytes() == FILMS["udta in moov"]


def in_memory() -> Any:
    return SimpleUploadedFile("video.mp4", FILMS["udta in moov"])


def on_disk() -> Any:
    content = FILMS["udta in moov"]
    file = TemporaryUploadedFile("video.mp4", "video/mp4", len(content), None)
    file.write(content)
    return file


@pytest.mark.parametrize("make", [in_memory, on_disk])
def test_an_uploaded_film_is_stored_blanked(db: None, make: Any) -> None:
    video = Video(title="A video", file=make())

    video.full_clean(exclude=["collection"])
    video.save()

    with video.file.open() as stored:
        assert stored.read() == blanked(FILMS["udta in moov"])
    assert video.duration == 61.5


def test_an_editor_s_film_is_stored_blanked(editor: Client) -> None:
    editor.post("/admin/media/video/add/", {"title": "A video", "file": in_memory(), "duration": "", "tags": ""})

    with Video.objects.get().file.open() as stored:
        assert SECRET not in stored.read()


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("/admin/media/video/add/", "metadata are removed from the video"),
        ("/admin/documents/add/", "stays in the file"),
        ("/admin/documents/multiple/add/", "stays in the file"),
    ],
)
def test_the_form_says_what_becomes_of_it(editor: Client, address: str, sentence: str) -> None:
    assert sentence in editor.get(address).content.decode()

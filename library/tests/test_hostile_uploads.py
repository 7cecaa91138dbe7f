"""Files that are not what they say, and disks that are full: the form comes back, and nothing is left behind."""

import io
import json
import resource
import struct
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from wagtail.images.forms import get_image_form

from library.models import CustomDocument, CustomImage, Video
from library.tests.factories import FILM, make_image, png
from library.tests.test_failed_uploads import ADDING, CHOOSING, KINDS, SENTENCE, form, rows

UNSHOWABLE = "This image can’t be shown."


def picture(kind: str) -> bytes:
    """Of several frames, where there can be."""
    frames = [Image.radial_gradient("L").convert("RGB").resize((64, 36 + number)).resize((64, 36)) for number in (0, 9)]
    file = io.BytesIO()
    more = {"save_all": True, "append_images": frames[1:]} if kind in {"gif", "webp"} else {}
    frames[0].save(file, kind, **more)
    return file.getvalue()


def broken(whole: bytes) -> Iterator[bytes]:
    yield b""
    for part in (8, 30, len(whole) // 3, len(whole) // 2, len(whole) - 20):
        yield whole[:part]
        yield whole[:part] + bytes(len(whole) - part)
        yield whole[:part] + whole[part:][::-1]


def bomb() -> bytes:
    """A small PNG that says it has 900 million pixels."""
    head = b"IHDR" + struct.pack(">IIBBBBB", 30_000, 30_000, 8, 0, 0, 0, 0)
    parts = (head, b"IDAT" + zlib.compress(b"\0" * 1000), b"IEND")
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(part) - 4) + part + struct.pack(">I", zlib.crc32(part)) for part in parts
    )


@pytest.mark.parametrize("kind", ["png", "jpeg", "gif", "webp", "avif"])
def test_broken_picture_is_refused_or_can_be_shown(db: None, kind: str) -> None:
    """Whatever is taken has its place in the list of images, where a size of it is made."""
    taken = refused = 0
    for content in broken(picture(kind)):
        file = SimpleUploadedFile(f"x.{kind}", content)
        filled_in = get_image_form(CustomImage)({"title": "x", "collection": 1}, {"file": file})

        if filled_in.is_valid():
            taken += 1
            assert filled_in.save().get_rendition("max-165x165")
        else:
            refused += 1
            assert filled_in.errors["file"]

    assert refused > taken


def test_broken_picture_brings_the_form_back(editor: Client) -> None:
    for kind in ("gif", "png"):
        whole = picture(kind)
        half = SimpleUploadedFile(f"x.{kind}", whole[: len(whole) // 2])

        answer = editor.post(ADDING["images"], form("images", file=half))

        assert answer.context["form"].errors == {"file": [UNSHOWABLE]}
        assert 'value="As I typed it"' in answer.text


def test_original_that_broke_on_the_disk_is_shown_as_missing(editor: Client) -> None:
    image = make_image()
    path = Path(image.file.path)
    path.write_bytes(path.read_bytes()[:60])

    for address in ("/admin/images/", f"/admin/images/{image.pk}/", "/admin/images/chooser/"):
        assert "not-found" in editor.get(address).text


@pytest.mark.parametrize("name", ["x.png", "x.svg", "x.jpg", "x.avif"])
def test_picture_that_is_none_is_refused(editor: Client, name: str) -> None:
    for content in (bomb(), b'<svg xmlns="http://www.w3.org/2000/svg"/>'):
        for kind, field in (("images", "file"), ("media", "thumbnail")):
            file = SimpleUploadedFile(name, content)

            answer = editor.post(ADDING[kind], form(kind, **{field: file}))

            assert not answer.context["form"].is_valid()
    assert rows() == [False, False, False]


@pytest.mark.parametrize("kind", ["gif", "png"])
def test_many_pictures_at_once_are_refused_one_by_one(editor: Client, kind: str) -> None:
    whole = picture(kind)
    upload = SimpleUploadedFile(f"x.{kind}", whole[: len(whole) // 2])

    answer = editor.post("/admin/images/multiple/add/", {"files[]": upload, "title": "x"})

    assert answer.json()["success"] is False
    assert UNSHOWABLE in answer.json()["error_message"]


# A full disk

LARGE = 9 * 1024 * 1024


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """What writing more meets is what a full disk is: an OSError in the middle of a file."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def large(kind: str) -> SimpleUploadedFile:
    name, content = {"images": ("x.png", png()), "documents": ("x.pdf", b"%PDF-1.4"), "media": ("x.mp4", FILM)}[kind]
    return SimpleUploadedFile(name, content + bytes(LARGE))


def stored(settings: Any) -> set[Path]:
    return {path for root in (settings.PRIVATE_ROOT, settings.MEDIA_ROOT) for path in Path(root).rglob("*.*")}


@pytest.mark.parametrize("kind", KINDS)
def test_full_disk_leaves_the_form_and_no_file(editor: Client, settings: Any, kind: str) -> None:
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * LARGE
    before = stored(settings)
    address, prefix = CHOOSING[kind]
    chosen = {f"{prefix}-{name}": value for name, value in form(kind, file=large(kind)).items()}

    with largest_file(LARGE - 1000):
        added = editor.post(ADDING[kind], form(kind, file=large(kind)))
        in_chooser = editor.post(address, chosen)

    assert added.status_code == in_chooser.status_code == 200
    assert added.context["form"].errors == {"file": [SENTENCE]}
    assert 'value="As I typed it"' in added.text
    assert json.dumps(SENTENCE)[1:-1] in in_chooser.text
    assert rows() == [False, False, False]
    assert stored(settings) == before


def test_many_pictures_on_a_full_disk(editor: Client, settings: Any) -> None:
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * LARGE
    before = stored(settings)

    with largest_file(LARGE - 1000):
        answer = editor.post("/admin/images/multiple/add/", {"files[]": large("images"), "title": "x"})

    assert SENTENCE in answer.json()["error_message"]
    assert stored(settings) == before


def test_full_disk_where_uploads_wait_is_said(editor: Client, settings: Any) -> None:
    """The body was not read to its end: there is no form that could come back."""
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0
    before = set(Path(tempfile.gettempdir()).glob("*.upload.pdf"))
    editor.raise_request_exception = False

    with largest_file(LARGE - 1000):
        answer = editor.post(ADDING["documents"], form("documents", file=large("documents")))

    assert answer.status_code == 507
    assert "disk is full" in answer.text
    assert not set(Path(tempfile.gettempdir()).glob("*.upload.pdf")) - before


def test_second_try_is_stored(editor: Client, settings: Any) -> None:
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * LARGE
    for kind in KINDS:
        with largest_file(LARGE - 1000):
            editor.post(ADDING[kind], form(kind, file=large(kind)))

        assert editor.post(ADDING[kind], form(kind, file=large(kind))).status_code == 302

    sizes = [model._default_manager.get().file.size for model in (CustomImage, CustomDocument, Video)]
    assert all(size > LARGE for size in sizes)

"""Whether an uploaded file is what its ending says: people and browsers go by the ending."""

import io
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db.models.fields.files import FieldFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, ImageSequence

logger = logging.getLogger(__name__)

HEAD_BYTES = 4096
WIDEST = (1920, 1920)  # pixels, of a poster
ZIPPED = [".docx", ".odp", ".ods", ".odt", ".pptx", ".xlsx", ".zip"]


def _is_text(head: bytes) -> bool:
    return b"\0" not in head or head.startswith((b"\xff\xfe", b"\xfe\xff"))


def _is_zip(head: bytes) -> bool:
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06"))


# By extension, how such a file begins. Wagtail looks at images itself.
SIGNS: dict[str, Callable[[bytes], bool]] = {
    ".mp4": lambda head: head[4:8] == b"ftyp",
    ".webm": lambda head: head.startswith(b"\x1a\x45\xdf\xa3"),
    ".pdf": lambda head: b"%PDF-" in head[:1024],
    **dict.fromkeys(ZIPPED, _is_zip),
    **dict.fromkeys([".csv", ".txt"], _is_text),
}


def is_new(file: FieldFile) -> bool:
    """Whether it was uploaded just now, and is not stored yet."""
    return bool(file) and not file._committed  # type: ignore[attr-defined]


def check(file: FieldFile, *, most_bytes: int) -> None:
    """ValidationError, for the field `file`, when a new file is too large or does not begin as its ending promises."""
    if not is_new(file):
        return
    if file.size > most_bytes:
        raise ValidationError({"file": too_large(filesizeformat(file.size), most_bytes=most_bytes)})
    ending = PurePath(file.name or "").suffix.lower()
    file.seek(0)
    head = file.read(HEAD_BYTES)
    file.seek(0)
    if ending in SIGNS and not SIGNS[ending](head):
        sentence = _("This file’s content doesn’t match its extension (%(ending)s).")
        raise ValidationError({"file": sentence % {"ending": ending.removeprefix(".").upper()}})


def too_large(size: str, *, most_bytes: int) -> str:
    sizes = {"size": size, "most": filesizeformat(most_bytes)}
    return _("This file is %(size)s; the limit is %(most)s.") % sizes


def read_picture(to_python: Callable[[Any], Any], data: Any) -> Any:
    """What a form's field makes of an upload, once every frame of it could be decoded. Raises ValidationError.

    Wagtail looks at the head of a file. What is broken further on would fail wherever a size of it is made, and with it
    the list of all images.
    """
    with _refusing_pictures():
        found = to_python(data)
        if found is not None:
            _decode(found)
    return found


def plain_poster(file: FieldFile) -> ContentFile[bytes]:
    """The same image without what its camera wrote into it, at most 1920 pixels wide: anybody may fetch a poster.

    ValidationError, for the field `thumbnail`, when it is no image, or one that would fill the memory.
    """
    out = io.BytesIO()
    with _refusing_pictures("thumbnail"):
        file.seek(0)
        with Image.open(file.file) as original:
            if original.width * original.height > settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS:
                raise ValueError("too many pixels")
            picture = ImageOps.exif_transpose(original)
            picture.thumbnail(WIDEST)
            picture.convert("RGBA" if picture.has_transparency_data else "RGB").save(out, "WEBP", quality=85)
    return ContentFile(out.getvalue(), "poster.webp")


def _decode(file: Any) -> None:
    file.seek(0)
    with Image.open(file) as picture:
        for frame in ImageSequence.Iterator(picture):
            frame.load()
    file.seek(0)


@contextmanager
def _refusing_pictures(field: str = "") -> Iterator[None]:
    """Turn what a decoder trips over, which may be anything, into an error of this field, or of the one that asks."""
    try:
        yield
    except ValidationError:
        raise
    except Exception as error:
        logger.info("A picture was refused: %r", error)
        sentence = _("This image can’t be shown.")
        raise ValidationError({field: sentence} if field else sentence) from error

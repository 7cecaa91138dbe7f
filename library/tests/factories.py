"""Media for tests: small, real files in the private storage."""

import io
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image

from library.models import CustomDocument, CustomImage, Video

FILM = (b"\0\0\0\x18ftypisom" + bytes(range(256)) * 4)[:1024]  # nothing here looks further inside


def png(width: int = 64, height: int = 36) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(file, "PNG")
    return file.getvalue()


def photograph() -> Any:
    """A JPEG that says where it was taken."""
    exif = Image.Exif()
    exif[0x010E] = "canary-6f1d2c"
    file = io.BytesIO()
    Image.new("RGB", (64, 36)).save(file, "JPEG", exif=exif)
    return ContentFile(file.getvalue(), "photograph.jpg")


def make_image(**fields: Any) -> CustomImage:
    image: CustomImage = CustomImage.objects.create(
        **{"title": "A picture", "file": ContentFile(png(), "picture.png"), **fields}
    )
    return image


def make_document(**fields: Any) -> CustomDocument:
    document: CustomDocument = CustomDocument.objects.create(
        **{"title": "A paper", "file": ContentFile(b"%PDF-1.4", "paper.pdf"), **fields}
    )
    return document


def make_video(**fields: Any) -> Video:
    video: Video = Video.objects.create(
        **{"title": "A video", "file": ContentFile(FILM, "video.mp4"), "transcript": "canary-6f1d2c", **fields}
    )
    return video

"""Media for tests: small, real files in the private storage."""

import io
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image

from library.models import CustomDocument, CustomImage, Video

FILM = bytes(range(256)) * 4  # nothing here looks inside


def png(width: int = 64, height: int = 36) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(file, "PNG")
    return file.getvalue()


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
        **{"title": "A film", "file": ContentFile(FILM, "film.mp4"), "transcript": "canary-6f1d2c", **fields}
    )
    return video

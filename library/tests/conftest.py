"""Fixtures for the library: media, lessons that show them, staff, and a server in Cloudinary's place."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.storage import storages

from courses.tests.conftest import document, editor, image, make_staff, moderator, video
from library.models import CustomDocument, CustomImage, Video
from stand_ins.cloudinary import server
from stand_ins.cloudinary.server import Cloudinary

__all__ = ["document", "editor", "image", "make_staff", "moderator", "video"]

SECONDS = 60


@pytest.fixture
def cloudinary(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloudinary]:
    """The site as it starts with a CLOUDINARY_URL."""
    with server.running() as running:
        settings.CLOUDINARY_URL = running.url
        settings.CLOUDINARY_API_SECONDS = settings.CLOUDINARY_UPLOAD_SECONDS = 1
        settings.MEDIA_SECONDS = SECONDS
        settings.STORAGES = {
            **{alias: sides["cloudinary"] for alias, sides in settings.CLOUDINARY_STORAGES.items()},
            "staticfiles": settings.STORAGES["staticfiles"],
        }
        for model in (CustomImage, CustomDocument, Video):
            monkeypatch.setattr(model._meta.get_field("file"), "storage", storages["private"])
        yield running

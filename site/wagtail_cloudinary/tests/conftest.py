"""Fixtures: a server that speaks Cloudinary's protocol, and storages on it."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test.utils import isolate_apps
from PIL import Image
from wagtail.images import get_image_model

from stand_ins.cloudinary import server
from stand_ins.cloudinary.server import Cloudinary
from wagtail_cloudinary import conf
from wagtail_cloudinary.conf import Account
from wagtail_cloudinary.images import CloudinaryImageMixin
from wagtail_cloudinary.storage import CloudinaryStorage

FILM = b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 8
FOCAL_POINT = {"focal_point_x": 420, "focal_point_y": 90, "focal_point_width": 60, "focal_point_height": 40}


def picture(width: int = 640, height: int = 427, *, kind: str = "PNG", orientation: int = 1) -> bytes:
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.new("RGB", (width, height), "teal").save(file, kind, **({"exif": exif} if orientation > 1 else {}))
    return file.getvalue()


def file(content: bytes) -> ContentFile:
    return ContentFile(content, "as-the-editor-named-it")


@pytest.fixture
def cloudinary(settings: Any) -> Iterator[Cloudinary]:
    with server.running() as running:
        settings.CLOUDINARY_URL = running.url
        settings.CLOUDINARY_API_SECONDS = 0.4
        settings.CLOUDINARY_UPLOAD_SECONDS = 0.4
        yield running


@pytest.fixture
def account(cloudinary: Cloudinary) -> Account:
    return conf.account()


@pytest.fixture
def private(cloudinary: Cloudinary) -> CloudinaryStorage:
    return CloudinaryStorage()


@pytest.fixture
def public(cloudinary: Cloudinary) -> CloudinaryStorage:
    return CloudinaryStorage(delivery="upload")


@pytest.fixture(scope="session")
def picture_model() -> type[Any]:
    """The site's image model, with the mixin before it if it has none; no app and no table of its own."""
    site_model: Any = get_image_model()
    if issubclass(site_model, CloudinaryImageMixin):
        return site_model
    with isolate_apps("wagtail_cloudinary"):

        class Shown(CloudinaryImageMixin, site_model):
            class Meta:
                proxy = True
                app_label = "wagtail_cloudinary"

    return Shown


@pytest.fixture
def field_on(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Keep the site's images in another storage for the length of a test."""

    def patch(storage: Any) -> None:
        monkeypatch.setattr(get_image_model()._meta.get_field("file"), "storage", storage)

    return patch

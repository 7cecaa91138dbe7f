"""Images that Cloudinary resizes: Wagtail's tags, choosers and thumbnails work, and nothing is made or stored.

Put the mixin before Wagtail's own model:

    class CustomImage(CloudinaryImageMixin, AbstractImage): ...

It acts only where the file is in a CloudinaryStorage; anywhere else Wagtail makes renditions as ever.
"""

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.files import File
from django.core.files.storage import Storage
from PIL import Image
from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.models import AbstractRendition, Filter

from wagtail_cloudinary import addresses, transformations
from wagtail_cloudinary.storage import CloudinaryStorage

ORIENTATION = 0x0112  # EXIF's tag, and its values for images turned on a side
SIDEWAYS = frozenset({5, 6, 7, 8})

if TYPE_CHECKING:
    from wagtail.images.models import AbstractImage as _Base
else:
    _Base = object  # a model here would be one more base with fields of its own


@dataclass(frozen=True)
class RenditionFile:
    """As much of a rendition's file as templates use. It cannot be opened: Cloudinary makes it when it is asked for."""

    url: str
    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class CloudinaryRendition:
    """One size of an image: what Wagtail's rendition offers to templates, without a row and without a file."""

    image: Any
    filter_spec: str
    url: str
    width: int
    height: int
    focal_point_key: str = ""

    full_url = AbstractRendition.full_url
    alt = AbstractRendition.alt
    attrs = AbstractRendition.attrs
    attrs_dict = AbstractRendition.attrs_dict
    filter = AbstractRendition.filter
    focal_point = AbstractRendition.focal_point
    background_position_style = AbstractRendition.background_position_style
    background_position_x = AbstractRendition.background_position_x
    background_position_y = AbstractRendition.background_position_y
    img_tag = AbstractRendition.img_tag
    __html__ = AbstractRendition.__html__

    @property
    def file(self) -> RenditionFile:
        return RenditionFile(self.url, f"{self.image.file.name}|{self.filter_spec}")


class CloudinaryImageMixin(_Base):
    """Renditions by address: making one asks neither the provider nor the database, and reads no file."""

    width: int
    height: int

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the size of a new image as it is shown.

        Wagtail stores that of its pixels, and turns a photograph that was taken sideways only when it makes a
        rendition. Cloudinary turns it first as well, so that crops must be reckoned on what is seen.
        """
        is_sideways = bool(self.file) and not self.file._committed and _is_sideways(self.file)
        super().save(*args, **kwargs)
        if is_sideways:
            self.width, self.height = self.height, self.width
            super().save(update_fields=["width", "height"])

    @property
    def is_on_cloudinary(self) -> bool:
        return _ours(self.file.storage) is not None

    def get_rendition(self, filter: Filter | str) -> Any:  # noqa: A002  Wagtail's name
        storage = _ours(self.file.storage)
        if storage is None:
            return super().get_rendition(filter)
        return self._rendition(storage, self._filter(filter))

    def get_renditions(self, *filters: Filter | str) -> dict[str, Any]:
        storage = _ours(self.file.storage)
        if storage is None:
            return super().get_renditions(*filters)
        return {found.spec: self._rendition(storage, found) for found in map(self._filter, filters)}

    def find_existing_rendition(self, filter: Filter) -> Any:  # noqa: A002
        storage = _ours(self.file.storage)
        return super().find_existing_rendition(filter) if storage is None else self._rendition(storage, filter)

    def find_existing_renditions(self, *filters: Filter) -> dict[Filter, Any]:
        storage = _ours(self.file.storage)
        if storage is None:
            return super().find_existing_renditions(*filters)
        return {found: self._rendition(storage, found) for found in filters}

    def create_rendition(self, filter: Filter) -> Any:  # noqa: A002
        storage = _ours(self.file.storage)
        return super().create_rendition(filter) if storage is None else self._rendition(storage, filter)

    def create_renditions(self, *filters: Filter) -> dict[Filter, Any]:
        storage = _ours(self.file.storage)
        if storage is None:
            return super().create_renditions(*filters)
        return {found: self._rendition(storage, found) for found in filters}

    def _filter(self, wanted: Filter | str) -> Filter:
        if isinstance(wanted, str):
            wanted = Filter(spec=wanted)
        elif not isinstance(wanted, Filter):
            raise InvalidFilterSpecError("Unrecognised filter format - string or Filter instance expected")
        return self.clean_filter_for_svg(wanted)

    def _rendition(self, storage: CloudinaryStorage, wanted: Filter) -> CloudinaryRendition:
        asset = storage.asset(self.file.name)
        made = transformations.transformation(
            wanted,
            width=self.width,
            height=self.height,
            format=asset.format,
            focal_point=self.get_focal_point(),
        )
        url = addresses.delivery_url(
            storage.account, asset.public_id, delivery=storage.delivery, steps=made.steps, format=made.format
        )
        return CloudinaryRendition(self, wanted.spec, url, made.width, made.height, wanted.get_cache_key(self))


def _is_sideways(file: File[bytes]) -> bool:
    """Whether a photograph's EXIF data says that its width is its height; only its head is read."""
    file.seek(0)
    try:
        with warnings.catch_warnings(action="ignore"):
            return Image.open(file).getexif().get(ORIENTATION) in SIDEWAYS
    except (OSError, SyntaxError, ValueError):
        return False  # no image that Pillow knows; the form refuses it
    finally:
        file.seek(0)


def _ours(storage: Storage) -> CloudinaryStorage | None:
    """The storage where it is ours; Django's default_storage, a lazy shell, passes for what is in it."""
    return storage if isinstance(storage, CloudinaryStorage) else None

"""The media library: images, videos and documents that pages use. All originals are private."""

import struct
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.cache.backends.dummy import DummyCache
from django.core.files import File
from django.db import models
from django.db.models.fields.files import FieldFile
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument, Document
from wagtail.images.models import (
    AbstractImage,
    AbstractRendition,
    Filter,
    SourceImageIOError,
    WagtailImageField,
    get_upload_to,
)
from wagtail.images.models import Image as WagtailImage
from wagtailmedia.models import AbstractMedia, MediaType

from library import cloudinary, durations, file_validation, metadata, storage
from wagtail_cloudinary.images import CloudinaryImageMixin

CONTENT_TYPES = {".mp4": "video/mp4", ".webm": "video/webm"}


def document_path(_document: Any, filename: str) -> str:
    return storage.random_name("documents", filename)


def video_path(_video: Any, filename: str) -> str:
    return storage.random_name("videos", filename)


def poster_path(_video: Any, filename: str) -> str:
    return storage.random_name("posters", filename)


class CustomImage(CloudinaryImageMixin, AbstractImage):
    """An image. The original stays private; pages show sizes of it, made when one is published, or by Cloudinary."""

    file = WagtailImageField(
        verbose_name=_("file"),
        upload_to=get_upload_to,
        storage=storage.private,
        width_field="width",
        height_field="height",
    )

    admin_form_fields = WagtailImage.admin_form_fields

    class Meta(AbstractImage.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")
        permissions = [("choose_image", "Can choose image")]

    def get_upload_to(self, filename: str) -> str:
        return storage.random_name("original_images", filename)

    def generate_rendition_file(self, filter: Filter, **given: Any) -> File[bytes]:  # noqa: A002  Wagtail's name
        """SourceImageIOError also for an original that is broken further on: a placeholder is shown for it."""
        try:
            made: File[bytes] = super().generate_rendition_file(filter, **given)
        except (OSError, EOFError, SyntaxError, struct.error) as error:  # what Pillow raises at broken data
            raise SourceImageIOError(str(error)) from error
        return made


class CustomRendition(AbstractRendition):
    """A size of an image, under a name nobody can guess: a visitor who was shown it may keep it, no other finds it."""

    image = models.ForeignKey(CustomImage, on_delete=models.CASCADE, related_name="renditions")

    # Wagtail would keep renditions in the cache of one process, where another's deletion is not heard of.
    cache_backend = DummyCache("", {})

    class Meta:
        constraints = [
            models.UniqueConstraint(name="rendition_once", fields=["image", "filter_spec", "focal_point_key"]),
        ]

    def get_upload_to(self, filename: str) -> str:
        return storage.random_name("images", filename)


class CustomDocument(AbstractDocument):
    """A file to download. It opens for visitors who may read a live page that offers it."""

    file_size: int | None

    file = models.FileField(_("file"), upload_to=document_path, storage=storage.private)

    admin_form_fields = Document.admin_form_fields

    class Meta(AbstractDocument.Meta):
        permissions = [("choose_document", "Can choose document")]

    def clean(self) -> None:
        if not self.file:
            return  # it waits elsewhere for the rest of its form, which has no place for what Wagtail says of no file
        super().clean()
        file_validation.check(self.file, most_bytes=settings.DOCUMENT_MAX_BYTES)

    def save(self, *args: Any, **kwargs: Any) -> None:
        # Otherwise the size is looked up, and written, by the first visitor who is shown the document.
        if self.file_size is None and self.file:
            self.file_size = self.file.size
        super().save(*args, **kwargs)

    @property
    def filename(self) -> str:
        """The title, made fit for an address, with the file's ending: the name on disk is random."""
        ending = PurePath(self.file.name or "").suffix
        return (slugify(self.title.removesuffix(ending), allow_unicode=True) or "document") + ending


class VideoFile(FieldFile):
    """The admin takes a video of unknown size for lost, and offers to delete it: the provider may be away."""

    @property
    def size(self) -> int:
        is_kept = self._committed and cloudinary.storage_of(self) is not None  # type: ignore[attr-defined]
        kept: int | None = getattr(self.instance, "file_size", None) if is_kept else None
        return super().size if kept is None else kept


class VideoFileField(models.FileField):
    attr_class = VideoFile


class Video(AbstractMedia):
    """A video. Its captions belong to the lesson that shows it, where they are drafted and reviewed."""

    file = VideoFileField(_("file"), upload_to=video_path, storage=storage.private)
    file_size = models.PositiveBigIntegerField(null=True, editable=False)
    duration: float
    type = models.CharField(max_length=255, choices=MediaType, default=MediaType.VIDEO, editable=False)
    thumbnail = models.FileField(
        _("poster"),
        upload_to=poster_path,
        blank=True,
        help_text=_("A still image shown to everyone before the video plays, even when the lesson is locked."),
    )
    transcript = models.TextField(
        _("transcript"),
        blank=True,
        help_text=_("What’s said and shown, as text. Shown below the video to people with access."),
    )

    admin_form_fields = ("title", "file", "collection", "duration", "thumbnail", "transcript", "tags")

    class Meta:
        verbose_name = _("video")
        verbose_name_plural = _("videos")

    def clean(self) -> None:
        self.type = MediaType.VIDEO  # the admin can be asked to add audio, whose endings nobody would check
        super().clean()
        file_validation.check(self.file, most_bytes=settings.VIDEO_MAX_BYTES)
        if file_validation.is_new(self.file):
            metadata.blank(self.file)
        if file_validation.is_new(self.thumbnail):
            self.thumbnail = file_validation.plain_poster(self.thumbnail)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if file_validation.is_new(self.file):
            self.file_size = self.file.size
        if not self.duration and self.file:
            was_closed = self.file.closed
            self.duration = durations.seconds(self.file)
            if was_closed:
                self.file.close()
        super().save(*args, **kwargs)

    @property
    def mime(self) -> str:
        return CONTENT_TYPES.get(PurePath(self.file.name or "").suffix, "application/octet-stream")

    @property
    def url(self) -> str:
        """For staff, who need no page to see it; learners are given the address below their lesson."""
        return reverse("library:video", args=[0, self.pk])

"""The media library: pictures, videos and documents that pages use. All originals are private."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument, Document
from wagtail.images.models import AbstractImage, AbstractRendition, WagtailImageField, get_upload_to
from wagtail.images.models import Image as WagtailImage
from wagtailmedia.models import AbstractMedia, MediaType

from library import storage


def document_path(document: Any, filename: str) -> str:
    return storage.random_name("documents", filename)


def video_path(video: Any, filename: str) -> str:
    return storage.random_name("videos", filename)


def poster_path(video: Any, filename: str) -> str:
    return storage.random_name("posters", filename)


class CustomImage(AbstractImage):
    """A picture. The original stays private; pages show renditions made when the page is published."""

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


class CustomRendition(AbstractRendition):
    """A size of a picture, under a name nobody can guess: whoever was shown it may keep it, nobody else finds it."""

    image = models.ForeignKey(CustomImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="rendition_once", fields=["image", "filter_spec", "focal_point_key"]),
        ]

    def get_upload_to(self, filename: str) -> str:
        return storage.random_name("images", filename)


class CustomDocument(AbstractDocument):
    """A file to download. It opens for whoever may read a live page that offers it."""

    file = models.FileField(_("file"), upload_to=document_path, storage=storage.private)

    admin_form_fields = Document.admin_form_fields

    class Meta(AbstractDocument.Meta):
        permissions = [("choose_document", "Can choose document")]

    @property
    def filename(self) -> str:
        """The title with the file's ending: the name on disk is random."""
        return f"{self.title.rsplit('.', 1)[0]}.{self.file_extension}"


class Video(AbstractMedia):
    """A video. Its captions belong to the lesson that shows it, where they are drafted and reviewed."""

    file = models.FileField(_("file"), upload_to=video_path, storage=storage.private)
    thumbnail = models.FileField(
        _("poster"),
        upload_to=poster_path,
        blank=True,
        help_text=_("A still picture, shown to everyone before the video plays, also where the lesson is locked."),
    )
    transcript = models.TextField(
        _("transcript"),
        blank=True,
        help_text=_("What is said and shown, as text. Shown below the video to whoever may watch it."),
    )

    admin_form_fields = ("title", "file", "collection", "duration", "thumbnail", "transcript", "tags")

    class Meta:
        verbose_name = _("video")
        verbose_name_plural = _("videos")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.type:
            self.type = MediaType.VIDEO

"""Files stored on Cloudinary: how they are delivered once it is decided. There, all are authenticated."""

from os import SEEK_END
from typing import cast

from django.conf import settings
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.translation import gettext as _

from wagtail_cloudinary import addresses, client
from wagtail_cloudinary.errors import ProviderError
from wagtail_cloudinary.images import RenditionFile
from wagtail_cloudinary.storage import CloudinaryStorage


def storage_of(file: FieldFile) -> CloudinaryStorage | None:
    """None for a file that is stored on this machine."""
    return file.storage if isinstance(file.storage, CloudinaryStorage) else None


def lend(file: FieldFile) -> HttpResponseBase:
    """Send the browser to the original, at an address that ends after MEDIA_SECONDS. The player asks again then."""
    return _redirect(_storage(file).expiring_url(file.name or "", seconds=settings.MEDIA_SECONDS))


def show(file: FieldFile, *, as_stream: bool) -> HttpResponseBase:
    """Send the browser to a video that everybody may see: as a playlist of many sizes, or as one file that it plays."""
    storage = _storage(file)
    address = addresses.stream_url if as_stream else addresses.progressive_url
    return _redirect(address(storage.account, storage.asset(file.name or "").public_id, delivery=storage.delivery))


def show_picture(rendition: RenditionFile) -> HttpResponseBase:
    """Send the browser to an image that everybody may see, and nobody can turn into another size."""
    return _redirect(rendition.url)


def hand_over(file: FieldFile, *, content_type: str, download_as: str) -> HttpResponseBase:
    """Fetch a document and pass it on, under its own name: an address of Cloudinary would name the file anew.

    Http404 when there is none; a ProviderError when it cannot be had, or something else came.
    """
    try:
        content = file.open()
    except FileNotFoundError as error:
        raise Http404 from error
    if content.seek(0, SEEK_END) != getattr(file.instance, "file_size", None):
        content.close()
        raise ProviderError(_("The media provider sent something other than the file."))
    content.seek(0)
    return FileResponse(content, content_type=content_type, as_attachment=bool(download_as), filename=download_as)


def hand_over_picture(rendition: RenditionFile, *, content_type: str) -> HttpResponseBase:
    """Fetch an image of a locked page and pass it on: its signed URL would never expire."""
    return HttpResponse(picture(rendition), content_type=content_type)


def picture(rendition: RenditionFile) -> bytes:
    """The bytes of one size. Http404 when there is none; a ProviderError when it cannot be had."""
    try:
        with client.fetch(rendition.url) as file:
            return file.read()
    except FileNotFoundError as error:
        raise Http404 from error


def _storage(file: FieldFile) -> CloudinaryStorage:
    return cast(CloudinaryStorage, file.storage)


def _redirect(address: str) -> HttpResponseBase:
    response = HttpResponseRedirect(address)
    response["Referrer-Policy"] = "no-referrer"
    return response

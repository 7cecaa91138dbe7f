"""Deliver files: after the decision, with byte ranges, HEAD and conditional requests."""

from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header
from wagtail.models import Page, ReferenceIndex
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import MissingFileError, Response, SlicedFile, StaticFile

from access.models import OpenPageMixin, RestrictedPageMixin
from access.models.pages import live_now
from library import cloudinary
from wagtail_cloudinary.images import RenditionFile

PRIVATE = "private, no-store"
REVALIDATE = "public, max-age=0, must-revalidate"
FOREVER = "public, max-age=31536000, immutable"


class RangedFile(StaticFile):
    """WhiteNoise answers 416 when a single byte is asked for, as some players do first to see whether ranges work."""

    def get_range_response(self, range_header: str, base_headers: Any, file_handle: Any) -> Response:
        headers = dict(base_headers)
        size = int(headers.pop("Content-Length"))
        start, end = self.get_byte_range(range_header, size)
        if start != end:
            return super().get_range_response(range_header, base_headers, file_handle)
        headers |= {"Content-Range": f"bytes {start}-{end}/{size}", "Content-Length": "1"}
        part = file_handle and SlicedFile(file_handle, start, end)
        return Response(HTTPStatus.PARTIAL_CONTENT, list(headers.items()), part)


def send(
    request: HttpRequest, file: FieldFile | RenditionFile, *, content_type: str, cache: str, download_as: str = ""
) -> HttpResponseBase:
    """An image or document, wherever it is stored. Http404 when it is not there.

    Raises wagtail_cloudinary.errors.ProviderError when it is stored with the provider and cannot be had.
    """
    if isinstance(file, RenditionFile) and cache != PRIVATE:
        return _kept(cloudinary.show_picture(file), cache)
    if isinstance(file, RenditionFile):
        return _kept(cloudinary.hand_over_picture(file, content_type=content_type), cache)
    if cloudinary.storage_of(file):
        return _kept(cloudinary.hand_over(file, content_type=content_type, download_as=download_as), cache)
    return send_path(request, path_of(file), content_type=content_type, cache=cache, download_as=download_as)


def play(request: HttpRequest, file: FieldFile, *, content_type: str, cache: str) -> HttpResponseBase:
    """A video. From the provider the browser gets it itself: a locked one by a URL that soon expires."""
    if not cloudinary.storage_of(file):
        return send_path(request, path_of(file), content_type=content_type, cache=cache)
    if cache == PRIVATE:
        return _kept(cloudinary.lend(file), cache)
    return _kept(cloudinary.show(file, as_stream="stream" in request.GET), cache)


def send_path(
    request: HttpRequest, path: Path, *, content_type: str, cache: str, download_as: str = ""
) -> HttpResponseBase:
    """The file at `path`, as much of it as was asked for. Http404 when it is not there.

    WhiteNoise answers ranges and conditional requests; Django's own static view ignores ranges, and a video
    that cannot be asked for in parts cannot be wound forward.
    """
    headers = {
        "Content-Type": content_type,
        "Cache-Control": cache,
        "Accept-Ranges": "bytes",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if settings.X_ACCEL_PREFIX and path.is_relative_to(settings.PRIVATE_ROOT):
        return _handed_to_proxy(path, headers=headers, download_as=download_as)
    try:
        file = RangedFile(str(path), headers=list(headers.items()))
    except (MissingFileError, OSError, ValueError) as error:
        raise Http404 from error
    return _named(WhiteNoiseMiddleware.serve(file, request), download_as)


def uses(page: Page, media: Model) -> bool:
    """Whether the live page shows this image, video or document, so that the page's decision covers it.

    The page itself is asked, not the stored index: that one is brought up to date by the worker, and a page just
    published would show gaps.
    """
    return isinstance(page, OpenPageMixin | RestrictedPageMixin) and page.uses(media=media)


def pages_using(media: Model) -> list[Page]:
    """The live pages that show this: where the stored index says so, and they still do."""
    content_type = ContentType.objects.get_for_model(media)
    page_type = ContentType.objects.get_for_model(Page)
    ids = ReferenceIndex.objects.filter(
        to_content_type=content_type, to_object_id=str(media.pk), base_content_type=page_type
    ).values_list("object_id", flat=True)
    return [page for page in Page.objects.filter(live_now(), pk__in=set(map(int, ids))).specific() if uses(page, media)]


def _handed_to_proxy(path: Path, *, headers: dict[str, str], download_as: str) -> HttpResponseBase:
    """nginx sends the file itself, in parts where it is asked for parts, after the decision (docs/nginx.conf)."""
    if not path.is_file():
        raise Http404
    inside = quote(path.relative_to(settings.PRIVATE_ROOT).as_posix())
    kept = {name: value for name, value in headers.items() if name != "Accept-Ranges"}
    response = HttpResponse(headers={**kept, "X-Accel-Redirect": settings.X_ACCEL_PREFIX + inside})
    return _named(response, download_as)


def _named(response: HttpResponseBase, download_as: str) -> HttpResponseBase:
    if download_as:
        response["Content-Disposition"] = content_disposition_header(True, download_as) or "attachment"
    return response


def _kept(response: HttpResponseBase, cache: str) -> HttpResponseBase:
    """Who may keep this answer."""
    response["Cache-Control"] = cache
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def path_of(file: FieldFile) -> Path:
    if not file:
        raise Http404
    return Path(file.path)

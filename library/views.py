"""The doors of the library: every file names a page, the live page must show it, and the page's decision counts."""

import mimetypes
from pathlib import Path

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils._os import safe_join
from django.views.decorators.http import require_safe
from wagtail.models import Page

from access import gate, visitor
from access.policy import Decision
from library import delivery, pictures
from library.models import CustomDocument, CustomImage, Video


@require_safe
def picture(request: HttpRequest, page_id: int, image_id: int, width: int) -> HttpResponseBase:
    """A picture in a page's body, in one of the widths made when the page was published."""
    if width not in pictures.BODY_WIDTHS:
        raise Http404
    image = get_object_or_404(CustomImage, pk=image_id)
    cache = _allow(request, page_id, image)
    if isinstance(cache, HttpResponse):
        return cache
    if visitor.is_staff(request):
        pictures.prepare([image], [pictures.body(width)])  # a draft's pictures were never published
    rendition = pictures.find(image, pictures.body(width))
    if rendition is None:
        raise Http404
    return delivery.send(request, delivery.path_of(rendition.file), content_type="image/webp", cache=cache)


@require_safe
def video(request: HttpRequest, page_id: int, video_id: int) -> HttpResponseBase:
    """A lesson's video. Each request is decided anew, so no address outlives what the visitor may see."""
    found = get_object_or_404(Video, pk=video_id)
    cache = _allow(request, page_id, found)
    if isinstance(cache, HttpResponse):
        return cache
    return delivery.send(request, delivery.path_of(found.file), content_type=found.mime, cache=cache)


@require_safe
def document(request: HttpRequest, document_id: int, filename: str) -> HttpResponseBase:
    """A document opens if any live page that offers it is open to the visitor; one that no page offers is not here."""
    found = get_object_or_404(CustomDocument, pk=document_id)
    if not visitor.is_staff(request):
        if filename != found.filename:
            raise Http404
        decisions = {gate.ask(request, page).decision for page in delivery.pages_using(found)} - {Decision.NOT_HERE}
        if not decisions:
            raise Http404
        if Decision.ALLOW not in decisions:
            return _forbidden()
    return delivery.send(
        request,
        delivery.path_of(found.file),
        content_type=found.content_type,
        cache=delivery.PRIVATE,
        download_as=found.filename,
    )


@require_safe
def public_media(request: HttpRequest, path: str) -> HttpResponseBase:
    """Public files under MEDIA_ROOT, where no web server in front serves them. Their names are never used again."""
    try:
        found = Path(safe_join(settings.MEDIA_ROOT, path))
    except (SuspiciousFileOperation, ValueError) as error:
        raise Http404 from error
    content_type = mimetypes.guess_type(found.name)[0] or "application/octet-stream"
    return delivery.send(request, found, content_type=content_type, cache=delivery.FOREVER)


def _allow(request: HttpRequest, page_id: int, media: CustomImage | Video) -> str | HttpResponse:
    """Who may keep the file, as Cache-Control; or the refusal. Http404 when the live page does not show it."""
    if visitor.is_staff(request):
        return delivery.PRIVATE
    page = get_object_or_404(Page.objects.live(), pk=page_id).specific
    note = gate.ask(request, page)
    if note.decision is Decision.NOT_HERE or not delivery.uses(page, media):
        raise Http404
    if note.decision is not Decision.ALLOW:
        return _forbidden()
    return delivery.REVALIDATE if note.restriction.is_open else delivery.PRIVATE


def _forbidden() -> HttpResponse:
    return HttpResponse(
        "Not open to you.", status=403, content_type="text/plain", headers={"Cache-Control": delivery.PRIVATE}
    )

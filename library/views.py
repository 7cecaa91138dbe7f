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
    page, cache = _open(request, page_id)
    if cache is None:
        return _forbidden()
    image = _shown(page, CustomImage, image_id)
    if visitor.is_staff(request):
        pictures.prepare([image], [pictures.body(width)])  # a draft's pictures were never published
    rendition = pictures.find(image, pictures.body(width))
    if rendition is None:
        raise Http404
    return delivery.send(request, delivery.path_of(rendition.file), content_type="image/webp", cache=cache)


@require_safe
def video(request: HttpRequest, page_id: int, video_id: int) -> HttpResponseBase:
    """A lesson's video. Each request is decided anew, so no address outlives what the visitor may see."""
    page, cache = _open(request, page_id)
    if cache is None:
        return _forbidden()
    found = _shown(page, Video, video_id)
    return delivery.send(request, delivery.path_of(found.file), content_type=found.mime, cache=cache)


@require_safe
def document(request: HttpRequest, document_id: int, filename: str) -> HttpResponseBase:
    """A document opens if any live page that offers it is open to the visitor; one that no page offers is not here."""
    found = get_object_or_404(CustomDocument, pk=document_id)
    if not visitor.is_staff(request):
        decisions = {gate.ask(request, page).decision for page in delivery.pages_using(found)} - {Decision.NOT_HERE}
        if not decisions:
            raise Http404
        if Decision.ALLOW not in decisions:
            return _forbidden()  # before the name is looked at: it would tell whoever guesses the title
        if filename != found.filename:
            raise Http404
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


def _open(request: HttpRequest, page_id: int) -> tuple[Page | None, str | None]:
    """The live page, and who may keep its files, as Cache-Control; None for that when they are not open to the visitor.

    Decided before any file is looked up, so that no answer tells which files a locked page shows. Staff, who see the
    whole library, get no page: theirs may be a draft. Http404 when the page is not here.
    """
    if visitor.is_staff(request):
        return None, delivery.PRIVATE
    page = get_object_or_404(Page.objects.live(), pk=page_id).specific
    note = gate.ask(request, page)
    if note.decision is Decision.NOT_HERE:
        raise Http404
    if note.decision is not Decision.ALLOW:
        return page, None
    return page, delivery.REVALIDATE if note.restriction.is_open else delivery.PRIVATE


def _shown[Medium: (CustomImage, Video)](page: Page | None, kind: type[Medium], medium_id: int) -> Medium:
    """The picture or video, if the page shows it."""
    medium = get_object_or_404(kind, pk=medium_id)
    if page is not None and not delivery.uses(page, medium):
        raise Http404
    return medium


def _forbidden() -> HttpResponse:
    return HttpResponse(
        "Not open to you.", status=403, content_type="text/plain", headers={"Cache-Control": delivery.PRIVATE}
    )

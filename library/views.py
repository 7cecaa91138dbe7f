"""Views that deliver images, videos and documents: the URL names a page, which must show the file and be allowed."""

import mimetypes
from pathlib import Path

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils._os import safe_join
from django.views.decorators.http import require_safe
from wagtail.documents import get_permission_policy as of_documents
from wagtail.images import get_permission_policy as of_images
from wagtail.models import Page
from wagtailmedia import get_permission_policy as of_media

from access.gate import decisions
from access.models.pages import live_now
from access.sessions import visitor
from library import delivery, renditions
from library.models import CustomDocument, CustomImage, Video

# Where Wagtail keeps originals that were uploaded and wait for a valid form: under the names that people gave them.
HALF_UPLOADED = "wagtail_uploads"
PERMISSIONS = {CustomImage: of_images, CustomDocument: of_documents, Video: of_media}


@require_safe
def picture(request: HttpRequest, page_id: int, image_id: int, width: int) -> HttpResponseBase:
    """An image in a page's body, in one of the widths made when the page was published."""
    if width not in renditions.BODY_WIDTHS:
        raise Http404
    if image := _of_library(request, CustomImage, image_id):
        renditions.prepare([image], [renditions.body(width)])  # a draft's images were never published
        cache = delivery.PRIVATE
    else:
        page, cache = _open(request, page_id)
        if not cache:
            return _forbidden()
        image = _shown(page, CustomImage, image_id)
    rendition = renditions.find(image, renditions.body(width))
    if rendition is None:
        raise Http404
    return delivery.send(request, rendition.file, content_type="image/webp", cache=cache)


@require_safe
def video(request: HttpRequest, page_id: int, video_id: int) -> HttpResponseBase:
    """A lesson's video. Each request is decided anew, so no address outlives what the visitor may see."""
    found, cache = _of_library(request, Video, video_id), delivery.PRIVATE
    if found is None:
        page, cache = _open(request, page_id)
        if not cache:
            return _forbidden()
        found = _shown(page, Video, video_id)
    return delivery.play(request, found.file, content_type=found.mime, cache=cache)


@require_safe
def document(request: HttpRequest, document_id: int, filename: str) -> HttpResponseBase:
    """A document opens if any live page that offers it is open to the visitor; one that no page offers is not here."""
    found = get_object_or_404(CustomDocument, pk=document_id)
    if _of_library(request, CustomDocument, document_id) is None:
        found_for = {decisions.decide_for(request, page).decision for page in delivery.pages_using(found)}
        if not any(decision.is_here for decision in found_for):
            raise Http404
        if not any(decision.is_allowed for decision in found_for):
            return _forbidden()  # before the name is looked at: it would confirm a guessed title
        if filename != found.filename:
            raise Http404
    return delivery.send(
        request,
        found.file,
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
    if HALF_UPLOADED in found.parts:
        raise Http404
    content_type = mimetypes.guess_type(found.name)[0] or "application/octet-stream"
    return delivery.send_path(request, found, content_type=content_type, cache=delivery.FOREVER)


def _of_library[Medium: (CustomImage, CustomDocument, Video)](
    request: HttpRequest, kind: type[Medium], medium_id: int
) -> Medium | None:
    """The file, for staff who find it in Wagtail's library, and so in their drafts. The admin alone opens nothing."""
    user = visitor.staff(request)
    found = kind.objects.filter(pk=medium_id).first() if user else None
    if found is None or not PERMISSIONS[kind]().user_has_any_permission_for_instance(user, ["choose", "change"], found):
        return None
    return found


def _open(request: HttpRequest, page_id: int) -> tuple[Page, str]:
    """The live page, and who may keep its files, as Cache-Control; "" for that when they are not open to the visitor.

    Decided before any file is looked up, so that no answer tells which files a locked page shows. Http404 when the
    page is not here.
    """
    page = get_object_or_404(Page.objects.filter(live_now()), pk=page_id).specific
    note = decisions.decide_for(request, page)
    if not note.decision.is_here:
        raise Http404
    if not note.decision.is_allowed:
        return page, ""
    return page, delivery.REVALIDATE if note.restriction.is_open else delivery.PRIVATE


def _shown[Medium: (CustomImage, Video)](page: Page, kind: type[Medium], medium_id: int) -> Medium:
    """The image or video, if the page shows it."""
    medium = get_object_or_404(kind, pk=medium_id)
    if not delivery.uses(page, medium):
        raise Http404
    return medium


def _forbidden() -> HttpResponse:
    return HttpResponse(
        "Not open to you.", status=403, content_type="text/plain", headers={"Cache-Control": delivery.PRIVATE}
    )

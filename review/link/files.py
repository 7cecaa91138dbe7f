"""Views that deliver a draft's files by a review link, where the draft uses them."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from courses.models import LessonPage
from courses.public import tracks
from library import delivery, renditions
from library.models import CustomDocument, CustomImage, Video
from review.link import link_preview, links
from review.link.guard import by_link
from review.models import ReviewLink


@require_safe
@by_link
def picture(request: HttpRequest, link: ReviewLink, *, page_id: int, image_id: int, width: int) -> HttpResponse:
    image = _used(link, page_id, CustomImage, image_id)
    content = link_preview.picture(image, width=width) if width in renditions.BODY_WIDTHS else None
    if content is None:
        raise links.NotCovered
    return HttpResponse(content, content_type="image/webp")


@require_safe
@by_link
def video(request: HttpRequest, link: ReviewLink, *, page_id: int, video_id: int) -> HttpResponseBase:
    found = _used(link, page_id, Video, video_id)
    return delivery.play(request, found.file, content_type=found.mime, cache=delivery.PRIVATE)


@require_safe
@by_link
def document(
    request: HttpRequest, link: ReviewLink, *, page_id: int, document_id: int, filename: str
) -> HttpResponseBase:
    found = _used(link, page_id, CustomDocument, document_id)
    return delivery.send(
        request,
        found.file,
        content_type=found.content_type,
        cache=delivery.PRIVATE,
        download_as=found.filename,
    )


@require_safe
@by_link
def captions(request: HttpRequest, link: ReviewLink, *, page_id: int, language: str) -> HttpResponse:
    draft = link_preview.one(link, page_id).draft()
    file = isinstance(draft, LessonPage) and tracks.captions(draft, language, as_text="text" in request.GET)
    if not file:
        raise links.NotCovered
    return file


@require_safe
@by_link
def chapters(request: HttpRequest, link: ReviewLink, *, page_id: int) -> HttpResponse:
    draft = link_preview.one(link, page_id).draft()
    file = isinstance(draft, LessonPage) and tracks.chapters(draft)
    if not file:
        raise links.NotCovered
    return file


def _used[Medium: (CustomImage, CustomDocument, Video)](
    link: ReviewLink, page_id: int, kind: type[Medium], medium_id: int
) -> Medium:
    shown, found = link_preview.one(link, page_id), kind.objects.filter(id=medium_id).first()
    if found is None or not shown.uses(found):
        raise links.NotCovered
    return found

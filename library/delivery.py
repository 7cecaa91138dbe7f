"""How a file leaves: after the decision, with byte ranges, HEAD and conditional requests."""

from pathlib import Path

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpRequest, HttpResponseBase
from wagtail.models import Page, ReferenceIndex
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import MissingFileError, StaticFile

PRIVATE = "private, no-store"
REVALIDATE = "public, max-age=0, must-revalidate"
FOREVER = "public, max-age=31536000, immutable"


def send(request: HttpRequest, path: Path, *, content_type: str, cache: str, download_as: str = "") -> HttpResponseBase:
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
    try:
        file = StaticFile(str(path), headers=list(headers.items()))
    except (MissingFileError, OSError, ValueError) as error:
        raise Http404 from error
    response: HttpResponseBase = WhiteNoiseMiddleware.serve(file, request)
    if download_as:
        response["Content-Disposition"] = content_disposition(download_as)
    return response


def content_disposition(name: str) -> str:
    from django.utils.http import content_disposition_header

    return content_disposition_header(as_attachment=True, filename=name) or "attachment"


def uses(page: Page, media: Model) -> bool:
    """Whether the live page shows this picture, video or document, so that the page's decision covers it.

    Read from the page itself, not from the stored index: that one is brought up to date by the worker, and a page
    just published would show gaps.
    """
    target = (ContentType.objects.get_for_model(media).pk, str(media.pk))
    references = ReferenceIndex._extract_references_from_object(page)
    return any((type_id, object_id) == target for type_id, object_id, *_ in references)


def pages_using(media: Model) -> list[Page]:
    """The live pages that show this, by the stored index."""
    content_type = ContentType.objects.get_for_model(media)
    page_type = ContentType.objects.get_for_model(Page)
    ids = ReferenceIndex.objects.filter(
        to_content_type=content_type, to_object_id=str(media.pk), base_content_type=page_type
    ).values_list("object_id", flat=True)
    return [page for page in Page.objects.live().filter(pk__in={int(pk) for pk in ids}).specific() if uses(page, media)]


def path_of(file: FieldFile) -> Path:
    if not file:
        raise Http404
    return Path(file.path)

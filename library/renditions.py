"""Renditions: images in the sizes pages show. They are made at publish; showing a page makes and writes nothing."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from wagtail.images.models import Filter, SourceImageIOError

from library import cloudinary
from library.models import CustomImage, CustomRendition
from wagtail_cloudinary.images import CloudinaryRendition

CARD = "fill-800x450|format-webp|webpquality-80"
COVER = "fill-1600x900|format-webp|webpquality-80"
BODY_WIDTHS = (480, 960, 1600)


@dataclass(frozen=True, kw_only=True)
class Unmade:
    """An image on its way to being published: its URL is the gated view's, which makes the size for staff."""

    url: str
    width: int
    height: int


def body(width: int) -> str:
    return f"width-{width}|format-webp|webpquality-85"


BODY = tuple(body(width) for width in BODY_WIDTHS)


def prepare(images: Iterable[CustomImage], specs: Iterable[str]) -> None:
    """Make the renditions that are missing. A file that cannot be read is left out: the page shows its fallback."""
    specs = tuple(specs)
    for image in images:
        try:
            image.get_renditions(*specs)
        except (SourceImageIOError, OSError):
            continue


def missing(images: Iterable[CustomImage], *specs: str) -> list[CustomImage]:
    """Those of which a size was not made yet, or not since their focal point moved; in one query."""
    images = list(images)
    prefetch(images, *specs)
    return [image for image in images if not all(find(image, spec) for spec in specs)]


def find(image: CustomImage | None, spec: str) -> CustomRendition | CloudinaryRendition | None:
    """The rendition as it is, or None; costs no query after `prefetch`."""
    if image is None:
        return None
    rendition: CustomRendition | CloudinaryRendition | None
    try:
        rendition = image.find_existing_rendition(Filter(spec=spec))
    except CustomRendition.DoesNotExist:
        rendition = None
    return rendition


def read(rendition: CustomRendition | CloudinaryRendition) -> bytes:
    """OSError when it cannot be read, wherever it is stored."""
    if isinstance(rendition, CloudinaryRendition):
        return cloudinary.picture(rendition.file)
    with rendition.file.open() as file:
        return bytes(file.read())


def prefetch(images: Iterable[CustomImage | None], *specs: str) -> None:
    """Load these renditions of all these images in one query; in none where their URL says the size."""
    known = [image for image in images if image is not None and not image.is_on_cloudinary]
    queryset: QuerySet[CustomRendition] = CustomRendition.objects.filter(filter_spec__in=specs)
    prefetch_related_objects(known, Prefetch("renditions", queryset=queryset, to_attr="prefetched_renditions"))


def unmade(image: CustomImage, *, url_of: Callable[[int], str]) -> Unmade:
    """`url_of` gives the URL of a width."""
    width = BODY_WIDTHS[1]
    return Unmade(url=url_of(width), width=width, height=round(image.height * width / image.width))

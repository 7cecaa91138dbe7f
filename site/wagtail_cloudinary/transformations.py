"""What Wagtail's filter specs mean at Cloudinary.

Sizes and crops are computed by Wagtail's own operations, so that an image is cut exactly as Wagtail would cut it.
Cloudinary's rules: "Transformation URL API reference".
"""

from dataclasses import dataclass

from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.image_operations import (
    AvifQualityOperation,
    BackgroundColorOperation,
    DoNothingOperation,
    FillOperation,
    FormatOperation,
    JPEGQualityOperation,
    MinMaxOperation,
    ScaleOperation,
    WebPQualityOperation,
    WidthHeightOperation,
)
from wagtail.images.models import Filter
from wagtail.images.rect import Rect
from wagtail.images.utils import to_svg_safe_spec

from wagtail_cloudinary.names import FORMATS

BY_BROWSER = "f_auto,q_auto"
WHITE = "b_rgb:ffffff"
WITH_ALPHA = frozenset({"png", "webp", "gif", "avif", "svg", "ico", "tif"})
QUALITIES = {JPEGQualityOperation: "jpg", WebPQualityOperation: "webp", AvifQualityOperation: "avif"}
RESIZING = (FillOperation, MinMaxOperation, WidthHeightOperation, ScaleOperation)


@dataclass(frozen=True)
class Transformation:
    """What Cloudinary does to an image, the extension of its URL, and the size in pixels that comes out."""

    steps: str
    format: str
    width: int
    height: int


@dataclass(frozen=True)
class _Subject:
    """The part of Wagtail's image model that its operations ask for."""

    width: int
    height: int
    focal_point: Rect | None
    svg: bool

    def is_svg(self) -> bool:
        return self.svg

    def get_focal_point(self) -> Rect | None:
        return self.focal_point


def transformation(
    spec: str | Filter,
    *,
    width: int,
    height: int,
    format: str,  # noqa: A002
    focal_point: Rect | None = None,
) -> Transformation:
    """What a Wagtail filter spec means at Cloudinary, and the size it gives; see `addresses.image_url`."""
    original = FORMATS.get(format, format)
    wagtail_filter = _without_preserve_svg(spec, is_svg=original == "svg")
    subject = _Subject(width, height, focal_point, original == "svg")
    transform = wagtail_filter.get_transform(subject)
    whole = Rect(0, 0, width, height)
    rect = transform.get_rect().round().move_to_clamp(whole)
    steps = []
    if rect != whole:
        steps.append(f"c_crop,g_north_west,h_{rect.height},w_{rect.width},x_{rect.left},y_{rect.top}")
    size = (max(1, round(transform.size[0])), max(1, round(transform.size[1])))
    if size != (rect.width, rect.height):
        steps.append(f"c_scale,h_{size[1]},w_{size[0]}")
    output, look = _look(wagtail_filter, original=original, is_cut=rect != whole)
    return Transformation("/".join([*steps, *look]), output, *size)


def _without_preserve_svg(spec: str | Filter, *, is_svg: bool) -> Filter:
    """As AbstractImage.clean_filter_for_svg does."""
    text = str(spec.spec if isinstance(spec, Filter) else spec)
    parts = text.split("|")
    if "preserve-svg" not in parts:
        return spec if isinstance(spec, Filter) else Filter(spec=text)
    parts = [part for part in parts if part != "preserve-svg"]
    if not parts:
        raise InvalidFilterSpecError("'preserve-svg' says nothing by itself; name a size, or 'original'.")
    return Filter(spec=to_svg_safe_spec(parts) if is_svg else "|".join(parts))


def _look(wagtail_filter: Filter, *, original: str, is_cut: bool) -> tuple[str, list[str]]:
    """The ending to ask for, and the steps after the size: background, format and quality."""
    named, lossless, background = "", False, ""
    qualities: dict[str, int] = {}
    for operation in wagtail_filter.operations:
        if isinstance(operation, FormatOperation):
            named, lossless = FORMATS.get(operation.format, operation.format), "lossless" in operation.options
        elif isinstance(operation, BackgroundColorOperation):
            background = "b_rgb:{:02x}{:02x}{:02x}".format(*operation.color)
        elif type(operation) in QUALITIES:
            qualities[QUALITIES[type(operation)]] = operation.quality
        elif not isinstance(operation, (*RESIZING, DoNothingOperation)):
            raise InvalidFilterSpecError(f"Cloudinary has no counterpart of the operation {operation.method!r}.")
    if original == "svg":
        return _look_of_svg(named, is_cut=is_cut)
    output = named or original
    if output == "jpg" and original in WITH_ALPHA:
        background = background or WHITE
    steps = [background] if background else []
    if lossless:
        return output, [*steps, "q_100"]
    if output in qualities:
        return output, [*steps, f"q_{qualities[output]}"]
    return output, [*steps, "q_auto" if named else BY_BROWSER]


def _look_of_svg(named: str, *, is_cut: bool) -> tuple[str, list[str]]:
    if named:
        raise InvalidFilterSpecError("An SVG is not turned into another format; add 'preserve-svg' to keep it.")
    # A drawing that is cut comes as pixels; a whole one as it was drawn, without scripts.
    return ("png", [BY_BROWSER]) if is_cut else ("svg", ["fl_sanitize"])

"""Addresses: what a filter spec means, and who may make one."""

import io
import time
import urllib.error
import urllib.request
from urllib.parse import parse_qs, urlsplit

import pytest
from cloudinary import utils
from django.core.files.base import ContentFile
from PIL import Image
from wagtail.images import get_image_model
from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.models import Filter
from wagtail.images.rect import Rect

from wagtail_cloudinary import addresses, conf, transformations
from wagtail_cloudinary.storage import CloudinaryStorage
from wagtail_cloudinary.tests.conftest import FOCAL_POINT, file, picture

ACCOUNT = conf.parse("cloudinary://key:made-up-secret@demo")
SIZES = [
    "original",
    "width-200",
    "width-5000",
    "height-100",
    "height-5000",
    "max-165x165",
    "max-300x100",
    "max-5000x5000",
    "min-300x100",
    "min-100x300",
    "min-5000x5000",
    "scale-50",
    "scale-33.3",
    "scale-150",
    "fill-200x200",
    "fill-800x450",
    "fill-200x200-c50",
    "fill-200x100-c100",
    "fill-50x300-c80",
    "width-333|fill-100x100",
    "fill-300x300|max-100x50",
]
FORMATS = ["format-webp", "format-jpeg", "format-png", "format-gif", "format-avif", "format-webp|webpquality-50"]


def fetched(address: str) -> Image.Image:
    with urllib.request.urlopen(address) as response:
        return Image.open(io.BytesIO(response.read()))


@pytest.mark.django_db
@pytest.mark.parametrize("focal_point", [{}, FOCAL_POINT])
@pytest.mark.parametrize("size", [(640, 427), (427, 641)])
def test_pictures_come_out_in_the_size_of_wagtails_own(
    public: CloudinaryStorage, size: tuple[int, int], focal_point: dict[str, int]
) -> None:
    if focal_point and size[0] < size[1]:
        focal_point = {**focal_point, "focal_point_x": 90, "focal_point_y": 420}
    content = picture(*size)
    image = get_image_model().objects.create(title="A", file=ContentFile(content, "a.png"), **focal_point)
    public.save("pictures/3f.png", file(content))
    own = image.get_renditions(*SIZES)

    for spec in SIZES:
        rect = image.get_focal_point()
        made = transformations.transformation(spec, width=size[0], height=size[1], format="png", focal_point=rect)
        assert (made.width, made.height) == (own[spec].width, own[spec].height), spec

        url = addresses.delivery_url(public.account, "pictures/3f", steps=made.steps, format=made.format)
        assert fetched(url).size == (made.width, made.height), spec


@pytest.mark.parametrize("spec", FORMATS)
def test_named_format_is_what_arrives(public: CloudinaryStorage, spec: str) -> None:
    public.save("pictures/3f.png", file(picture()))

    url = addresses.image_url(public.account, "pictures/3f", spec, width=640, height=427, format="png")

    assert fetched(url).format == spec.split("|", maxsplit=1)[0].removeprefix("format-").upper()


def test_crop_is_wagtails_to_the_pixel() -> None:
    focal_point = Rect.from_point(420, 90, 60, 40)
    image = get_image_model()(collection_id=1, width=640, height=427, **FOCAL_POINT)
    image.file.name = "a.png"

    for spec in ("fill-200x200", "fill-200x200-c50", "fill-200x100-c100", "fill-50x300-c80"):
        rect = Filter(spec=spec).get_transform(image).get_rect().round()
        made = transformations.transformation(spec, width=640, height=427, format="png", focal_point=focal_point)

        assert f"h_{rect.height},w_{rect.width},x_{rect.left},y_{rect.top}" in made.steps


@pytest.mark.parametrize(
    ("spec", "original", "steps", "ending"),
    [
        ("original", "jpg", "f_auto,q_auto", "jpg"),
        ("width-320", "jpg", "c_scale,h_213,w_320/f_auto,q_auto", "jpg"),
        ("fill-320x213", "jpeg", "c_scale,h_213,w_320/f_auto,q_auto", "jpg"),
        ("format-webp", "jpg", "q_auto", "webp"),
        ("format-webp|webpquality-80", "jpg", "q_80", "webp"),
        ("format-webp-lossless", "jpg", "q_100", "webp"),
        ("format-webp|jpegquality-80", "jpg", "q_auto", "webp"),
        ("jpegquality-40", "jpg", "q_40", "jpg"),
        ("jpegquality-40", "png", "f_auto,q_auto", "png"),
        ("format-avif|avifquality-30", "png", "q_30", "avif"),
        ("format-jpeg", "png", "b_rgb:ffffff/q_auto", "jpg"),
        ("format-jpeg|bgcolor-0f8", "png", "b_rgb:00ff88/q_auto", "jpg"),
        ("bgcolor-102030", "png", "b_rgb:102030/f_auto,q_auto", "png"),
        ("width-320|preserve-svg", "jpg", "c_scale,h_213,w_320/f_auto,q_auto", "jpg"),
        ("width-320|format-webp|preserve-svg", "svg", "c_scale,h_213,w_320/fl_sanitize", "svg"),
    ],
)
def test_spec_becomes_steps(spec: str, original: str, steps: str, ending: str) -> None:
    made = transformations.transformation(spec, width=640, height=427, format=original)

    assert (made.steps, made.format) == (steps, ending)


@pytest.mark.parametrize("spec", ["", "rotate-90", "width", "width-x", "fill-10", "format-bmp", "preserve-svg"])
def test_unknown_spec_is_wagtails_error(spec: str) -> None:
    with pytest.raises(InvalidFilterSpecError):
        transformations.transformation(spec, width=640, height=427, format="png")


def test_operation_that_only_pillow_can_do_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from wagtail.images.image_operations import FilterOperation

    class Sepia(FilterOperation):
        def construct(self) -> None: ...

    monkeypatch.setattr(Filter, "operations", [Sepia("sepia")])

    with pytest.raises(InvalidFilterSpecError, match="sepia"):
        transformations.transformation("sepia", width=640, height=427, format="png")


@pytest.mark.parametrize("public_id", ["pictures/3f", "bilder/größe ~1"])
@pytest.mark.parametrize("steps", ["", "c_scale,h_10,w_10/f_auto,q_auto"])
@pytest.mark.parametrize("delivery", ["upload", "authenticated"])
def test_addresses_are_those_of_the_sdk(delivery: str, steps: str, public_id: str) -> None:
    ours = addresses.delivery_url(ACCOUNT, public_id, delivery=delivery, steps=steps, format="png")

    theirs, _rest = utils.cloudinary_url(
        public_id,
        **ACCOUNT.options,
        type=delivery,
        raw_transformation=steps,
        format="png",
        sign_url=delivery == "authenticated",
        long_url_signature=True,
    )
    assert ours == theirs


@pytest.mark.parametrize("digest", ["sha1", "sha256"])
def test_expiring_addresses_are_those_of_the_sdk(digest: str, monkeypatch: pytest.MonkeyPatch) -> None:
    account = conf.parse(f"cloudinary://key:made-up-secret@demo?signature_algorithm={digest}")
    monkeypatch.setattr(utils, "now", lambda: "1000")

    ours = addresses.expiring_url(account, "films/9&a", resource_type="video", format="mp4", seconds=60, now=1000)

    theirs = utils.private_download_url(
        "films/9&a", "mp4", **account.options, resource_type="video", type="authenticated", expires_at=1060
    )
    assert ours.partition("?")[0] == theirs.partition("?")[0]
    assert parse_qs(urlsplit(ours).query) == parse_qs(urlsplit(theirs).query)


def test_signed_address_opens_that_size_and_no_other(private: CloudinaryStorage) -> None:
    private.save("pictures/3f.png", file(picture()))

    url = addresses.image_url(
        private.account, "pictures/3f", "width-320", width=640, height=427, format="png", delivery="authenticated"
    )

    assert fetched(url).size == (320, 213)
    for altered in (url.replace("w_320", "w_640"), url.replace("3f", "3e"), url.replace("s--", "s--A", 1)):
        with pytest.raises(urllib.error.HTTPError) as refusal:
            fetched(altered)
        assert refusal.value.code == 401
        refusal.value.close()


def test_short_signatures_are_understood_by_the_server(private: CloudinaryStorage) -> None:
    private.save("pictures/3f.png", file(picture()))
    url, _rest = utils.cloudinary_url(
        "pictures/3f",
        **{**private.account.options, "secure": False},
        cname=urlsplit(private.account.upload_prefix).netloc,
        type="authenticated",
        format="png",
        sign_url=True,
    )

    assert fetched(url).size == (640, 427)


def test_open_video_has_a_stream_and_one_file(public: CloudinaryStorage) -> None:
    public.save("films/9a.mp4", file(b"film"))

    with urllib.request.urlopen(addresses.stream_url(public.account, "films/9a")) as playlist:
        assert playlist.read().startswith(b"#EXTM3U")
    with urllib.request.urlopen(addresses.progressive_url(public.account, "films/9a")) as film:
        assert film.read() == b"film"
    assert "sp_auto" in addresses.stream_url(ACCOUNT, "films/9a")


def test_poster_is_an_image_of_its_own() -> None:
    url = addresses.poster_url(ACCOUNT, "posters/5c", format="jpg")

    assert url == f"https://{conf.SHARED_HOST}/demo/image/upload/f_auto,q_auto/v1/posters/5c.jpg"


def test_clock_is_used_where_no_time_is_given() -> None:
    url = addresses.expiring_url(ACCOUNT, "films/9a", resource_type="video", format="mp4", seconds=60)

    until = int(parse_qs(urlsplit(url).query)["expires_at"][0])
    assert 58 <= until - time.time() <= 61


def test_an_address_is_made_quickly() -> None:
    began = time.process_time()
    for _ in range(200):
        addresses.image_url(ACCOUNT, "pictures/3f", "fill-800x450", width=640, height=427, format="png")

    assert time.process_time() - began < 1

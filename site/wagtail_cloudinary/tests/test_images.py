"""Wagtail's own tags and views with images that Cloudinary resizes."""

import io
import urllib.request
from typing import Any

import pytest
from django.core.files.storage import DefaultStorage
from django.template import engines
from PIL import Image
from wagtail.images import get_image_model, models
from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.models import Filter

from stand_ins.cloudinary.server import Cloudinary
from wagtail_cloudinary.images import CloudinaryRendition
from wagtail_cloudinary.storage import CloudinaryStorage
from wagtail_cloudinary.tests.conftest import FOCAL_POINT, file, picture


@pytest.fixture
def shown(picture_model: type[Any], private: CloudinaryStorage, field_on: Any) -> Any:
    field_on(private)
    image = picture_model(id=7, collection_id=1, title="A <harbour>", width=640, height=427, **FOCAL_POINT)
    image.file.name = "original_images/3f.jpg"
    image.file.storage = private
    return image


@pytest.fixture
def _no_pillow(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: Any, **_options: Any) -> None:
        raise AssertionError("Pillow was asked")

    monkeypatch.setattr(Image, "open", refuse)
    monkeypatch.setattr(models.willow.Image, "open", refuse)


def rendered(template: str, **context: Any) -> str:
    return engines["django"].from_string("{% load wagtailimages_tags %}" + template).render(context)


@pytest.mark.usefixtures("_no_pillow")
@pytest.mark.parametrize(
    ("template", "addresses"),
    [
        ("{% image image fill-200x200 %}", 1),
        ("{% image image width-200 as made %}{{ made.attrs }} {{ made.file.url }}", 2),
        ("{% srcset_image image width-{100,200,400} format-webp sizes='100vw' %}", 4),
        ("{% picture image format-{avif,webp,jpeg} width-{100,200} %}", 7),
    ],
)
def test_tags_make_addresses_and_nothing_else(
    cloudinary: Cloudinary, shown: Any, template: str, addresses: int
) -> None:
    # Without the mark django_db, a query would be an error.
    html = rendered(template, image=shown)

    assert html.count("/demo/image/authenticated/s--") == addresses
    assert "A &lt;harbour&gt;" in html
    assert cloudinary.requests == []


def test_picture_offers_each_format(shown: Any) -> None:
    html = rendered("{% picture image format-{avif,webp,jpeg} width-{100,200} %}", image=shown)

    assert html.count("<source") == 2
    assert 'type="image/avif"' in html
    assert ".webp 100w, " in html
    assert 'width="100"' in html


@pytest.mark.usefixtures("_no_pillow")
def test_every_way_to_a_rendition_gives_the_same(cloudinary: Cloudinary, shown: Any) -> None:
    wanted = Filter(spec="fill-200x100-c50")

    made = shown.get_rendition("fill-200x100-c50")

    assert isinstance(made, CloudinaryRendition)
    assert shown.get_rendition(wanted) == made
    assert shown.get_renditions("fill-200x100-c50") == {wanted.spec: made}
    assert shown.find_existing_rendition(wanted) == made
    assert shown.find_existing_renditions(wanted) == {wanted: made}
    assert shown.create_rendition(wanted) == made
    assert shown.create_renditions(wanted) == {wanted: made}
    assert cloudinary.requests == []


def test_rendition_is_what_templates_expect(shown: Any, settings: Any) -> None:
    made = shown.get_rendition("fill-200x100")

    assert (made.width, made.height) == (200, 100)
    assert made.alt == "A <harbour>"
    assert made.full_url == made.url
    assert made.img_tag({"class": "cover"}).count('class="cover"') == 1
    assert made.__html__() == made.img_tag()
    assert made.background_position_style.startswith("background-position: ")
    assert str(made.file) == "original_images/3f.jpg|fill-200x100"


def test_default_storage_is_seen_through(shown: Any, settings: Any) -> None:
    options = {"BACKEND": "wagtail_cloudinary.storage.CloudinaryStorage", "OPTIONS": {"delivery": "upload"}}
    settings.STORAGES = {**settings.STORAGES, "default": options}
    shown.file.storage = DefaultStorage()

    assert "/demo/image/upload/c_scale," in shown.get_rendition("width-100").url


def test_context_of_a_block_is_respected(shown: Any) -> None:
    shown.contextual_alt_text = "The quay at dawn"
    assert shown.get_rendition("width-100").alt == "The quay at dawn"

    shown.decorative = True
    assert shown.get_rendition("width-100").alt == ""


def test_moved_focal_point_is_another_address(shown: Any) -> None:
    before = shown.get_rendition("fill-100x100-c50")

    shown.focal_point_x = 40

    after = shown.get_rendition("fill-100x100-c50")
    assert before.url != after.url
    assert before.focal_point_key != after.focal_point_key


@pytest.mark.parametrize("wanted", ["rotate-90", 5, "preserve-svg"])
def test_unknown_spec_is_wagtails_error(shown: Any, wanted: Any) -> None:
    with pytest.raises(InvalidFilterSpecError):
        shown.get_rendition(wanted)


def test_provider_that_is_down_breaks_no_page(cloudinary: Cloudinary, shown: Any) -> None:
    cloudinary.fault = "down"

    assert "<img" in rendered("{% image image width-100 %}", image=shown)


@pytest.mark.django_db
def test_picture_that_lies_elsewhere_is_left_to_wagtail(picture_model: type[Any]) -> None:
    image = get_image_model().objects.create(title="A", file=named())
    local = picture_model.objects.get(pk=image.pk)

    made = local.get_rendition("width-100")

    assert not local.is_on_cloudinary
    assert local.find_existing_rendition(Filter(spec="width-100")).pk == made.pk
    assert set(local.get_renditions("width-100", "width-50")) == {"width-100", "width-50"}


@pytest.mark.django_db
def test_photograph_taken_sideways_is_cut_as_it_is_seen(
    picture_model: type[Any], private: CloudinaryStorage, field_on: Any
) -> None:
    content = file(picture(640, 427, kind="JPEG", orientation=6))
    content.name = "a.jpg"
    local = get_image_model().objects.create(title="A", file=content)
    own = local.get_rendition("fill-200x300")
    field_on(private)
    content.seek(0)

    image = picture_model.objects.create(title="A", file=content)

    made = picture_model.objects.get(pk=image.pk).get_rendition("fill-200x300")
    assert (image.width, image.height) == (427, 640)
    with urllib.request.urlopen(made.url) as response:
        assert Image.open(io.BytesIO(response.read())).size == (own.width, own.height) == (made.width, made.height)


@pytest.mark.django_db
def test_listings_with_prefetched_renditions_work_without_rows(
    cloudinary: Cloudinary, picture_model: type[Any], field_on: Any, private: CloudinaryStorage
) -> None:
    field_on(private)
    get_image_model().objects.create(title="A", file=named())
    cloudinary.requests.clear()

    [image] = picture_model.objects.prefetch_renditions("max-165x165")
    made = image.get_rendition("max-165x165")

    assert image.is_on_cloudinary
    assert made.width == 165
    assert image.renditions.count() == 0
    assert cloudinary.requests == []


def named() -> Any:
    content = file(picture())
    content.name = "a.png"
    return content

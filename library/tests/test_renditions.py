"""Renditions: sizes of images, made when a page is published, found without a query."""

from typing import Any

from library import renditions
from library.models import CustomImage
from library.tests.factories import make_image, photograph


def test_picture_whose_file_is_lost_is_left_out(db: None) -> None:
    lost, found = make_image(), make_image()
    lost.file.storage.delete(lost.file.name)

    renditions.prepare([lost, found], [renditions.CARD])

    assert (lost.renditions.count(), found.renditions.count()) == (0, 1)


def test_picture_whose_file_is_no_picture_is_left_out(db: None) -> None:
    image = make_image()
    with image.file.storage.open(image.file.name, "wb") as file:
        file.write(b"not a picture")

    renditions.prepare([image], [renditions.CARD])

    assert image.renditions.count() == 0


def test_size_is_made_once(image: CustomImage) -> None:
    renditions.prepare([image, image], [renditions.CARD])
    renditions.prepare([CustomImage.objects.get()], [renditions.CARD])

    assert image.renditions.count() == 1


def test_size_that_was_not_made_is_not_found(image: CustomImage) -> None:
    assert renditions.find(image, renditions.CARD) is None


def test_no_picture_has_no_size() -> None:
    assert renditions.find(None, renditions.CARD) is None


def test_prefetched_sizes_are_found_without_a_query(db: None, django_assert_num_queries: Any) -> None:
    images = [make_image(), make_image()]
    renditions.prepare(images[:1], [renditions.CARD])
    images = list(CustomImage.objects.order_by("pk"))

    with django_assert_num_queries(1):
        renditions.prefetch([*images, None], renditions.CARD)
        found = [renditions.find(image, renditions.CARD) for image in images]

    assert [rendition is not None for rendition in found] == [True, False]


def test_metadata_of_a_photograph_stay_with_the_original(db: None) -> None:
    image = make_image(file=photograph())
    renditions.prepare([image], [renditions.CARD])
    rendition = renditions.find(image, renditions.CARD)

    assert rendition is not None
    assert b"canary" not in renditions.read(rendition)

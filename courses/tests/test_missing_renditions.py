"""Missing renditions are made without anybody asking."""

from collections.abc import Callable

import pytest
from django.core.files.base import ContentFile

from courses.editing import missing_renditions
from courses.models import CoursePage, LessonPage
from courses.tests.content import picture
from library import renditions
from library.models import CustomImage
from library.tests.factories import png

MakeCourse = Callable[..., CoursePage]


@pytest.fixture
def covered(make_course: MakeCourse, image: CustomImage) -> CustomImage:
    make_course(thumbnail=image)
    return image


@pytest.fixture
def pictured(open_lesson: LessonPage, image: CustomImage) -> CustomImage:
    open_lesson.body = [picture(image)]
    open_lesson.save_revision().publish()
    return image


def specs(image: CustomImage) -> set[str]:
    return set(image.renditions.values_list("filter_spec", flat=True))


def test_lost_sizes_of_a_lessons_picture_are_made_again(pictured: CustomImage) -> None:
    pictured.renditions.all().delete()

    missing_renditions.prepare_missing_pictures()

    assert specs(pictured) == set(renditions.BODY)


def test_lost_sizes_of_a_courses_picture_are_made_again(covered: CustomImage) -> None:
    covered.renditions.all().delete()

    missing_renditions.prepare_missing_pictures()

    assert specs(covered) == {renditions.CARD, renditions.COVER}


def test_one_lost_size_is_enough(pictured: CustomImage) -> None:
    pictured.renditions.get(filter_spec=renditions.BODY[-1]).delete()

    missing_renditions.prepare_missing_pictures()

    assert specs(pictured) == set(renditions.BODY)


def test_picture_cut_anew_gets_its_card(covered: CustomImage) -> None:
    covered.focal_point_x = covered.focal_point_y = 5
    covered.focal_point_width = covered.focal_point_height = 8
    covered.save()

    missing_renditions.prepare_missing_pictures()

    assert renditions.find(CustomImage.objects.get(), renditions.CARD) is not None


def test_picture_that_nothing_shows_is_left_alone(image: CustomImage) -> None:
    missing_renditions.prepare_missing_pictures()

    assert specs(image) == set()


def test_picture_of_an_unpublished_course_is_left_alone(covered: CustomImage) -> None:
    CoursePage.objects.get().unpublish()
    covered.renditions.all().delete()

    missing_renditions.prepare_missing_pictures()

    assert specs(covered) == set()


def test_file_that_cannot_be_read_does_not_stop_the_others(covered: CustomImage, make_course: MakeCourse) -> None:
    other = CustomImage.objects.create(title="Another", file=ContentFile(png(), "other.png"))
    make_course(thumbnail=other)
    for each in (covered, other):
        each.renditions.all().delete()
    covered.file.storage.delete(covered.file.name)

    missing_renditions.prepare_missing_pictures()

    assert (specs(covered), specs(other)) == (set(), {renditions.CARD, renditions.COVER})


def test_nothing_missing_makes_nothing(pictured: CustomImage) -> None:
    before = set(pictured.renditions.values_list("pk", flat=True))

    missing_renditions.prepare_missing_pictures()

    assert set(pictured.renditions.values_list("pk", flat=True)) == before

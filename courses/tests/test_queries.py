"""How many queries a page costs. A number that grows with the content is a defect; one that shrinks is welcome."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from wagtail.models import get_page_models

from access.policy import Level
from courses.models import CoursePage, LessonPage
from courses.tests.factories import TopicFactory
from library.models import CustomImage

MakeCourse = Callable[..., CoursePage]
MakeLesson = Callable[..., LessonPage]


@pytest.fixture(autouse=True)
def _content_types(db: None) -> None:
    """A process looks them up once; all else starts cold."""
    ContentType.objects.get_for_models(*get_page_models())


@pytest.fixture
def shelf(make_course: MakeCourse, make_lesson: MakeLesson, image: CustomImage) -> Callable[[int], None]:
    def fill(count: int) -> None:
        for _ in range(count):
            course = make_course(thumbnail=image)
            course.topics.add(TopicFactory())
            course.save()
            make_lesson(course)

    return fill


def test_home_page(client: Client, shelf: Callable[[int], None], django_assert_num_queries: Any) -> None:
    shelf(6)

    with django_assert_num_queries(12):
        assert client.get("/").status_code == 200


@pytest.mark.parametrize("count", [1, 12])
def test_catalogue_costs_the_same_for_one_course_and_for_twelve(
    client: Client, shelf: Callable[[int], None], django_assert_num_queries: Any, count: int
) -> None:
    shelf(count)

    with django_assert_num_queries(14):
        assert client.get("/courses/").status_code == 200


@pytest.mark.parametrize("count", [1, 12])
def test_course_page_costs_the_same_for_one_lesson_and_for_twelve(
    client: Client,
    make_course: MakeCourse,
    make_lesson: MakeLesson,
    image: CustomImage,
    django_assert_num_queries: Any,
    count: int,
) -> None:
    course = make_course(slug="open", thumbnail=image)
    for _ in range(count):
        make_lesson(course)

    with django_assert_num_queries(14):
        assert client.get("/courses/open/").status_code == 200


def test_open_lesson(client: Client, open_lesson: LessonPage, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(15):
        assert client.get("/courses/open/lesson/").status_code == 200


def test_gate(client: Client, email_lesson: LessonPage, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(13):
        assert client.get("/courses/gated/lesson/").status_code == 200


def test_email_lesson_as_its_learner(
    verified_learner: Client, email_lesson: LessonPage, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(17):
        assert verified_learner.get("/courses/gated/lesson/").status_code == 200


def test_paid_lesson_as_its_buyer(buyer: Client, paid_lesson: LessonPage, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(17):
        assert buyer.get("/courses/paid/lesson/").status_code == 200


@pytest.mark.parametrize("count", [1, 12])
def test_sitemap_costs_the_same_for_one_course_and_for_twelve(
    client: Client, shelf: Callable[[int], None], django_assert_num_queries: Any, count: int
) -> None:
    shelf(count)

    with django_assert_num_queries(3):
        assert client.get("/sitemap.xml").status_code == 200


@pytest.mark.parametrize("level", list(Level))
def test_restriction_of_a_lesson(
    make_course: MakeCourse, make_lesson: MakeLesson, level: Level, django_assert_num_queries: Any
) -> None:
    lesson = LessonPage.objects.get(pk=make_lesson(make_course(access=level)).pk)

    with django_assert_num_queries(2):
        lesson.restriction()

"""What search engines are told about."""

import re
from collections.abc import Callable

from django.test import Client

from access.policy import Level
from courses.models import CourseIndexPage, CoursePage, LessonPage
from courses.models.stage import Availability
from home.models import HomePage

MakeCourse = Callable[..., CoursePage]
MakeLesson = Callable[..., LessonPage]


def listed(client: Client) -> list[str]:
    """The paths in the sitemap."""
    return re.findall("<loc>http://testserver(.*?)</loc>", client.get("/sitemap.xml").content.decode())


def test_draft_course_is_not_named(client: Client, make_course: MakeCourse, make_lesson: MakeLesson) -> None:
    make_lesson(make_course(slug="draft", live=False))

    assert listed(client) == ["/", "/courses/"]


def test_draft_lesson_is_not_named(client: Client, make_course: MakeCourse, make_lesson: MakeLesson) -> None:
    make_lesson(make_course(slug="open"), live=False)

    assert listed(client) == ["/", "/courses/", "/courses/open/"]


def test_coming_soon_course_is_named_without_its_lessons(
    client: Client, make_course: MakeCourse, make_lesson: MakeLesson
) -> None:
    make_lesson(make_course(slug="soon", availability=Availability.COMING_SOON))

    assert listed(client) == ["/", "/courses/", "/courses/soon/"]


def test_orphan_is_not_named(client: Client, open_lesson: LessonPage, home_page: HomePage) -> None:
    LessonPage.objects.get(pk=open_lesson.pk).move(HomePage.objects.get(), pos="last-child")

    assert listed(client) == ["/", "/courses/", "/courses/open/"]


def test_locked_lesson_is_named_as_its_gate_is_public(
    client: Client, make_course: MakeCourse, make_lesson: MakeLesson
) -> None:
    make_lesson(make_course(slug="paid", access=Level.PURCHASE), slug="lesson")

    assert listed(client)[2:] == ["/courses/paid/", "/courses/paid/lesson/"]


def test_sitemap_without_a_catalogue_is_empty(client: Client, catalogue: CourseIndexPage) -> None:
    catalogue.unpublish()

    assert listed(client) == []

"""The sitemap: what search engines learn of."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from wagtail.models import Locale, Page

from access.policy import Level
from courses.models import CourseIndexPage, CoursePage, LessonPage
from courses.models.stage import Availability
from courses.public import sitemaps
from home.models import HomePage
from tests import plans

MakeCourse = Callable[..., CoursePage]
MakeLesson = Callable[..., LessonPage]


def listed(client: Client) -> list[str]:
    """The paths in all parts of the sitemap."""
    return [path for part in named(client, "/sitemap.xml") for path in named(client, part)]


def named(client: Client, path: str) -> list[str]:
    answer = client.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/xml")
    return re.findall("<loc>http://testserver(.*?)</loc>", answer.content.decode())


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


def test_translation_without_an_address_is_not_named(client: Client, make_course: MakeCourse) -> None:
    locale = Locale.objects.create(language_code="fr")
    make_course(slug="open").copy_for_translation(locale, copy_parents=True)
    Page.objects.filter(locale=locale).update(live=True)
    translated = CourseIndexPage.objects.get(locale=locale)

    assert translated.get_url() is None
    assert listed(client) == ["/", "/courses/", "/courses/open/"]
    assert client.get(f"/sitemap-{translated.pk}-1.xml").status_code == 404


def test_parts_follow_the_catalogues_order(
    client: Client, make_course: MakeCourse, make_lesson: MakeLesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemaps, "COURSES", 2)
    for number in range(1, 6):
        make_lesson(make_course(slug=f"c{number}", live=number not in (2, 3)), slug="lesson")
    make_course(slug="ünï")

    parts = named(client, "/sitemap.xml")

    assert [named(client, part) for part in parts] == [
        ["/", "/courses/"],
        ["/courses/c1/", "/courses/c1/lesson/"],
        ["/courses/c4/", "/courses/c4/lesson/", "/courses/c5/", "/courses/c5/lesson/"],
        ["/courses/%C3%BCn%C3%AF/"],
    ]


@pytest.mark.parametrize("part", ["1-1", "999999-0", "CATALOGUE-99999", f"CATALOGUE-{10**30}", f"{10**30}-1"])
def test_part_that_is_none_is_missing(client: Client, catalogue: CourseIndexPage, part: str) -> None:
    assert client.get(f"/sitemap-{part.replace('CATALOGUE', str(catalogue.pk))}.xml").status_code == 404


@pytest.mark.parametrize("courses", [1, 12])
def test_part_is_one_ordered_statement(
    client: Client, make_course: MakeCourse, make_lesson: MakeLesson, courses: int
) -> None:
    for number in range(courses):
        make_lesson(make_course(slug=f"c{number}"), slug="lesson")
    (_, part) = named(client, "/sitemap.xml")
    named(client, part)  # the site's root is kept from now on

    with plans.watched() as statements:
        assert len(named(client, part)) == 2 * courses

    listing = [
        each for each in statements if "ORDER BY" in each[0] and "coursepage" in each[0] and "LIMIT" not in each[0]
    ]
    assert len(listing) == 1
    assert len(statements) <= 3
    assert not plans.whole_reads(*listing[0])
    assert not [step for step in plans.plan(*listing[0]) if "TEMP B-TREE" in step]

"""The catalogue: what its cards show, what its filters find, and how it takes what nobody would type."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from access.policy import Level, Status
from conftest import CANARY
from courses.models import CourseIndexPage, CoursePage
from courses.models.stage import Availability
from courses.public import catalogue
from courses.tests.factories import TopicFactory
from library.models import CustomImage

MakeCourse = Callable[..., CoursePage]
MakeLesson = Callable[..., Any]


def titles(client: Client, **query: str) -> list[str]:
    """The titles on the catalogue's cards, in their order."""
    response = client.get("/courses/", query)
    assert response.status_code == 200
    return [heading.get_text(strip=True) for heading in BeautifulSoup(response.content, "html.parser").select("h3")]


# Stays shut


@pytest.mark.parametrize("query", [CANARY, "canary"])
def test_secret_words_of_a_lesson_find_nothing(client: Client, paid_lesson: Any, query: str) -> None:
    assert titles(client, q=query) == []


def test_secret_words_of_an_open_lesson_find_nothing(client: Client, open_lesson: Any) -> None:
    assert titles(client, q=CANARY) == []


def test_search_description_of_a_course_finds_nothing(client: Client, make_course: MakeCourse) -> None:
    make_course(search_description=CANARY)

    assert titles(client, q=CANARY) == []


def test_words_of_a_draft_edit_find_nothing(client: Client, make_course: MakeCourse) -> None:
    course = make_course(title="Hills")
    course.title = "Valleys"
    course.save_revision()

    assert titles(client, q="valleys") == []


def test_catalogue_holds_nothing_secret(client: Client, paid_lesson: Any) -> None:
    assert CANARY not in client.get("/courses/").content.decode()


def test_draft_course_is_not_listed(client: Client, make_course: MakeCourse) -> None:
    make_course(title="Draft", live=False)

    assert titles(client) == []


def test_draft_course_is_not_found_by_its_status(client: Client, make_course: MakeCourse) -> None:
    make_course(title="Draft", live=False)

    assert client.get("/courses/", {"status": "draft"}).status_code == 400


def test_draft_lessons_are_not_counted(client: Client, make_course: MakeCourse, make_lesson: MakeLesson) -> None:
    course = make_course()
    make_lesson(course, minutes=5)
    make_lesson(course, minutes=7, live=False)

    card = catalogue_cards(client)[0]

    assert (card.lesson_count, card.minutes) == (1, 5)


def catalogue_cards(client: Client) -> list[catalogue.CourseCard]:
    found: list[catalogue.CourseCard] = client.get("/courses/").context["cards"]
    return found


# Cards


def test_newest_course_stands_first(client: Client, make_course: MakeCourse) -> None:
    for title in ("First", "Second", "Third"):
        make_course(title=title).save_revision().publish()

    assert titles(client) == ["Third", "Second", "First"]


def test_card_says_what_everyone_may_know(client: Client, make_course: MakeCourse, make_lesson: MakeLesson) -> None:
    course = make_course(slug="hills", title="Hills", summary="About hills.", access=Level.EMAIL)
    course.topics.add(TopicFactory(name="Nature"))
    course.save()
    make_lesson(course, minutes=5)
    make_lesson(course, minutes=7)

    card = catalogue_cards(client)[0]

    assert (card.title, card.summary, card.url) == ("Hills", "About hills.", "/courses/hills/")
    assert (card.level, card.status, card.topics) == (Level.EMAIL, Status.PUBLISHED, ["Nature"])
    assert (card.lesson_count, card.minutes) == (2, 12)


def test_coming_soon_course_is_listed_as_such(client: Client, make_course: MakeCourse) -> None:
    make_course(availability=Availability.COMING_SOON)

    assert catalogue_cards(client)[0].status is Status.COMING_SOON


def test_card_shows_the_picture_made_at_publish(client: Client, make_course: MakeCourse, image: CustomImage) -> None:
    make_course(thumbnail=image, thumbnail_alt="A hill")

    picture = catalogue_cards(client)[0].picture

    assert picture is not None
    assert (picture.width, picture.height) == (64, 36)  # never larger than the original


def test_card_without_a_picture_has_a_pattern(client: Client, make_course: MakeCourse) -> None:
    make_course()

    card = catalogue_cards(client)[0]

    assert card.picture is None
    assert card.fallback in range(catalogue.FALLBACKS)


def test_second_page_shows_what_the_first_left(client: Client, make_course: MakeCourse) -> None:
    for _ in range(catalogue.PER_PAGE + 1):
        make_course()

    assert len(titles(client, page="2")) == 1


# Filters


@pytest.fixture
def shelf(make_course: MakeCourse) -> None:
    course = make_course(title="Open hills", access=Level.ANYONE)
    course.topics.add(TopicFactory(slug="nature", name="Nature"))
    course.save()
    make_course(title="Paid valleys", access=Level.PURCHASE, availability=Availability.COMING_SOON)


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ({"q": "HÏLLS open"}, "Open hills"),
        ({"q": "nature"}, "Open hills"),
        ({"topic": "nature"}, "Open hills"),
        ({"access": "anyone"}, "Open hills"),
        ({"access": "purchase"}, "Paid valleys"),
        ({"status": "published"}, "Open hills"),
        ({"status": "coming_soon"}, "Paid valleys"),
        ({"q": "valleys", "access": "purchase", "status": "coming_soon", "page": "1"}, "Paid valleys"),
    ],
)
def test_filter_finds_the_course_it_asks_for(client: Client, shelf: None, query: dict[str, str], title: str) -> None:
    assert titles(client, **query) == [title]


@pytest.mark.parametrize("query", [{}, {"q": ""}, {"topic": ""}, {"page": ""}, {"utm_source": "elsewhere"}])
def test_empty_filter_finds_everything(client: Client, shelf: None, query: dict[str, str]) -> None:
    assert len(titles(client, **query)) == 2


def test_filters_are_anded(client: Client, shelf: None) -> None:
    assert titles(client, topic="nature", access="purchase") == []


def test_renamed_topic_is_found_by_its_new_name(client: Client, make_course: MakeCourse) -> None:
    course = make_course(title="Hills")
    topic = TopicFactory(name="Nature")
    course.topics.add(topic)
    course.save()
    topic.name = "Landscape"
    topic.save()

    assert titles(client, q="landscape") == ["Hills"]


# Values that nobody offers


@pytest.mark.parametrize(
    "query",
    [
        {"topic": "unknown"},
        {"topic": "a\0b"},
        {"topic": "x" * 10_000},
        {"access": "everyone"},
        {"access": "ANYONE"},
        {"status": "draft"},
        {"status": "live"},
        {"page": "0"},
        {"page": "-1"},
        {"page": "2"},
        {"page": "1e309"},
        {"page": "9" * 5_000},
        {"page": "one"},
        {"page": "\0"},
        {"q": "x" * 101},
        {"q": "a\0b"},
        {"q": '"' * 5_000},
        {"q": "%" * 10_000},
    ],
)
def test_unknown_value_is_refused_with_one_way_back(
    client: Client, catalogue: CourseIndexPage, query: dict[str, str]
) -> None:
    response = client.get("/courses/", query)
    ways_back = BeautifulSoup(response.content, "html.parser").select("main a")

    assert response.status_code == 400
    assert [way["href"] for way in ways_back] == ["/courses/"]


@pytest.mark.parametrize(
    "query", ['"' * 100, "%", "_", "\\", "* OR *", "NEAR(", "ﷺ" * 100, "\ud83d\ude00", "' --", "\u202e"]
)
def test_odd_words_find_nothing_and_break_nothing(client: Client, make_course: MakeCourse, query: str) -> None:
    make_course()

    assert titles(client, q=query.encode("utf-8", "replace").decode()) == []


NAMES = st.one_of(st.sampled_from(["q", "topic", "access", "status", "page"]), st.text(max_size=8))
VALUES = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


@given(query=st.lists(st.tuples(NAMES, VALUES), max_size=6))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_query_string_breaks_the_catalogue(
    client: Client, catalogue: CourseIndexPage, query: list[tuple[str, str]]
) -> None:
    response = client.get(f"/courses/?{urlencode(query)}")

    assert response.status_code in {200, 400}


@given(raw=st.binary(max_size=60))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_in_a_query_break_the_catalogue(client: Client, catalogue: CourseIndexPage, raw: bytes) -> None:
    response = client.get("/courses/", QUERY_STRING="q=" + raw.decode("latin-1"))

    assert response.status_code in {200, 400}


# htmx


def test_htmx_is_given_the_results_alone(client: Client, catalogue: CourseIndexPage) -> None:
    response = client.get("/courses/", headers={"HX-Request": "true"})

    assert b"<html" not in response.content
    assert BeautifulSoup(response.content, "html.parser").select_one("#results")


def test_boosted_htmx_is_given_the_whole_page(client: Client, catalogue: CourseIndexPage) -> None:
    response = client.get("/courses/", headers={"HX-Request": "true", "HX-Boosted": "true"})

    assert b"<html" in response.content


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_answer_says_that_it_varies_by_htmx(
    client: Client, catalogue: CourseIndexPage, headers: dict[str, str]
) -> None:
    response = client.get("/courses/", headers=headers)

    assert "HX-Request" in response["Vary"]


def test_catalogue_sets_no_cookie(client: Client, catalogue: CourseIndexPage) -> None:
    assert not client.get("/courses/").cookies

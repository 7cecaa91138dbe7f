"""Folding text, and asking for every word of a query."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.content import search_text
from courses.models import CoursePage

MakeCourse = Callable[..., CoursePage]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Café CRÈME", "cafe creme"),
        ("Straße", "strasse"),
        ("ﬁle  name\t", "file name"),
        ("a\0b", "a b"),
        ("ÅNGSTRÖM", "angstrom"),
        ("", ""),
    ],
)
def test_folding_makes_alike_what_reads_alike(text: str, folded: str) -> None:
    assert search_text.fold(text) == folded


@given(st.text())
@settings(deadline=None)
def test_folding_twice_changes_nothing_more(text: str) -> None:
    once = search_text.fold(text)

    assert search_text.fold(once) == once


@given(st.text())
@settings(deadline=None)
def test_folded_text_holds_no_nul(text: str) -> None:
    assert "\0" not in search_text.fold(f"{text}\0")


def found(query: str) -> list[str]:
    return [course.slug for course in CoursePage.objects.filter(search_text.matches(query, field="search_text"))]


@pytest.fixture
def course(make_course: MakeCourse) -> CoursePage:
    return make_course(slug="hills", title="Über 100% of hills_", summary="A crème brûlée on top.")


@pytest.mark.parametrize("query", ["uber", "ÜBER hills", "brulee", "crem", "100%", "hills_", ""])
def test_every_word_of_the_query_is_found_anywhere(course: CoursePage, query: str) -> None:
    assert found(query) == ["hills"]


@pytest.mark.parametrize("query", ["valleys", "uber valleys", "h%s", "hill__", "\\", '"'])
def test_a_word_that_is_not_there_finds_nothing(course: CoursePage, query: str) -> None:
    assert found(query) == []


def test_words_past_the_eighth_do_not_count(course: CoursePage) -> None:
    assert found("uber of hills a creme brulee on top valleys") == ["hills"]


def test_characters_past_the_hundredth_do_not_count(course: CoursePage) -> None:
    assert found("uber" + " " * 100 + "valleys") == ["hills"]

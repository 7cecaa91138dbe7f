"""The front page, and the words that are on every page."""

from collections.abc import Callable
from typing import Any

from bs4 import BeautifulSoup
from django.test import Client
from wagtail.models import Site

from conftest import CANARY
from courses.models import CoursePage
from courses.models.stage import Availability
from courses.public import catalogue as cards
from home.models import BrandSettings, HomePage

MakeCourse = Callable[..., CoursePage]


def titles(client: Client) -> list[str]:
    soup = BeautifulSoup(client.get("/").content, "html.parser")
    return [heading.get_text(strip=True) for heading in soup.select("h3")]


def test_front_page_lists_no_draft(client: Client, make_course: MakeCourse) -> None:
    make_course(live=False)

    assert titles(client) == []


def test_front_page_holds_nothing_secret(client: Client, paid_lesson: Any) -> None:
    assert CANARY not in client.get("/").content.decode()


def test_front_page_sets_what_may_be_read_before_what_is_to_come(client: Client, make_course: MakeCourse) -> None:
    make_course(title="Later", availability=Availability.COMING_SOON)
    make_course(title="Now")

    assert titles(client) == ["Now", "Later"]


def test_front_page_lists_a_few_courses_only(client: Client, make_course: MakeCourse) -> None:
    for _ in range(cards.ON_HOME_PAGE + 1):
        make_course()

    assert len(titles(client)) == cards.ON_HOME_PAGE


def test_front_page_of_a_new_site_says_that_courses_will_come(client: Client, home_page: HomePage) -> None:
    assert "The first course is being written" in client.get("/").content.decode()


def test_brand_stands_on_every_page(client: Client, home_page: HomePage) -> None:
    BrandSettings.objects.create(site=Site.objects.get(), site_name="Night school", footer_text="<b>Open late</b>")

    for address in ("/", "/courses/", "/missing/", "/access/session/"):
        shown = client.get(address).content.decode()
        assert "Night school" in shown
        assert "&lt;b&gt;Open late" in shown

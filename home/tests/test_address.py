"""Wagtail's default site follows SITE_URL."""

from typing import Any

import pytest
from django.core.management import call_command
from wagtail.models import Site

from home import site_url
from home.models import HomePage


@pytest.mark.parametrize(
    ("url", "hostname", "port"),
    [
        ("http://localhost:8000", "localhost", 8000),
        ("https://courses.example.org", "courses.example.org", 443),
        ("http://courses.example.org", "courses.example.org", 80),
        ("https://Courses.Example.org:8443", "courses.example.org", 8443),
    ],
)
def test_default_site_follows_the_one_truth(db: None, settings: Any, url: str, hostname: str, port: int) -> None:
    settings.SITE_URL = url

    site_url.sync()

    site = Site.objects.get(is_default_site=True)
    assert (site.hostname, site.port) == (hostname, port)


def test_links_follow_at_once(home_page: HomePage, settings: Any) -> None:
    assert home_page.full_url.startswith("http://localhost:8000")
    settings.SITE_URL = "https://courses.example.org"

    site_url.sync()

    assert HomePage.objects.get().full_url == "https://courses.example.org/"


def test_site_that_is_right_is_not_written(db: None, django_assert_num_queries: Any) -> None:
    site_url.sync()

    with django_assert_num_queries(1):
        site_url.sync()


def test_other_sites_are_left_alone(home_page: HomePage, settings: Any) -> None:
    Site.objects.create(hostname="other.test", root_page=home_page)
    settings.SITE_URL = "https://courses.example.org"

    site_url.sync()

    assert Site.objects.filter(hostname="other.test").exists()


def test_migrate_brings_the_site_up_to_date(db: None, settings: Any) -> None:
    settings.SITE_URL = "https://courses.example.org"

    call_command("migrate", verbosity=0)

    assert Site.objects.get(is_default_site=True).hostname == "courses.example.org"

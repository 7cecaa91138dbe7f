"""A new site starts with a front page and a catalogue, and one that is somebody's own is left alone."""

import importlib

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import StateApps
from django.test import Client
from wagtail.models import Page, Site

from home.models import HomePage

first_pages = importlib.import_module("home.migrations.0002_front_page_and_catalogue")


def test_new_site_has_a_front_page_and_a_catalogue(client: Client, db: None) -> None:
    assert [client.get(address).status_code for address in ("/", "/courses/")] == [200, 200]


def test_tree_of_a_new_site_is_sound(db: None) -> None:
    assert not any(Page.find_problems())


@pytest.fixture
def then(db: None) -> StateApps:
    """The models as they were when the first pages were made."""
    node = ("home", "0002_front_page_and_catalogue")
    return MigrationExecutor(connection).loader.project_state([node]).apps


def test_first_pages_can_be_taken_back(then: StateApps) -> None:
    first_pages.remove(then, None)

    assert [page.title for page in Page.objects.filter(depth=2)] == ["Welcome to your new Wagtail site!"]
    assert not any(Page.find_problems())


def test_first_pages_can_be_made_again(then: StateApps) -> None:
    first_pages.remove(then, None)

    first_pages.create(then, None)

    assert HomePage.objects.get() == Site.objects.get(is_default_site=True).root_page.specific
    assert not any(Page.find_problems())


def test_site_of_somebodys_own_is_left_alone(then: StateApps) -> None:
    first_pages.create(then, None)

    assert (HomePage.objects.count(), Site.objects.count()) == (1, 1)


def test_no_migration_is_missing(db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)

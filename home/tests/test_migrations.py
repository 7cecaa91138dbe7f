"""A new site starts with a front page and a catalogue, and one that is somebody's own is left alone."""

import pytest
from django.core.management import call_command
from django.test import Client
from wagtail.models import Page, Site


def test_new_site_has_a_front_page_and_a_catalogue(client: Client, db: None) -> None:
    assert [client.get(address).status_code for address in ("/", "/courses/")] == [200, 200]


def test_tree_of_a_new_site_is_sound(db: None) -> None:
    assert not any(Page.find_problems())


@pytest.mark.django_db(transaction=True)
def test_first_pages_can_be_taken_back_and_made_again() -> None:
    call_command("migrate", "home", "0001", verbosity=0)
    call_command("migrate", "home", verbosity=0)

    assert not any(Page.find_problems())
    assert Site.objects.get(is_default_site=True).root_page.slug == "home"


def test_no_migration_is_missing(db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)

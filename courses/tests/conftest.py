"""Fixtures for courses: staff in front of the admin, media, and a second language."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from wagtail.models import Locale

from library.models import CustomDocument, CustomImage, Video
from library.tests import factories


@pytest.fixture
def make_staff(db: None) -> Callable[[str], Client]:
    """A browser in which a member of this group of Wagtail's is logged in."""

    def make(group: str) -> Client:
        user = get_user_model().objects.create_user(group.lower(), f"{group}@example.org", "x")
        user.groups.add(Group.objects.get(name=group))
        client = Client()
        client.force_login(user)
        return client

    return make


@pytest.fixture
def editor(make_staff: Callable[[str], Client]) -> Client:
    return make_staff("Editors")


@pytest.fixture
def moderator(make_staff: Callable[[str], Client]) -> Client:
    return make_staff("Moderators")


@pytest.fixture
def image(db: None) -> CustomImage:
    return factories.make_image()


@pytest.fixture
def document(db: None) -> CustomDocument:
    return factories.make_document()


@pytest.fixture
def video(db: None) -> Video:
    return factories.make_video()


@pytest.fixture
def french(db: None, settings: Any) -> Locale:
    settings.WAGTAIL_I18N_ENABLED = True
    settings.WAGTAIL_CONTENT_LANGUAGES = settings.LANGUAGES = [("en", "English"), ("fr", "Français")]
    locale: Locale = Locale.objects.create(language_code="fr")
    return locale

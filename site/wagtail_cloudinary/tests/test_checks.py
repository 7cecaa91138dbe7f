"""The system checks."""

from typing import Any

import pytest
from django.core import checks

from wagtail_cloudinary.checks import check_account, check_private_storages

BACKEND = "wagtail_cloudinary.storage.CloudinaryStorage"
URL = "cloudinary://key:made-up-secret@demo"


def found() -> list[str | None]:
    return [message.id for message in [*check_account(), *check_private_storages()]]


def test_site_without_cloudinary_is_sound() -> None:
    assert found() == []


def test_sound_account_and_storages(settings: Any) -> None:
    settings.CLOUDINARY_URL = URL
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": BACKEND, "OPTIONS": {"delivery": "upload"}},
        "private": {"BACKEND": BACKEND},
    }

    assert found() == []


@pytest.mark.parametrize("url", ["cloudinary://key@demo", "https://cloudinary.test"])
def test_broken_account_is_an_error(settings: Any, url: str) -> None:
    settings.CLOUDINARY_URL = url

    assert found() == ["wagtail_cloudinary.E001"]


def test_storage_without_an_account_is_an_error(settings: Any) -> None:
    settings.STORAGES = {**settings.STORAGES, "private": {"BACKEND": BACKEND}}

    assert found() == ["wagtail_cloudinary.E001"]


@pytest.mark.parametrize(
    ("alias", "delivery", "error"),
    [
        ("private", "upload", "wagtail_cloudinary.E003"),
        ("private", "private", "wagtail_cloudinary.E002"),
        ("default", "private", "wagtail_cloudinary.E002"),
    ],
)
def test_private_files_open_to_anyone_are_an_error(settings: Any, alias: str, delivery: str, error: str) -> None:
    settings.CLOUDINARY_URL = URL
    settings.STORAGES = {**settings.STORAGES, alias: {"BACKEND": BACKEND, "OPTIONS": {"delivery": delivery}}}

    assert found() == [error]


def test_site_names_its_own_private_storages(settings: Any) -> None:
    settings.CLOUDINARY_URL = URL
    settings.CLOUDINARY_PRIVATE_STORAGES = ["papers"]
    settings.STORAGES = {**settings.STORAGES, "papers": {"BACKEND": BACKEND, "OPTIONS": {"delivery": "upload"}}}

    assert found() == ["wagtail_cloudinary.E003"]


def test_checks_are_registered() -> None:
    assert {check_account, check_private_storages} <= set(checks.registry.registry.get_checks())

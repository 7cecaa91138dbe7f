"""System checks: the account can be read, and private files are delivered to nobody without a signature."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import storages
from django.utils.module_loading import import_string

from wagtail_cloudinary import addresses, conf
from wagtail_cloudinary.storage import CloudinaryStorage

# The aliases in STORAGES whose files are not for everyone; a site names its own in CLOUDINARY_PRIVATE_STORAGES.
PRIVATE = ("private",)


@checks.register(checks.Tags.files)
def check_account(**_options: Any) -> list[checks.CheckMessage]:
    """CLOUDINARY_URL can be read, and is there where a storage needs it."""
    if not getattr(settings, "CLOUDINARY_URL", "") and not list(_on_cloudinary()):
        return []
    try:
        conf.account()
    except ImproperlyConfigured as error:
        return [checks.Error(str(error), id="wagtail_cloudinary.E001")]
    return []


@checks.register(checks.Tags.files)
def check_private_storages(**_options: Any) -> list[checks.CheckMessage]:
    """Private aliases use `authenticated`: of any other type, every size of a file is open to all who have its id."""
    found: list[checks.CheckMessage] = []
    private = getattr(settings, "CLOUDINARY_PRIVATE_STORAGES", PRIVATE)
    for alias, options in _on_cloudinary():
        delivery = options.get("delivery", addresses.AUTHENTICATED)
        if delivery not in {addresses.PUBLIC, addresses.AUTHENTICATED}:
            message = f"STORAGES[{alias!r}] delivers {delivery!r}, which is neither 'authenticated' nor 'upload'."
            found.append(checks.Error(message, id="wagtail_cloudinary.E002"))
        elif alias in private and delivery != addresses.AUTHENTICATED:
            message = f"STORAGES[{alias!r}] holds private files and is open to anyone."
            hint = "Set its option delivery to 'authenticated'."
            found.append(checks.Error(message, hint=hint, id="wagtail_cloudinary.E003"))
    return found


def _described() -> Mapping[str, Mapping[str, Any]]:
    return cast("Mapping[str, Mapping[str, Any]]", storages.backends)  # the stubs take it for storages


def _on_cloudinary() -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The aliases whose storage is ours, or made from it, and their options."""
    for alias, described in _described().items():
        backend = import_string(described["BACKEND"])
        if isinstance(backend, type) and issubclass(backend, CloudinaryStorage):
            yield alias, described.get("OPTIONS", {})

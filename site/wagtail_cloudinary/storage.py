"""A Django storage whose files are on Cloudinary."""

from pathlib import PurePosixPath
from typing import Any

from django.core.exceptions import ImproperlyConfigured, SuspiciousFileOperation
from django.core.files import File
from django.core.files.storage import Storage
from django.utils.deconstruct import deconstructible

from wagtail_cloudinary import addresses, client, conf, names
from wagtail_cloudinary.conf import Account
from wagtail_cloudinary.errors import ProviderError
from wagtail_cloudinary.names import Asset

DELIVERIES = (addresses.PUBLIC, addresses.AUTHENTICATED)
TRIES = 5


class SavesAheadMixin(Storage):
    """A storage that can be given a file before its row is saved, so that the form can still say that it failed."""

    def save_ahead(self, name: str, content: File[Any], *, max_length: int | None = None) -> str:
        """Store this content now. When `save` is asked to store this very object, it answers with the name it has."""
        stored = self.save(name, content, max_length=max_length)
        content.stored_ahead = stored  # type: ignore[attr-defined]
        return stored

    def forget_ahead(self, content: File[Any]) -> str:
        """The name under which this content was stored ahead, once; empty when it was not."""
        return vars(content).pop("stored_ahead", "")

    def _save(self, name: str, content: File[Any]) -> str:
        stored: str = self.forget_ahead(content) or super()._save(name, content)  # type: ignore[misc]
        return stored


@deconstructible
class CloudinaryStorage(SavesAheadMixin):
    """Files of the account in the setting CLOUDINARY_URL, under the names that the models hold.

    `delivery` is "authenticated" (nobody sees a file without a signed address) or "upload" (anybody may); Cloudinary's
    third type, "private", leaves every size of a private image open, and is refused. `resource_type` is "image",
    "video" or "raw", or left out to go by the extension. The account is no argument: Wagtail writes a storage's
    arguments into the row of a task.

    Files are never replaced. Give them random names: a name that is taken gets another, as on a disk.
    """

    def __init__(self, *, delivery: str = addresses.AUTHENTICATED, resource_type: str = "") -> None:
        if delivery not in DELIVERIES:
            raise ImproperlyConfigured("CloudinaryStorage delivers 'authenticated' or 'upload'.")
        if resource_type and resource_type not in names.RESOURCE_TYPES:
            raise ImproperlyConfigured("CloudinaryStorage holds 'image', 'video' or 'raw', or goes by the ending.")
        self.delivery = delivery
        self.resource_type = resource_type

    def __repr__(self) -> str:
        return f"CloudinaryStorage(delivery={self.delivery!r}, resource_type={self.resource_type!r})"

    @property
    def account(self) -> Account:
        return conf.account()

    def asset(self, name: str) -> Asset:
        """What the file is at Cloudinary; asks nobody."""
        return names.asset(name, resource_type=self.resource_type)

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """The name itself: whether it is taken is found out by uploading, which replaces nothing."""
        name = name.replace("\\", "/")
        self.asset(name)
        if max_length is not None and len(name) > max_length:
            raise SuspiciousFileOperation("The name of this file is too long to be stored.")
        return name

    def exists(self, name: str) -> bool:
        """Asks the Admin API, which allows few calls an hour."""
        return client.look_up(self.account, self.asset(name), delivery=self.delivery) is not None

    def size(self, name: str) -> int:
        """In bytes. Asks the Admin API, which allows few calls an hour."""
        found = client.look_up(self.account, self.asset(name), delivery=self.delivery)
        if found is None:
            raise FileNotFoundError(f"There is no {name} at Cloudinary.")
        size = found.get("bytes")
        if not isinstance(size, int):
            raise ProviderError("The media provider did not tell the size of the file.")
        return size

    def delete(self, name: str) -> None:
        """Remove the file, or note that it is to be removed where the provider fails; see `dropping`."""
        try:
            self.delete_now(name)
        except ProviderError:
            # Only here: fields ask for their storage while the models are still being loaded.
            from wagtail_cloudinary import deferred_deletion

            deferred_deletion.drop(self, name)

    def delete_now(self, name: str) -> None:
        """Remove the file, from the edge of the network too; one that is not there is removed already.

        ProviderError when that fails.
        """
        client.destroy(self.account, self.asset(name), delivery=self.delivery)

    def url(self, name: str | None) -> str:
        """The lasting address of a public file. An authenticated one has none: ValueError, as of a local private one.

        See `expiring_url` for those.
        """
        if self.delivery == addresses.AUTHENTICATED:
            raise ValueError("This file has no lasting address; ask for an expiring one.")
        asset = self.asset(name or "")
        return addresses.delivery_url(
            self.account, asset.public_id, resource_type=asset.resource_type, format=asset.format
        )

    def expiring_url(self, name: str, *, seconds: int, now: float | None = None) -> str:
        """An address of the original that works for so long; asks nobody, not even whether the file exists."""
        asset = self.asset(name)
        return addresses.expiring_url(
            self.account,
            asset.public_id,
            resource_type=asset.resource_type,
            format=asset.format,
            seconds=seconds,
            now=now,
            delivery=self.delivery,
        )

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        """Downloaded at once, so that a failure is met where Wagtail and Django expect it: on opening."""
        if mode not in {"rb", "r"}:
            raise ValueError("Files on Cloudinary are opened for reading only.")
        return File(client.download(self.account, self.asset(name), delivery=self.delivery), name)

    def _save(self, name: str, content: File[bytes]) -> str:
        if stored := self.forget_ahead(content):
            return stored
        for _ in range(TRIES):
            try:
                client.upload(self.account, self.asset(name), content, delivery=self.delivery)
            except client.Taken:
                path = PurePosixPath(name)
                name = str(path.with_name(self.get_alternative_name(path.stem, path.suffix)))
            else:
                return name
        raise ProviderError("Every name for this file is taken.")

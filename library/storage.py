"""File storage: public files that anybody may keep, private ones that only library.views delivers."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePath
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.utils.deconstruct import deconstructible

from wagtail_cloudinary.storage import SavesAheadMixin

ENDING = re.compile(r"\.[a-z0-9]{1,8}")


@deconstructible
class LocalStorage(SavesAheadMixin, FileSystemStorage):
    """Files on this machine. One that cannot be written whole, as on a full disk, leaves nothing behind."""

    def _save(self, name: str, content: File[Any]) -> str:
        path = Path(self.path(name))
        is_new = not path.exists()
        try:
            return super()._save(name, content)
        except OSError:
            if is_new:
                path.unlink(missing_ok=True)
            raise


@deconstructible
class PrivateStorage(LocalStorage):
    """Local files outside the public root. They have no address of their own."""

    def __init__(self) -> None:
        # Where nginx sends them (docs/deploying.md), its group reads them too.
        mode = 0o640 if settings.X_ACCEL_PREFIX else 0o600
        super().__init__(location=settings.PRIVATE_ROOT, base_url=None, file_permissions_mode=mode)


class TemporaryUploadHandler(TemporaryFileUploadHandler):
    """Large uploads wait in a file. Where the disk has no room for all of it, what is there goes at once."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        with self._whole_or_gone():
            super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> Any:
        with self._whole_or_gone():
            return super().file_complete(file_size)

    @contextmanager
    def _whole_or_gone(self) -> Iterator[None]:
        try:
            yield
        except OSError:
            with suppress(OSError):  # closing would first write what is left
                self.file.close()
            raise


def private() -> Storage:
    return storages["private"]


def random_name(folder: str, filename: str) -> str:
    """A path nobody can guess, and that says nothing of the file's title or page: 128 random bits and the ending."""
    ending = PurePath(filename).suffix.lower()
    return f"{folder}/{secrets.token_hex(16)}{ending if ENDING.fullmatch(ending) else ''}"

"""Where files lie: public ones anybody may keep, private ones that leave only through library.views."""

import re
import secrets
from pathlib import PurePath

from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.utils.deconstruct import deconstructible

ENDING = re.compile(r"\.[a-z0-9]{1,8}")


@deconstructible
class PrivateStorage(FileSystemStorage):
    """Local files outside the public root. They have no address of their own."""

    def __init__(self) -> None:
        # Where nginx sends them (docs/deploying.md), its group reads them too.
        mode = 0o640 if settings.X_ACCEL_PREFIX else 0o600
        super().__init__(location=settings.PRIVATE_ROOT, base_url=None, file_permissions_mode=mode)


def private() -> Storage:
    return storages["private"]


def random_name(folder: str, filename: str) -> str:
    """A path nobody can guess, and that says nothing of the file's title or page: 128 random bits and the ending."""
    ending = PurePath(filename).suffix.lower()
    return f"{folder}/{secrets.token_hex(16)}{ending if ENDING.fullmatch(ending) else ''}"

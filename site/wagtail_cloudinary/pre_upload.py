"""Pre-upload: store a file before its row is saved, while it can still be refused. Saving the row stores nothing."""

from dataclasses import dataclass
from typing import Any

from django.core.files import File
from django.db.models.fields.files import FieldFile

from wagtail_cloudinary import deferred_deletion
from wagtail_cloudinary.storage import CloudinaryStorage, SavesAheadMixin


@dataclass(frozen=True)
class Upload:
    """A file that is stored, and named by no row yet."""

    storage: SavesAheadMixin
    name: str
    content: File[Any]

    def take_back(self) -> None:
        self.storage.forget_ahead(self.content)
        self.storage.delete(self.name)


def ours(file: FieldFile) -> CloudinaryStorage | None:
    """The storage of a file where it is ours; Django's default_storage, a lazy shell, passes for what is in it."""
    storage: Any = file.storage
    return storage if isinstance(storage, CloudinaryStorage) else None


def is_waiting(file: Any) -> bool:
    """Whether saving its row would store it, and it can be stored before."""
    return bool(file) and not file._committed and isinstance(file.storage, SavesAheadMixin)


def upload(file: FieldFile) -> Upload:
    """Store a file that is waiting. It goes on waiting, with its content at hand; saving its row makes no call.

    OSError, of which ProviderError is one, when it cannot be stored. At Cloudinary the scheduler deletes it when its
    row is never saved, and also when it arrived after all though we gave it up.
    """
    storage: Any = file.storage
    content: File[Any] = file.file
    wanted = file.field.generate_filename(file.instance, file.name or "")
    if isinstance(storage, CloudinaryStorage):
        deferred_deletion.drop(storage, wanted, after=deferred_deletion.UNSAVED)
    return Upload(storage, storage.save_ahead(wanted, content, max_length=file.field.max_length), content)

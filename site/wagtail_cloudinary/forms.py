"""Forms that store files while they can still say that it failed: on Cloudinary, and in any SavesAheadMixin.

Put the mixin before Wagtail's own form:

    class ImageForm(StoredWhenValidMixin, BaseImageForm): ...
"""

import logging
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext as _

from wagtail_cloudinary import pre_upload
from wagtail_cloudinary.errors import ProviderError
from wagtail_cloudinary.storage import CloudinaryStorage

if TYPE_CHECKING:
    from django.forms import ModelForm

    _Base = ModelForm[Any]
else:
    _Base = object


logger = logging.getLogger(__name__)


class DeletingLater(CloudinaryStorage):
    """The storage of a file that is being replaced: it notes that it should be deleted.

    Some views delete the old file before the new row is saved. A row that is not saved would then name no file.
    """

    def __init__(self, storage: CloudinaryStorage) -> None:
        super().__init__(delivery=storage.delivery, resource_type=storage.resource_type)
        self.storage = storage
        self.names: set[str] = set()

    def delete(self, name: str) -> None:
        self.names.add(name)

    def settle(self) -> None:
        while self.names:
            self.storage.delete(self.names.pop())


class StoredWhenValidMixin(_Base):
    """A file that cannot be stored is an error of its field, and the form comes back with all that was typed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._before = {field.name: self._values(field) for field in self._file_fields()}
        self._uploads: list[pre_upload.Upload] = []
        self._replaced: list[DeletingLater] = []

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        waiting = [field for field in self._file_fields() if pre_upload.is_waiting(getattr(self.instance, field.name))]
        if not self.errors:
            self._upload(waiting)
        for field in waiting:
            if not self.errors:
                self._keep_until_saved(self._before[field.name][field.name])
            elif isinstance(field, models.ImageField):
                # The form that comes back shows the image that is there; the refused one has no URL.
                self.instance.__dict__.update(self._before[field.name])

    def save(self, commit: bool = True) -> Any:
        try:
            with transaction.atomic():  # whatever fails in there, no row names what is taken back
                saved = super().save(commit)
        except BaseException:
            self._take_back()
            raise
        if commit:
            for storage in self._replaced:
                transaction.on_commit(storage.settle, robust=True)
        return saved

    def _file_fields(self) -> list[models.FileField]:
        fields = self.instance._meta.concrete_fields
        return [field for field in fields if isinstance(field, models.FileField) and field.name in self.fields]

    def _values(self, field: models.FileField) -> dict[str, Any]:
        """The file, and where it is an image its size, as they are before the form is read."""
        names = [field.name, getattr(field, "width_field", None), getattr(field, "height_field", None)]
        return {name: getattr(self.instance, name) for name in names if name}

    def _upload(self, waiting: list[models.FileField]) -> None:
        for field in waiting:
            try:
                self._uploads.append(pre_upload.upload(getattr(self.instance, field.name)))
            except ProviderError as error:
                self._refuse(field.name, str(error))
            except OSError:
                logger.exception("A file that was uploaded could not be stored.")
                self._refuse(field.name, _("The file couldn’t be saved. Please try again in a few minutes."))
            if self.errors:
                return

    def _refuse(self, name: str, sentence: str) -> None:
        self.add_error(name, sentence)
        self._take_back()

    def _take_back(self) -> None:
        while self._uploads:
            self._uploads.pop().take_back()

    def _keep_until_saved(self, replaced: FieldFile) -> None:
        storage = pre_upload.ours(replaced) if replaced else None
        if storage is not None:
            replaced.storage = later = DeletingLater(storage)
            self._replaced.append(later)

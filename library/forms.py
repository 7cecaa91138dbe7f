"""Upload forms of the library, wherever in the admin: they show how far an upload is, and say when one failed."""

import json
from functools import partial
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.forms.widgets import Script
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.forms import BaseImageForm
from wagtailmedia.forms import BaseMediaForm

from library import file_validation
from wagtail_cloudinary.forms import StoredWhenValidMixin

if TYPE_CHECKING:
    from django.forms import ModelForm

    _Base = ModelForm[Any]
else:
    _Base = object

SIZE = "{size}"  # the script puts the size of the file here


class ShownUploadMixin(_Base):
    """Gives the script its messages, in the user's language."""

    about_file: Any = ""

    class Media:
        js = [Script("theme/js/upload_progress.js", defer=True)]
        css = {"all": ["theme/css/upload_progress.css"]}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            field = self.fields["file"]
            field.widget.attrs["data-upload"] = json.dumps(self._words())
            field.help_text = self.about_file or field.help_text

    def _words(self) -> dict[str, Any]:
        most_bytes, too_large = self._limit()
        return {
            "uploading": _("Uploading: {percent} %"),
            "storing": _("Saving the file…"),
            "cancel": _("Cancel"),
            "cancelled": _("Upload cancelled. Nothing was saved."),
            "failed": _("The connection was lost and nothing was saved. What you entered is still here: try again."),
            "refused": _("The file couldn’t be uploaded. What you entered is still here: try again in a few minutes."),
            "mostBytes": most_bytes,
            "tooLarge": too_large,
        }

    def _limit(self) -> tuple[int, str]:
        """How many bytes are taken, and what is said of more."""
        raise NotImplementedError


class ImageForm(ShownUploadMixin, StoredWhenValidMixin, BaseImageForm):
    class Meta(BaseImageForm.Meta):
        pass

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            field: Any = self.fields["file"]
            field.to_python = partial(file_validation.read_picture, field.to_python)

    def _limit(self) -> tuple[int, str]:
        field: Any = self.fields["file"]
        sentence = field.error_messages["file_too_large"]
        return field.max_upload_size, sentence % {"file_size": SIZE, "max_filesize": field.max_upload_size_text}


class DocumentForm(ShownUploadMixin, StoredWhenValidMixin, BaseDocumentForm):
    about_file = gettext_lazy("Other metadata, such as the author’s name, stays in the file.")

    class Meta(BaseDocumentForm.Meta):
        pass

    def _limit(self) -> tuple[int, str]:
        return settings.DOCUMENT_MAX_BYTES, file_validation.too_large(SIZE, most_bytes=settings.DOCUMENT_MAX_BYTES)


class VideoForm(ShownUploadMixin, StoredWhenValidMixin, BaseMediaForm):
    about_file = gettext_lazy("Location, owner and title metadata are removed from the video.")

    class Meta(BaseMediaForm.Meta):
        pass

    def _limit(self) -> tuple[int, str]:
        return settings.VIDEO_MAX_BYTES, file_validation.too_large(SIZE, most_bytes=settings.VIDEO_MAX_BYTES)

"""The library's forms, wherever in the admin they stand: what the provider does not store comes back as an error."""

from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.forms import BaseImageForm
from wagtailmedia.forms import BaseMediaForm

from wagtail_cloudinary.forms import StoredWhenValidMixin


class ImageForm(StoredWhenValidMixin, BaseImageForm):
    class Meta(BaseImageForm.Meta):
        pass


class DocumentForm(StoredWhenValidMixin, BaseDocumentForm):
    class Meta(BaseDocumentForm.Meta):
        pass


class VideoForm(StoredWhenValidMixin, BaseMediaForm):
    class Meta(BaseMediaForm.Meta):
        pass

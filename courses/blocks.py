"""What pages are written with. No block takes raw HTML, and none makes the server fetch anything."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, ChoiceBlock, RichTextBlock, StreamBlock, StructBlock, TextBlock, URLBlock
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.fields import StreamValue
from wagtail.images.blocks import ImageBlock

from courses import highlighting, players
from library import pictures
from library.models import CustomDocument, CustomImage

TEXT = ["h2", "h3", "bold", "italic", "link", "ol", "ul", "code", "blockquote", "hr"]
SHORT_TEXT = ["bold", "italic", "link", "code", "ul", "ol"]


class ProseBlock(RichTextBlock):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"features": TEXT, "label": _("Text"), **kwargs})

    class Meta:
        icon = "pilcrow"
        template = "courses/blocks/rich_text.html"


class CodeBlock(StructBlock):
    language = ChoiceBlock(choices=highlighting.LANGUAGES, default="python", label=_("Language"))
    code = TextBlock(label=_("Code"), rows=8)
    caption = CharBlock(required=False, max_length=200, label=_("Caption"))

    class Meta:
        icon = "code"
        label = _("Code")
        template = "courses/blocks/code.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        language = value["language"]
        return {
            **super().get_context(value, parent_context),
            "value": {
                **value,
                "highlighted": highlighting.mark(value["code"], language=language),
                "language_label": highlighting.LABELS.get(language, ""),
            },
        }


class PictureBlock(StructBlock):
    image = ImageBlock(label=_("Image"))
    caption = CharBlock(required=False, max_length=200, label=_("Caption"))

    class Meta:
        icon = "image"
        label = _("Image")
        template = "courses/blocks/image.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        image = value["image"]
        alt = "" if image is None or image.decorative else image.contextual_alt_text
        shown = {"picture": _picture(image, page_id=_page_id(parent_context)), "alt": alt, "caption": value["caption"]}
        return {**super().get_context(value, parent_context), "value": shown}


class CalloutBlock(StructBlock):
    kind = ChoiceBlock(
        choices=[("note", _("Note")), ("tip", _("Tip")), ("warning", _("Warning"))], default="note", label=_("Kind")
    )
    heading = CharBlock(required=False, max_length=100, label=_("Heading"))
    text = RichTextBlock(features=SHORT_TEXT, label=_("Text"))

    class Meta:
        icon = "info-circle"
        label = _("Callout")
        template = "courses/blocks/callout.html"


class DownloadBlock(StructBlock):
    document = DocumentChooserBlock(label=_("Document"))
    label = CharBlock(
        required=False, max_length=100, label=_("Label"), help_text=_("Leave empty to use the document’s title.")
    )

    class Meta:
        icon = "doc-full"
        label = _("Document")
        template = "courses/blocks/document.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        document = value["document"]
        shown = None
        if document is not None:
            shown = {
                "url": document.url,
                "label": value["label"] or document.title,
                "size": filesizeformat(document.file_size) if document.file_size else "",
                "extension": document.file_extension.upper(),
            }
        return {**super().get_context(value, parent_context), "value": shown}


class PlayerBlock(StructBlock):
    url = URLBlock(label=_("Address"), help_text=_("The address of a YouTube or Vimeo video, starting with https://"))
    title = CharBlock(max_length=150, label=_("Title"), help_text=_("Read out by screen readers."))

    class Meta:
        icon = "media"
        label = _("Video from YouTube or Vimeo")
        template = "courses/blocks/embed.html"

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if players.find(cleaned["url"]) is None:
            problem = _("Enter the address of a YouTube or Vimeo video.")
            raise StructBlockValidationError(block_errors={"url": ValidationError(problem)})
        return cleaned

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        player = players.find(value["url"])
        shown = player and {
            "src": player.src,
            "provider": player.provider,
            "page_url": player.page_url,
            "title": value["title"],
        }
        return {**super().get_context(value, parent_context), "value": shown}


class DescriptionBlock(StreamBlock):
    """A course's description: public, so it holds nothing that would need a door."""

    rich_text = ProseBlock()
    callout = CalloutBlock()


class LessonBlock(StreamBlock):
    """A lesson's body."""

    rich_text = ProseBlock()
    code = CodeBlock()
    image = PictureBlock()
    callout = CalloutBlock()
    document = DownloadBlock()
    embed = PlayerBlock()


def pictures_in(body: StreamValue) -> Iterator[CustomImage]:
    for block in body:
        if block.block_type == "image" and block.value["image"] is not None:
            yield block.value["image"]


def documents_in(body: StreamValue) -> Iterator[CustomDocument]:
    for block in body:
        if block.block_type == "document" and block.value["document"] is not None:
            yield block.value["document"]


def _page_id(parent_context: dict[str, Any] | None) -> int:
    """The page being shown; 0, which only staff may ask for, while a new one is previewed."""
    page = (parent_context or {}).get("page")
    return getattr(page, "pk", None) or 0


def _picture(image: CustomImage | None, *, page_id: int) -> dict[str, Any] | None:
    """Addresses and size of a picture, without asking the database: its renditions were made at publish."""
    if image is None or not image.width:
        return None

    def url(width: int) -> str:
        return reverse("library:picture", args=[page_id, image.pk, width])

    width = pictures.BODY_WIDTHS[1]
    return {
        "url": url(width),
        "srcset": ", ".join(f"{url(each)} {each}w" for each in pictures.BODY_WIDTHS),
        "width": width,
        "height": round(image.height * width / image.width),
    }

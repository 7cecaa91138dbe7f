"""StreamField blocks: text, code, image, callout, document and video player.

No block takes raw HTML, and none makes the server fetch anything.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import Block, CharBlock, ChoiceBlock, RichTextBlock, StreamBlock, StructBlock, TextBlock, URLBlock
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.fields import StreamValue
from wagtail.images.blocks import ImageBlock

from courses.content import embeds, highlighting
from courses.content.headings import anchored
from courses.content.page_links import links_in
from library import renditions
from library.models import CustomDocument, CustomImage

TEXT = ["h2", "h3", "bold", "italic", "link", "ol", "ul", "code", "blockquote", "hr"]
SHORT_TEXT = ["bold", "italic", "link", "code", "ul", "ol"]


@dataclass(frozen=True, kw_only=True)
class ShownFile:
    """An image, video or document that a block shows.

    `pk` is None once the file was deleted. `needs_alt`: an image that is neither described nor marked as decorative.
    """

    kind: type[Model]
    pk: int | None
    needs_alt: bool = False


@runtime_checkable
class ShowsFiles(Protocol):
    """What a block declares that shows files, in its own parts too: every reader of its page may open them, they are
    made ready when it is published, and missed when they are deleted. A file that is not declared is not delivered."""

    def shown_files(self, stored: Any) -> Iterator[ShownFile]:
        """The files of a value in its stored form, which costs no query; it may come from an old draft."""
        ...


@runtime_checkable
class HoldsText(Protocol):
    """What a block declares that holds rich text, whose headings and links are looked after."""

    def rich_text(self, stored: Any) -> str:
        """The text of a value in its stored form, as Wagtail stores rich text."""
        ...


class ProseBlock(RichTextBlock):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"features": TEXT, "label": _("Text"), **kwargs})

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        return super().get_context(anchored(value), parent_context)

    def rich_text(self, stored: Any) -> str:
        return stored or ""

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
        shown = {"picture": _picture(image, parent_context), "alt": alt, "caption": value["caption"]}
        return {**super().get_context(value, parent_context), "value": shown}

    def shown_files(self, stored: Any) -> Iterator[ShownFile]:
        chosen = (stored or {}).get("image") or {}
        needs_alt = not chosen.get("decorative") and not (chosen.get("alt_text") or "").strip()
        yield ShownFile(kind=CustomImage, pk=chosen.get("image"), needs_alt=needs_alt)


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

    def rich_text(self, stored: Any) -> str:
        return (stored or {}).get("text") or ""


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
                "url": links_in(parent_context).document(_page_id(parent_context), document),
                "label": value["label"] or document.title,
                "size": filesizeformat(document.file_size) if document.file_size else "",
                "extension": document.file_extension.upper(),
            }
        return {**super().get_context(value, parent_context), "value": shown}

    def shown_files(self, stored: Any) -> Iterator[ShownFile]:
        yield ShownFile(kind=CustomDocument, pk=(stored or {}).get("document"))


class PlayerBlock(StructBlock):
    url = URLBlock(label=_("Address"), help_text=_("The address of a YouTube or Vimeo video, starting with https://"))
    title = CharBlock(max_length=150, label=_("Title"), help_text=_("Read out by screen readers."))

    class Meta:
        icon = "media"
        label = _("Video from YouTube or Vimeo")
        template = "courses/blocks/embed.html"

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if embeds.find(cleaned["url"]) is None:
            problem = _("Enter the address of a YouTube or Vimeo video.")
            raise StructBlockValidationError(block_errors={"url": ValidationError(problem)})
        return cleaned

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        player = embeds.find(value["url"])
        shown = player and {
            "src": player.src,
            "provider": player.provider,
            "page_url": player.page_url,
            "title": value["title"],
        }
        return {**super().get_context(value, parent_context), "value": shown}


class DescriptionBlock(StreamBlock):
    """The blocks of a course's description: public, so it holds no file whose delivery would have to be decided."""

    rich_text = ProseBlock()
    callout = CalloutBlock()


class LessonBlock(StreamBlock):
    """The blocks of a lesson's body."""

    rich_text = ProseBlock()
    code = CodeBlock()
    image = PictureBlock()
    callout = CalloutBlock()
    document = DownloadBlock()
    embed = PlayerBlock()


def shown_files(block: Block | None, stored: Any) -> list[ShownFile]:
    """What this block declares of a value in its stored form."""
    return list(block.shown_files(stored)) if isinstance(block, ShowsFiles) else []


def shows(body: StreamValue, media: Model) -> bool:
    """Whether a block of this text shows this image, video or document."""
    return any(isinstance(media, file.kind) and media.pk == file.pk for file in _files_in(body))


def images_in(body: StreamValue) -> QuerySet[CustomImage]:
    """Those that the text shows and that are still there."""
    return CustomImage.objects.filter(pk__in=[file.pk for file in _files_in(body) if file.kind is CustomImage])


def _files_in(body: StreamValue) -> Iterator[ShownFile]:
    for part in body.get_prep_value():
        yield from shown_files(body.stream_block.child_blocks.get(part["type"]), part["value"])


def _page_id(parent_context: dict[str, Any] | None) -> int:
    """The page being shown; 0, which only staff may ask for, while a new one is previewed."""
    page = (parent_context or {}).get("page")
    return getattr(page, "pk", None) or 0


def _picture(image: CustomImage | None, parent_context: dict[str, Any] | None) -> dict[str, Any] | None:
    """URLs and size of an image, without asking the database: its renditions were made at publish."""
    if image is None or not image.width:
        return None

    def url(width: int) -> str:
        return links_in(parent_context).picture(_page_id(parent_context), image.pk, width)

    width = renditions.BODY_WIDTHS[1]
    return {
        "url": url(width),
        "srcset": ", ".join(f"{url(each)} {each}w" for each in renditions.BODY_WIDTHS),
        "width": width,
        "height": round(image.height * width / image.width),
    }

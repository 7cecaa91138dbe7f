"""Every block that shows a file declares it, and every page answers for its files: what is not declared stays shut."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db.models import ForeignKey
from wagtail.blocks import Block, ListBlock, RichTextBlock, StreamBlock, StructBlock
from wagtail.blocks.field_block import ChooserBlock
from wagtail.blocks.struct_block import BaseStructBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.fields import StreamField
from wagtail.images.blocks import ImageChooserBlock
from wagtail.models import Page

from courses.content import blocks
from library.models import CustomDocument, CustomImage, Video

FILES = (CustomImage, CustomDocument, Video)
# What lets rich text hold a file that no chooser block knows of.
FILES_IN_TEXT = {"image", "document-link", "embed"}
PK = 41


def streams() -> dict[str, StreamBlock]:
    """The stream fields of all page types."""
    return {
        f"{model.__name__}.{field.name}": field.stream_block
        for model in apps.get_models()
        if issubclass(model, Page)
        for field in model._meta.get_fields()
        if isinstance(field, StreamField)
    }


def undeclared(stream: StreamBlock) -> list[str]:
    """Its blocks that can hold a file, at any depth, and do not say so."""
    return [
        name
        for name, block in stream.child_blocks.items()
        for kind, stored in holding(block)
        if (kind, PK) not in {(file.kind, file.pk) for file in blocks.shown_files(block, stored)}
    ]


def holding(block: Block) -> Iterator[tuple[Any, Any]]:
    """Each way in which a file can stand in a block: of which kind it is, and the block's value as it is stored."""
    match block:
        case ChooserBlock() if issubclass(block.model_class, FILES):
            yield block.model_class, PK
        case RichTextBlock() if FILES_IN_TEXT & set(block.features or FILES_IN_TEXT):
            yield "in text", "<p></p>"
        case BaseStructBlock():
            for name, child in block.child_blocks.items():
                yield from ((kind, {name: stored}) for kind, stored in holding(child))
        case ListBlock():
            yield from ((kind, [{"type": "item", "value": stored}]) for kind, stored in holding(block.child_block))
        case StreamBlock():
            for name, child in block.child_blocks.items():
                yield from ((kind, [{"type": name, "value": stored}]) for kind, stored in holding(child))


def test_every_block_that_can_hold_a_file_declares_it() -> None:
    assert set(streams()) == {"CoursePage.description", "LessonPage.body"}
    assert [f"{place}: {name}" for place, stream in streams().items() for name in undeclared(stream)] == []


def test_a_block_that_declares_nothing_is_found() -> None:
    class Forgotten(StructBlock):
        image = ImageChooserBlock()

    class Half(blocks.PictureBlock):
        paper = DocumentChooserBlock()

    stream = StreamBlock(
        [
            ("picture", blocks.PictureBlock()),
            ("forgotten", Forgotten()),
            ("half", Half()),
            ("nested", StructBlock([("rows", ListBlock(Forgotten()))])),
            ("text", RichTextBlock(features=["bold", "document-link"])),
            ("any_text", RichTextBlock()),
        ]
    )

    assert undeclared(stream) == ["forgotten", "half", "nested", "text", "any_text"]


@pytest.mark.django_db
def test_every_page_answers_for_the_files_it_names_itself() -> None:
    found = [
        (model, field)
        for model in apps.get_models()
        if issubclass(model, Page)
        for field in model._meta.fields
        if isinstance(field, ForeignKey) and issubclass(field.related_model, FILES)
    ]

    assert {f"{model.__name__}.{field.name}" for model, field in found} == {"CoursePage.thumbnail", "LessonPage.video"}
    for model, field in found:
        page: Any = model(**{field.attname: PK})
        kind: Any = field.related_model
        assert page.uses(media=kind(pk=PK))
        assert not page.uses(media=kind(pk=PK + 1))

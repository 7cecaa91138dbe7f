"""The editors' guide: docs/editing.md as a page of Wagtail's admin, with its images and a table of contents."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest
from django.urls import reverse, reverse_lazy
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from markdown_it import MarkdownIt
from markdown_it.token import Token
from PIL import Image
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

GUIDE = settings.BASE_DIR / "docs" / "editing.md"
IMAGES = GUIDE.parent / "images"


@dataclass(frozen=True, kw_only=True)
class Section:
    anchor: str
    title: str


class GuideView(WagtailAdminTemplateMixin, TemplateView):
    template_name = "home/staff/guide.html"
    page_title = _("How to edit")
    header_icon = "help"
    breadcrumbs_items = [
        {"url": reverse_lazy("wagtailadmin_home"), "label": _("Home")},
        {"url": "", "label": page_title},
    ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text, sections = render(GUIDE.read_text())
        return {**super().get_context_data(**kwargs), "text": text, "sections": sections}


def picture(request: HttpRequest, name: str) -> FileResponse:
    """A slug names it, so that nothing beside the folder can be asked for."""
    try:
        return FileResponse((IMAGES / f"{name}.webp").open("rb"), content_type="image/webp")
    except OSError as error:  # it is not there, or its name is longer than any file's
        raise Http404 from error


def render(text: str) -> tuple[SafeString, list[Section]]:
    """As HTML without its title, which the admin shows by itself, and its sections.

    The anchors are those that code hosts give to headings, so that links work in both.
    """
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(text.partition("\n")[2])
    sections = list(_sections(tokens))
    for token in tokens:
        for child in token.children or []:
            if child.type == "image":
                _place(child)
    return mark_safe(markdown.renderer.render(tokens, markdown.options, {})), sections  # our own file


def _sections(tokens: list[Token]) -> Iterator[Section]:
    """Gives each heading its anchor on the way."""
    for token, inline in pairwise(tokens):
        if token.type == "heading_open":
            anchor = re.sub(r"[^\w\- ]", "", inline.content.lower()).replace(" ", "-")
            token.attrSet("id", anchor)
            if token.tag == "h2":
                yield Section(anchor=anchor, title=inline.content)


def _place(image: Token) -> None:
    """Its address in the admin; and its size, so that nothing jumps while it loads."""
    file = GUIDE.parent / str(image.attrs["src"])
    with Image.open(file) as opened:
        image.attrSet("width", str(opened.width))
        image.attrSet("height", str(opened.height))
    image.attrSet("src", reverse("guide_picture", args=[file.stem]))

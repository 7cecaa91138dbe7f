"""The URLs in a page's HTML: the site's own, or those that the caller of a preview hands in."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from wagtail.rich_text import RichText

from library.models import CustomDocument


class PageLinks:
    """The site's own. `opens_beside`: whether links open in another tab, where nothing else says. `query`: what leads
    back to a preview."""

    opens_beside = False

    def __init__(self, query: str = "") -> None:
        self.query = query

    def page(self, url: str) -> SafeString:
        """The attributes of a link to a page of this site, which is given by its own URL."""
        return format_html('href="{}"', url)

    def within(self, **query: str) -> str:
        """The address of the same page with another query."""
        return "?" + "&".join(filter(None, [self.query, urlencode(query)]))

    def picture(self, page_id: int, image_id: int, width: int) -> str:
        return reverse("library:picture", args=[page_id, image_id, width])

    def video(self, page_id: int, video_id: int) -> str:
        return reverse("library:video", args=[page_id, video_id])

    def captions(self, page_id: int, language: str) -> str:
        return reverse("courses:captions", args=[page_id, language])

    def chapters(self, page_id: int) -> str:
        return reverse("courses:chapters", args=[page_id])

    def document(self, page_id: int, document: CustomDocument) -> str:
        return str(document.url)

    def rich_text(self, text: RichText) -> SafeString:
        """The HTML of a text, in which editors link to pages."""
        return mark_safe(str(text))


OWN = PageLinks()


def links_for(request: HttpRequest | None) -> PageLinks:
    return getattr(request, "page_links", OWN)


def links_in(context: Mapping[str, Any] | None) -> PageLinks:
    """For a template's or a block's context; one that knows no request is nobody's preview."""
    return links_for((context or {}).get("request"))

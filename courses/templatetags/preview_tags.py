"""Template tags for what differs in a preview: the links of a page, and the banner; in real answers, nothing."""

from typing import Any

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.safestring import SafeString, mark_safe
from wagtail.rich_text import RichText

from access.gate import decisions
from courses.content.page_links import PageLinks, links_for

register = template.Library()


@register.simple_tag(takes_context=True)
def link_to(context: Context, url: str) -> SafeString:
    """`<a {% link_to course.url %}>`: a link to a page of this site."""
    return _links(context).page(url)


@register.simple_tag(takes_context=True)
def prose(context: Context, text: RichText) -> SafeString:
    """Rich text, with its links."""
    return _links(context).rich_text(text)


@register.simple_tag(takes_context=True)
def preview_banner(context: Context) -> str:
    """Whose eyes a preview borrows and when it looks, in the language and time zone of who really looks."""
    request = _request(context)
    preview = getattr(request, "preview", None)
    if preview is None:
        return ""
    note = decisions.noted(request)
    is_here = note is not None and note.decision.is_here
    with timezone.override(preview.zone), translation.override(preview.language):
        text = render_to_string("courses/preview_banner.html", {"preview": preview, "is_here": is_here})
    return mark_safe(text.strip())


def _links(context: Context) -> PageLinks:
    return links_for(_request(context))


def _request(context: Context) -> Any:
    """Also in a template that was included with nothing else, and in a block's, to which a dict is given."""
    return getattr(context, "request", None) or context.get("request")

"""Headings of a text: an anchor for each, and the table of contents that links to them."""

import re
from dataclasses import dataclass
from html import unescape

from django.utils.html import strip_tags
from wagtail.fields import StreamValue
from wagtail.rich_text import RichText

# As Wagtail's editor stores them: the key is the paragraph's own, and stays when the text is edited or moved.
HEADING = re.compile(r'<h([23]) data-block-key="([\w-]+)">(.*?)</h\1>', re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Heading:
    """`level` is 2 or 3; `anchor` is the id it has on the page."""

    anchor: str
    level: int
    title: str


def anchored(text: RichText) -> RichText:
    """The same text, whose headings can be linked to."""
    return RichText(HEADING.sub(r'<h\1 id="part-\2">\3</h\1>', text.source))


def headings_in(body: StreamValue) -> list[Heading]:
    """In the order in which they are read; those that say nothing are left out."""
    texts = [part.value.source for part in body if isinstance(part.value, RichText)]
    found = [
        Heading(anchor=f"part-{key}", level=int(level), title=unescape(strip_tags(inside)).strip())
        for text in texts
        for level, key, inside in HEADING.findall(text)
    ]
    return [heading for heading in found if heading.title]

"""Search of courses: text is folded once when it is saved, and a search asks for every word in it."""

import unicodedata

from django.db.models import Q
from wagtail.fields import StreamValue

MAX_WORDS = 8
MAX_LENGTH = 100


def fold(text: str) -> str:
    """Lower case, without accents and without NUL, which PostgreSQL cannot store: what is alike reads alike."""
    decomposed = unicodedata.normalize("NFKD", text.replace("\0", " ")).casefold()
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())


def matches(query: str, *, field: str) -> Q:
    """Every word of the query, anywhere in the folded column `field`. At most 8 words and 100 characters count."""
    condition = Q()
    for word in fold(query[:MAX_LENGTH]).split()[:MAX_WORDS]:
        condition &= Q(**{f"{field}__contains": word})
    return condition


def words_in(body: StreamValue) -> int:
    """How many words a text has to read."""
    return sum(len(str(text).split()) for text in body.stream_block.get_searchable_content(body))

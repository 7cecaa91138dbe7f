"""The admin's search: Wagtail's own, in which some of what people type, or paste, would be an error of the database."""

from typing import Any

from wagtail.search.backends import database
from wagtail.search.query import And, Or, Phrase, PlainText

# SQLite's full-text search takes the first two for its syntax; PostgreSQL stores no NUL.
MOST_WORDS = 32  # each is one level of a query, and some thousands are too deep
LONGEST = 255  # characters of one; PostgreSQL takes 2046 bytes
NOT_SEARCHED_FOR = str.maketrans(dict.fromkeys('"\\\0', " "))


class PlainWordsMixin:
    """Words as a search query, whatever is between them."""

    def _search(self, compiler: Any, query: Any, model_or_queryset: Any, **given: Any) -> Any:
        return super()._search(compiler, _plain(query), model_or_queryset, **given)  # type: ignore[misc]


def _plain(query: Any) -> Any:
    """The same query without the rest; "" where nothing is left, for which Wagtail finds nothing."""
    if isinstance(query, str):
        words = query.translate(NOT_SEARCHED_FOR).split()[:MOST_WORDS]
        return " ".join(word[:LONGEST] for word in words)
    if isinstance(query, PlainText | Phrase):
        query.query_string = _plain(query.query_string)
        return query if query.query_string else ""
    if isinstance(query, And | Or):
        query.subqueries = [plain for inner in query.subqueries[:MOST_WORDS] if (plain := _plain(inner)) != ""]
        return query if query.subqueries else ""
    return query


def SearchBackend(params: dict[str, Any]) -> Any:  # noqa: N802  the name that Wagtail asks the module for
    """Of the kind that suits the database."""
    suiting = type(database.SearchBackend(params))
    return type(suiting.__name__, (PlainWordsMixin, suiting), {})(params)

"""Every address of the site as the resolver knows it, so that a new one is here by itself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_from_bytes

from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.regex_helper import normalize

Parts = tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class Route:
    """An address as a %-format, and the converter of each of its parts: None for one of a regular expression."""

    shape: str
    parts: Parts

    def __str__(self) -> str:
        return self.shape

    def path(self, values: Mapping[str, Any]) -> str:
        return self.shape % {name: encoded(str(values[name])) for name, _ in self.parts}


def encoded(text: str) -> str:
    """As a browser, or somebody without one, would write it into an address: halves of surrogate pairs too."""
    return quote_from_bytes(text.encode(errors="surrogatepass"), safe="")


def everything() -> list[Route]:
    return list(dict.fromkeys(_below(get_resolver(), "/", ())))


def _below(resolver: URLResolver, shape: str, parts: Parts) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        converters = getattr(entry.pattern, "converters", {})
        for more, names in normalize(entry.pattern.regex.pattern):
            known = (*parts, *((name, converters.get(name)) for name in names))
            if isinstance(entry, URLPattern):
                yield Route(shape + more, known)
            else:
                yield from _below(entry, shape + more, known)

"""The forms that a page holds, as a browser would send them, and as no browser does."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from tests.hostile.routes import encoded

Fields = list[tuple[str, str]]
URLENCODED = "application/x-www-form-urlencoded"
BOUNDARY = b"----a-boundary"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY.decode()}"
PART = b'--%s\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n'


@dataclass
class Form:
    """`action` with its query; `fields` with the values that the page gave them, and with its first button."""

    action: str
    method: str
    is_multipart: bool = False
    fields: Fields = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    has_button: bool = False

    @property
    def names(self) -> frozenset[str]:
        return frozenset({*dict(self.fields), *self.files})

    def with_field(self, name: str, *values: str) -> Fields:
        """Its fields, this one with these values instead: with none it is left out."""
        return [*(each for each in self.fields if each[0] != name), *((name, value) for value in values)]


def within(url: str, answer: Any) -> list[Form]:
    """The forms of a page, or of the HTML that an answer in JSON holds. Each once."""
    text = answer.content.decode(errors="replace")
    if answer.get("Content-Type", "").startswith("application/json"):
        data = json.loads(text or "null")
        text = "".join(str(part) for part in data.values()) if isinstance(data, dict) else ""
    parser = _Parser(url)
    parser.feed(text)
    return parser.found


class _Parser(HTMLParser):
    def __init__(self, url: str) -> None:
        super().__init__()
        self.url, self.found = url, list[Form]()
        self._form: Form | None = None
        self._name, self._text = "", list[str]()
        self._options: Fields = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            target = urlsplit(urljoin(self.url, given.get("action") or self.url))
            action = target.path + (f"?{target.query}" if target.query else "")
            is_multipart = "multipart" in given.get("enctype", "")
            self._form = Form(action, given.get("method", "get").lower(), is_multipart)
            self.found.append(self._form)
        elif self._form and tag == "option":
            self._options.append((given.get("value", ""), "selected" if "selected" in given else ""))
        elif self._form and given.get("name"):
            self._control(self._form, tag, given)

    def _control(self, form: Form, tag: str, given: dict[str, str]) -> None:
        name, kind = given["name"], given.get("type", "submit" if tag == "button" else "text")
        if tag in {"textarea", "select"}:
            self._name, self._text, self._options = name, [], []
        elif kind == "file":
            form.files.append(name)
        elif kind == "submit":
            if not form.has_button:
                form.fields.append((name, given.get("value", "")))
            form.has_button = True
        elif kind not in {"checkbox", "radio"} or "checked" in given or name not in form.names:
            form.fields.append((name, given.get("value", "on")))

    def handle_data(self, data: str) -> None:
        self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if self._form and self._name and tag == "textarea":
            self._form.fields.append((self._name, "".join(self._text)))
        elif self._form and self._name and tag == "select":
            chosen = [value for value, selected in self._options if selected] or [v for v, _ in self._options[:1]]
            self._form.fields += [(self._name, value) for value in chosen]
        if tag in {"textarea", "select"}:
            self._name = ""
        elif tag == "form":
            self._form = None


def urlencoded(fields: Iterable[tuple[str, str]]) -> bytes:
    return "&".join(f"{encoded(name)}={encoded(value)}" for name, value in fields).encode()


def multipart(fields: Iterable[tuple[str, str]], files: Iterable[tuple[str, str, bytes]]) -> bytes:
    """Names, values and names of files go out as they are."""
    parts = [PART % (BOUNDARY, _raw(name), b"", _raw(value)) for name, value in fields]
    for name, filename, content in files:
        about = b'; filename="%s"\r\nContent-Type: application/octet-stream' % _raw(filename)
        parts.append(PART % (BOUNDARY, _raw(name), about, content))
    return b"".join([*parts, b"--", BOUNDARY, b"--\r\n"])


def _raw(text: str) -> bytes:
    return text.encode(errors="surrogatepass")

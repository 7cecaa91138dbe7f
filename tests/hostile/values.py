"""Values that nobody expects: in an address, a field, a file, a header, a cookie or JSON."""

import io
import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from django.urls.converters import IntConverter, PathConverter, SlugConverter, UUIDConverter
from PIL import Image

HALF = "\ud800"  # of a pair of surrogates; UTF-8 cannot spell it, JSON and percent signs can
HUGE = str(2**63)  # one more than any row's id
NOBODY = "00000000-0000-4000-8000-000000000000"

NUMBERS = ["0", "2147483648", HUGE, "9" * 5000]
SLUGS = ["x", "9" * 30, "a" * 5000]
WORDS = [HUGE, "9" * 5000, "x\0", HALF, "a" * 5000, "..", "<x>", "²", "%s{}", "width-9999999999"]
PATHS = [*WORDS, "../../etc/passwd", "/etc/passwd", "a/" * 2000, "\0/\0"]
BY_CONVERTER: list[tuple[type, list[str]]] = [
    (IntConverter, NUMBERS),
    (UUIDConverter, [NOBODY, "f" * 8 + "-ffff-ffff-ffff-" + "f" * 12]),
    (PathConverter, PATHS),  # both are strings too
    (SlugConverter, SLUGS),
]

BLOCK = {"text": "x", "type": "unstyled", "depth": 0, "key": "a", "inlineStyleRanges": [], "entityRanges": []}
LINK = {"type": "LINK", "mutability": "MUTABLE", "data": {"id": "x", "linktype": "page"}}


def _rich_text() -> Iterator[str]:
    """What the rich text editor posts, and what is not quite that."""
    linked = {**BLOCK, "entityRanges": [{"offset": 0, "length": 1, "key": 0}]}
    for blocks, entities in [
        ([{**BLOCK, "text": f"a\0{HALF}"}], {}),
        ([{**BLOCK, "text": 5}], {}),
        ([{**BLOCK, "type": "nonsense", "depth": 99, "inlineStyleRanges": [{"offset": -1, "length": 9}]}], {}),
        ([{}], {}),
        ([linked], {"0": LINK}),
        ([linked], {"0": {**LINK, "data": None}}),
        ([linked], {"0": {**LINK, "type": "NONSENSE"}}),
        ([linked], {}),
        (None, None),
    ]:
        yield json.dumps({"blocks": blocks, "entityMap": entities})


TEXTS = [
    *("", " ", "x", "0", "-1", "1.5", "1e400", "nan", "-Infinity", "2147483648", HUGE, f"-{HUGE}1", "9" * 5000),
    *("\0", "x\0y", HALF, "١", "²", "\uffff", "a" * 300, "a" * 5000, "a" * 100_000, "\r\n\r\n", ",", "x," * 500),
    *("<script>x</script>", "'", '"', "\\", "%s%n{}{0}", "../../etc/passwd", "http://[", "//x", "javascript:x"),
    *(
        "https://youtu.be/" + "a" * 500,
        "a@" + "b" * 300 + ".example",
        "\u0131@example.org",
        '"a b"@example.org',
        "x@\0.org",
    ),
    *("0001-01-01 00:00", "9999-12-31 23:59", "2026-02-31", "99999-01-01", "9999-12-31", "25:61", NOBODY, "__all__"),
    *("null", "[]", "{}", "5", "true", "[" * 5000, '{"x":' * 3000, '{"a": "\\u0000\\ud800"}', '{"blocks": null}'),
    *("WEBVTT\n\n99:99:99.999 --> 00:00\nx", "WEBVTT\n\n00:01.000 --> 00:02.000\n\0"),
    *_rich_text(),
]

BODIES = [
    *(b"", b"{", b"null", b"[]", b"{}", b'"x"', b"5", b"1e400", b"NaN", b"true", b"\xff\xfe", b"[" * 100_000),
    *(b'{"a":' * 1000, b'"\\ud800"', b'{"\\u0000": "\\u0000"}', b'[{"id": "x"}]', b'{"x": null}'),
]
LEAVES: list[Any] = [
    *(None, True, -1, 1.5, 2**31, 2**63, 10**400, float("inf"), float("nan"), "", "x", "\0", HALF),
    *("9" * 30, "a" * 5000, [], [[]], {}, {"id": None}, ["x"], {"x": {"x": []}}),
]

QUERY = (
    "p page q ordering order_by next id pk locale collection_id tag term date_from date_to status access audience at"
)
QUERY += (
    " seen done export results results_per_page content_type usage_count_filter owner ids parent multiple type embed"
)

HEADERS = "Range If-Modified-Since If-None-Match If-Range Accept Accept-Language Accept-Encoding Referer Origin Cookie"
HEADERS += " X-Forwarded-For X-Forwarded-Proto Forwarded User-Agent HX-Request HX-Current-URL HX-Target HX-Boosted"
HEADERS += " Authorization X-Requested-With Stripe-Signature Content-Type X-Real-IP X-HTTP-Method-Override"
IN_HEADERS = [
    "",
    "x",
    "-1",
    "9" * 5000,
    "\xff\xfe",
    "x\0y",
    "a, b;q=z",
    "bytes=9-1",
    "bytes=-" + "9" * 400,
    '"',
    "W/",
    "[::1",
]

COOKIES = "learner asker sessionid csrftoken messages django_language wagtail_sidebar_collapsed"
IN_COOKIES = ["", "x", "9" * 5000, "\\000", "%00", "a" * 43, '"\\377"', "{}", "\xc3\xa9", NOBODY]

METHODS = ["PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE", "PROPFIND", "x"]


def picture(kind: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (64, 36), "teal").save(file, kind)
    return file.getvalue()


PICTURES = {
    ending: picture(kind) for ending, kind in {"png": "png", "jpg": "jpeg", "gif": "gif", "webp": "webp"}.items()
}
FILES: list[tuple[str, bytes]] = [
    *((f"x.{ending}", content[: len(content) // 2]) for ending, content in PICTURES.items()),
    *((f"x.{ending}", b"") for ending in ("png", "pdf", "mp4", "webm", "vtt")),
    *(("x.png", b"<svg/>"), ("x.svg", b"<svg/>"), ("x.avif", b"\0\0\0\x20ftypavif"), ("x.mp4", b"\0\0\0\x18ftypisom")),
    *(
        ("x.webm", b"\x1a\x45\xdf\xa3" + b"\xff" * 99),
        ("x.pdf", b"%PDF-1.4"),
        ("x.docx", b"PK\x03\x04"),
        ("x.txt", b"\0"),
    ),
    *(("../../x.png", PICTURES["png"]), ("a" * 300 + ".png", PICTURES["png"]), ("\0.png", PICTURES["png"])),
    *((".png", PICTURES["png"]), ("x", PICTURES["png"]), ("é\u202e.png", PICTURES["png"]), ("x.png.exe", b"MZ")),
]


def nonsense(converter: Any) -> list[str]:
    """What reaches a view through this part of an address; for None, a part of a regular expression."""
    return next((values for kind, values in BY_CONVERTER if isinstance(converter, kind)), WORDS)


def altered(body: Any) -> Iterator[Any]:
    """The JSON with each of its parts, one after the other, left out or replaced by what nobody expects there."""
    for way in _ways(body):
        for leaf in (..., *LEAVES):
            changed = at = deepcopy(body)
            for step in way[:-1]:
                at = at[step]
            if leaf is ...:
                del at[way[-1]]
            else:
                at[way[-1]] = leaf
            yield changed


def _ways(body: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    steps = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for step, inner in steps:
        yield (*way, step)
        yield from _ways(inner, (*way, step))

"""Captions: check that a text is WebVTT which a browser will show, and read its cues as a transcript."""

import re
from dataclasses import dataclass
from functools import lru_cache
from html import unescape

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

HEADER = re.compile(r"\ufeff?WEBVTT(?:[ \t\r\n]|$)")
CUE = re.compile(r"^(?:\d+:)?\d{2}:\d{2}\.\d{3} +--> +(?:\d+:)?\d{2}:\d{2}\.\d{3}", re.MULTILINE)
LINE_END = re.compile(r"\r\n|\r|\n")
START = re.compile(r"[ \t]*(?:(\d{1,6}):)?([0-5]\d):([0-5]\d\.\d{3})[ \t]*-->", re.ASCII)
TAG = re.compile(r"<[^<>]*>")  # as far as the next one: a text of nothing but < is not gone through again for each
ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z0-9]{1,31});")  # Python refuses longer numbers


@dataclass(frozen=True, kw_only=True)
class Cue:
    """What is said from a second on, as plain text."""

    start: float
    text: str


def problem(text: str) -> Promise | None:
    """What is wrong with the captions, as one sentence; None when they will show."""
    if not HEADER.match(text):
        return _("Captions start with a line that says WEBVTT.")
    if not CUE.search(text):
        return _("There’s no timing line such as 00:01.000 --> 00:04.000, so no captions would appear.")
    return None


@lru_cache(maxsize=32)
def cues(text: str) -> tuple[Cue, ...]:
    """In the order of their time. Read as browsers read it: a timing line begins a cue, an empty line ends it, and all
    else (headers, names of cues, notes, styles, regions, what is broken) says nothing."""
    found: list[tuple[float, list[str]]] = []
    is_open = False
    for line in LINE_END.split(text):
        if "-->" in line:
            if timing := START.match(line):
                hours, minutes, seconds = timing.groups()
                found.append((int(hours or 0) * 3600 + int(minutes) * 60 + float(seconds), []))
            is_open = timing is not None
        elif not line:
            is_open = False
        elif is_open:
            found[-1][1].append(line)
    read = [Cue(start=start, text=_plain("\n".join(lines))) for start, lines in found]
    return tuple(sorted((cue for cue in read if cue.text), key=lambda cue: cue.start))


def _plain(text: str) -> str:
    """Without tags (voices, classes, timestamps), entities as what they stand for, in one line."""
    return " ".join(ENTITY.sub(lambda entity: unescape(entity[0]), TAG.sub("", text)).split())

"""Captions: check that a text is WebVTT which a browser will show."""

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

HEADER = re.compile(r"\ufeff?WEBVTT(?:[ \t\r\n]|$)")
CUE = re.compile(r"^(?:\d+:)?\d{2}:\d{2}\.\d{3} +--> +(?:\d+:)?\d{2}:\d{2}\.\d{3}", re.MULTILINE)


def problem(text: str) -> Promise | None:
    """What is wrong with the captions, as one sentence; None when they will show."""
    if not HEADER.match(text):
        return _("Captions start with a line that says WEBVTT.")
    if not CUE.search(text):
        return _("There’s no timing line such as 00:01.000 --> 00:04.000, so no captions would appear.")
    return None

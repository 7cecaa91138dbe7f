"""Plain English in the interface: what templates and messages say holds none of the words and turns that we gave up."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_layout import ROOT, tracked

GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
IN_TEMPLATE = re.compile(
    r"""\{% \s* translate \s+ (?P<quote>["']) (?P<one>.*?) (?P=quote)"""
    r"""| \{% \s* (?:blocktranslate|plural) [^%]* %\} (?P<many>.*?) (?=\{% \s* (?:plural|endblocktranslate))"""
    r"""| \b_\( (?P<argument_quote>["']) (?P<argument>.*?) (?P=argument_quote) \)""",
    re.VERBOSE | re.DOTALL,
)
# What it was, and what people say.
GIVEN_UP = {
    r"\bmails?\b(?! server)": "email",
    r"\bmailed\b": "emailed",
    r"\bfilms?\b": "video",
    r"\bpictures?\b": "image",
    r"\bmend(s|ed)?\b": "fix",
    r"\bpress(es|ed)?\b": "click",
    r"\bnobody\b": "no one",
    r"\bsomebody\b": "someone",
    r"\bwhoever\b": "people who, anyone who",
    r"\bof late\b": "recently",
    r"\bstands (in|on|beside|behind)\b": "is shown, is kept",
    r"\b(paid|pay) back\b": "refunded, refund",
    r"\b(taken|take|took) back\b": "revoked, refunded, reversed",
    r"\bcame of it\b": "result",
    r"\bat the till\b": "checkout",
    r"\bPapers\b": "tax and invoices",
    r"\bthe clock\b": "the scheduler",
    r"\bunwanted\b": "spam",
    r"\bbrowser is in\b|\byou are in\b": "sign in on this device",
    r"\bgo on\b": "continue",
    r"\btype (?:in|into|it|the|your|a|an)\b": "enter",
    r"\bmade no sense\b": "something was wrong",
    r"\bWhat do you say\b|\bYou speak as\b|\bSeen by\b": "your decision, commenting as, preview as",
    r"\b(do|does|did|is|are|was|were|has|have|had|will|would|could|should) not\b|\bcannot\b": "the contraction",
    r"\b(it|that|there|what) is\b (?!an?\b|the\b)|\b(you|we) (are|have|will)\b|\bthey (are|will)\b": "the contraction",
}
# Sentences in which such a word is right.
RIGHT = {
    "You have this course",
    "The order counts again, but it doesn’t open anything as it is.",
    "This page has never been live: all of it is new.",
    "Required to approve it as it is. It’s kept in the page’s history.",
    "If this wasn’t you, you can ignore this email: your password stays as it is.",
    "That’s not the code in the email. You have %(count)s attempt left.",
    "That’s not the code in the email. You have %(count)s attempts left.",
}


def sentences() -> Iterator[tuple[Path, str]]:
    for path in tracked("templates/*.html", "templates/*.txt"):
        for found in IN_TEMPLATE.finditer(path.read_text()):
            yield path, " ".join((found["one"] or found["many"] or found["argument"] or "").split())
    for path in tracked("*.py"):
        if not {"tests", "migrations"} & set(path.parts):
            for call in ast.walk(ast.parse(path.read_text())):
                if isinstance(call, ast.Call) and getattr(call.func, "id", "") in GETTEXT:
                    for said in call.args:
                        if isinstance(said, ast.Constant) and isinstance(said.value, str):
                            yield path, said.value


SENTENCES = [(path, said) for path, said in sentences() if said not in RIGHT]


def test_sentences_are_found() -> None:
    assert len(SENTENCES) > 1000
    assert {path.suffix for path, _ in SENTENCES} == {".html", ".txt", ".py"}


@pytest.mark.parametrize(("word", "instead"), GIVEN_UP.items())
def test_word_was_given_up(word: str, instead: str) -> None:
    found = [f"{path.relative_to(ROOT)}: {said}" for path, said in SENTENCES if re.search(word, said, re.IGNORECASE)]

    assert found == [], f"say: {instead}"

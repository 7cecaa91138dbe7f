"""A link or code that is not quite the mailed one is refused, wherever and however it differs, and opens nothing."""

import os
import re
import string
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from wagtail.models import Page

from access.models import EmailVerificationToken, LearnerSession

IS_SOAK = bool(os.environ.get("SOAK"))
LETTERS = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"  # as base64 counts


def put(text: str, place: int, new: str, *, instead_of: int = 1) -> str:
    return text[:place] + new + text[place + instead_of :]


ALTERED: dict[str, Callable[[str, int], str]] = {
    "cut off": lambda secret, place: secret[:place],
    "begun late": lambda secret, place: secret[place + 1 :],
    "a letter changed": lambda secret, place: put(secret, place, next_letter(secret[place])),
    "a letter lost": lambda secret, place: put(secret, place, ""),
    "a letter doubled": lambda secret, place: put(secret, place, secret[place] * 2),
    "a letter more": lambda secret, place: put(secret, place, "A", instead_of=0),
    "its case changed": lambda secret, place: put(secret, place, secret[place].swapcase()),
    "a NUL": lambda secret, place: put(secret, place, "\0"),
    "a space": lambda secret, place: put(secret, place, " ", instead_of=0),
    "a line break": lambda secret, place: put(secret, place, "\r\n", instead_of=0),
    "a slash": lambda secret, place: put(secret, place, "/"),
    "a letter encoded twice": lambda secret, place: put(secret, place, f"%{ord(secret[place]):02x}"),
    "a full-width letter": lambda secret, place: put(secret, place, chr(ord(secret[place]) + 0xFEE0)),
    "an emoji": lambda secret, place: put(secret, place, "\U0001f511"),
    "a mark above": lambda secret, place: put(secret, place, "\u0301", instead_of=0),
}


def places(secret: str) -> Iterable[int]:
    """The ends, what is beside them, and the middle; every one in the soak."""
    last = len(secret) - 1
    return range(len(secret)) if IS_SOAK else (0, 1, last // 2, last - 1, last)


def next_letter(letter: str) -> str:
    return LETTERS[(LETTERS.index(letter) + 1) % len(LETTERS)]


@pytest.fixture
def waiting(client: Client, email_lesson: Page, settings: Any) -> str:
    """The address of the tab of `client`, which has asked for a mail."""
    settings.LIMITS_PER_NETWORK = []
    return str(client.post("/access/ask/", {"email": "ada@example.org", "page": email_lesson.pk})["Location"])


@pytest.fixture
def secret(waiting: str, mailoutbox: list[Any]) -> str:
    (found,) = re.findall(r"/access/confirm/([\w-]{43})/", mailoutbox[0].body)
    return str(found)


@pytest.fixture
def code(waiting: str, mailoutbox: list[Any]) -> str:
    (found,) = re.findall(r"^(\d{6})$", mailoutbox[0].body, re.MULTILINE)
    return str(found)


def refuses(client: Client, links: set[str]) -> bool:
    """Whether each is an inert page to read and, clicked, gets the answer of a link that never was; none costs."""
    never_was = client.post("/access/confirm/never-was/")
    before = EmailVerificationToken.objects.values().get()
    for link in links:
        opened, pressed = client.get(link), client.post(link)
        assert opened.status_code in {200, 404}, ascii(link)
        assert pressed.status_code == 404, ascii(link)
        assert "/" in link[len("/access/confirm/") : -1] or pressed.content == never_was.content, ascii(link)
    assert not LearnerSession.objects.exists()
    return EmailVerificationToken.objects.values().get() == before


@pytest.mark.parametrize("way", ALTERED)
def test_an_altered_link_is_refused_alike_at_every_place(client: Client, secret: str, way: str) -> None:
    altered = {ALTERED[way](secret, place) for place in places(secret)} - {secret, ""}

    assert refuses(client, {f"/access/confirm/{quote(each, safe='/')}/" for each in altered})
    assert client.post(f"/access/confirm/{secret}/").status_code == 303


def test_bytes_that_are_no_text_are_refused_at_every_place(client: Client, secret: str) -> None:
    broken = {put(secret, place, "%ff") for place in places(secret)}

    assert refuses(client, {f"/access/confirm/{each}/" for each in broken})
    assert client.post(f"/access/confirm/{secret}/").status_code == 303


def test_the_bits_that_its_last_letter_does_not_use_count(client: Client, secret: str) -> None:
    """43 letters hold two bits more than 32 bytes: read as bytes, four links would be one."""
    last = LETTERS.index(secret[-1])
    others = {secret[:-1] + LETTERS[last ^ bits] for bits in (1, 2, 3)}

    assert refuses(client, {f"/access/confirm/{each}/" for each in others})


@pytest.mark.refusal("token")
def test_a_code_with_one_digit_changed_is_refused_and_is_a_try(
    client: Client, waiting: str, code: str, settings: Any
) -> None:
    settings.LIMITS_WRONG_CODES_PER_NETWORK = settings.LIMITS_WRONG_CODES_FOR_ALL = []
    for altered in {put(code, place, digit) for place in range(6) for digit in string.digits} - {code}:
        EmailVerificationToken.objects.update(tries=0)

        assert client.post(waiting, {"code": altered}).status_code == 422
        assert EmailVerificationToken.objects.get().tries == 1

    assert client.post(waiting, {"code": code}).status_code == 303


@pytest.mark.parametrize("new", ["", "00", "x", "O", "\u0661", "\uff11", "\U0001d7cf", "\0", "\u200b0", "\n", "+", "."])
def test_what_is_not_six_digits_at_some_place_is_no_try(client: Client, waiting: str, code: str, new: str) -> None:
    for altered in {put(code, place, new) for place in range(6)}:
        assert client.post(waiting, {"code": altered}).status_code == 422, ascii(altered)

    assert EmailVerificationToken.objects.get().tries == 0
    assert client.post(waiting, {"code": code}).status_code == 303

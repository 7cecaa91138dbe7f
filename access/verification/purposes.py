"""Verification purposes: each room above says here how its emails read and where they lead."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from access.models import EmailVerificationToken

Purpose = EmailVerificationToken.Purpose


@dataclass(frozen=True, kw_only=True)
class Handling:
    """`mail` names its templates without their endings; they get what the gate's own get, and `words`.

    `subject_with_code` names %(spaced_code)s, and is the subject where codes may stand in one (CODE_IN_SUBJECT).
    `url` is where the confirmed request leads; an address posted there asks again. Where that is itself a secret, as
    a review link is, `private` says in words how to ask again: such a request is led there only once the address is
    proved, and waits on a page of its own, never on the learner's.
    """

    subject: str | Promise
    mail: str
    words: Callable[[EmailVerificationToken], dict[str, Any]]
    url: Callable[[EmailVerificationToken], str]
    private: str | Promise = ""
    subject_with_code: str | Promise = ""


HANDLINGS: dict[str, Handling] = {}


def register(purpose: Purpose, handling: Handling) -> None:
    """To be called when the site starts: imports do not go up to the rooms that have purposes of their own."""
    HANDLINGS[purpose.value] = handling


def handling_for(token: EmailVerificationToken) -> Handling | None:
    """None for a request to read, which the gate knows itself."""
    return HANDLINGS.get(token.purpose)


def public_purposes() -> list[str]:
    """Those whose requests wait on the learner's page."""
    return [purpose for purpose in Purpose.values if purpose not in HANDLINGS or not HANDLINGS[purpose].private]

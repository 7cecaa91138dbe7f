"""The request status page: what the tab that requested an email shows while it waits, and when to look again."""

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from access.models import EmailVerificationToken
from access.models.tokens import MAX_TRIES
from access.verification.tokens import SAME_REQUEST

# A tab that asks while its own browser confirms comes without the new session yet: it asks once more.
JUST_SPENT = timedelta(seconds=10)
# How often the tab looks, by the age of its request: most mails are answered in the first minute.
PACE = [(timedelta(minutes=1), 2), (timedelta(minutes=5), 5), (timedelta(minutes=30), 15)]


class State(enum.Enum):
    QUEUED = "queued"
    LATE = "late"
    SENT = "sent"
    GIVEN_UP = "given_up"
    EXPIRED = "expired"
    ENDED = "ended"


@dataclass(frozen=True, kw_only=True)
class RequestStatus:
    """`look_again`: in how many seconds to ask once more, None for never; `resend_in`: when a new mail may be had."""

    token_id: str
    state: str
    is_over: bool
    minutes_left: int
    expires_at: datetime | None
    look_again: int | None
    resend_in: int


def status_for(token: EmailVerificationToken, *, now: datetime) -> RequestStatus:
    state, age = _state(token, now=now), now - token.asked_at
    is_over = state in {State.GIVEN_UP, State.EXPIRED, State.ENDED}
    is_going_on = not is_over or (token.spent_at is not None and now - token.spent_at < JUST_SPENT)
    left = token.expires_at - now if token.expires_at and state is State.SENT else timedelta()
    return RequestStatus(
        token_id=str(token.pk),
        state=state.value,
        is_over=is_over,
        minutes_left=max(0, -(-int(left.total_seconds()) // 60)),
        expires_at=token.expires_at,
        look_again=next((seconds for until, seconds in PACE if age < until), None) if is_going_on else None,
        resend_in=0 if is_over else max(0, int((SAME_REQUEST - age).total_seconds())),
    )


def codes_paused() -> str:
    """What to say beside the field while no codes are taken."""
    return _("Too many wrong codes were entered, so codes don't work right now. Use the link in the email.")


def wrong_code(token: EmailVerificationToken) -> str:
    """What to say beside the field after a wrong code."""
    token.refresh_from_db(fields=["tries"])
    left = MAX_TRIES - token.tries
    if not left:
        return str(_("That’s not the code, and it was your last attempt. Request a new email."))
    return ngettext(
        "That’s not the code in the email. You have %(count)s attempt left.",
        "That’s not the code in the email. You have %(count)s attempts left.",
        left,
    ) % {"count": left}


def _state(token: EmailVerificationToken, *, now: datetime) -> State:
    if token.spent_at or token.burnt_at or token.is_used_up:
        return State.ENDED
    if token.parked_at:
        return State.GIVEN_UP
    if token.expires_at and token.expires_at <= now:
        return State.EXPIRED
    if token.sent_at:
        return State.SENT
    return State.LATE if token.sends > 1 else State.QUEUED

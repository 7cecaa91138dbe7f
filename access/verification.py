"""How an address is verified: it is asked for, and the mailed link is confirmed. access.outbox sends in between."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F
from wagtail.models import Page

from access import addresses, network, secrets, sessions, tasks, throttle
from access.models import Email, EmailVerificationToken
from access.models.tokens import MAX_WRONG_ADDRESSES


class TokenUnknown(Exception):
    """No mail ever held this link."""


class TokenRefused(Exception):
    """A link that was mailed but does not open: the holder is told why. `token` is the row."""

    def __init__(self, token: EmailVerificationToken) -> None:
        super().__init__(type(self).__name__)
        self.token = token


class TokenExpired(TokenRefused):
    """Its minutes are over."""


class TokenSpent(TokenRefused):
    """It has opened a browser already."""


class TokenBurnt(TokenRefused):
    """A newer link was used, the address changed, or too many wrong addresses were typed."""


class OtherBrowser(TokenRefused):
    """Not the browser that asked, and the address was not typed."""


class WrongAddress(TokenRefused):
    """Not the browser that asked, and another address was typed."""


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A confirmed link: the new session's secret for the browser's cookie, and the page it was asked for."""

    session_secret: str
    page: Page | None


def ask(address: str, *, page: Page | None, asker: str, client: str, now: datetime) -> EmailVerificationToken:
    """Queue one mail to a canonical address for the browser holding `asker`. Sends nothing itself.

    `client` is access.network.of(request). Raises throttle.Throttled, the same for every address.
    """
    with transaction.atomic():
        if settings.LIMIT_LOOPBACK or not network.is_loopback(client):
            throttle.take("ask/network", client, limits=settings.LIMITS_PER_NETWORK, now=now)
        throttle.take("ask/address", address, limits=settings.LIMITS_PER_ADDRESS, now=now)
        email, _ = Email.objects.get_or_create(address=address, defaults={"asked_at": now})
        token = EmailVerificationToken.objects.create(
            email=email,
            sent_to=address,
            page=page,
            asker_digest=secrets.digest(asker),
            asked_at=now,
            send_after=now,
        )
        tasks.send_verification.enqueue(str(token.pk))  # a row too: it comes and goes with this transaction
    return token


def confirm(secret: str, *, asker: str, typed: str, client: str, now: datetime) -> Opened:
    """Spend a mailed link and open a session, once.

    `asker` is the browser's own secret or ""; `typed` the address typed in another browser than the one that asked,
    or "". Raises TokenUnknown, a TokenRefused saying what is wrong, addresses.InvalidAddress or throttle.Throttled.
    """
    if settings.LIMIT_LOOPBACK or not network.is_loopback(client):
        throttle.take("confirm/network", client, limits=settings.LIMITS_PER_NETWORK, now=now)
    token = EmailVerificationToken.objects.select_related("email").filter(digest=secrets.digest(secret)).first()
    if token is None:
        raise TokenUnknown
    _refuse_dead(token, now=now)
    if secrets.digest(asker) != token.asker_digest:
        _refuse_stranger(token, typed=typed, now=now)
    with transaction.atomic():
        # The one moment that may race: whoever's UPDATE counts a row has the link, everybody else has nothing.
        if not EmailVerificationToken.objects.usable(now).filter(pk=token.pk).update(spent_at=now):
            token.refresh_from_db()
            _refuse_dead(token, now=now)
            raise TokenSpent(token)
        # Proving the address settles whatever else was asked for it: no second link stays open in a mailbox.
        EmailVerificationToken.objects.filter(email=token.email, spent_at=None, burnt_at=None).update(burnt_at=now)
        Email.objects.filter(pk=token.email_id, verified_at=None).update(verified_at=now)
        session_secret = sessions.start(token.email, token=token, now=now)
    return Opened(session_secret=session_secret, page=token.page)


def was_opened_by(token_id: UUID, learner: sessions.Learner | None) -> bool:
    """Whether this learner's session is the one the token opened, so that pressing twice is no failure."""
    return learner is not None and learner.token_id == token_id


def _refuse_dead(token: EmailVerificationToken, *, now: datetime) -> None:
    if token.spent_at is not None:
        raise TokenSpent(token)
    is_moved = token.sent_to != token.email.address  # the mail proves the address it went to, no other
    if token.burnt_at is not None or token.wrong_addresses >= MAX_WRONG_ADDRESSES or is_moved:
        raise TokenBurnt(token)
    if token.expires_at is None or token.expires_at <= now:
        raise TokenExpired(token)


def _refuse_stranger(token: EmailVerificationToken, *, typed: str, now: datetime) -> None:
    """In another browser the link alone is not enough: it may have been forwarded, or asked for by somebody else."""
    if not typed:
        raise OtherBrowser(token)
    if addresses.canonical(typed) == token.sent_to:
        return
    EmailVerificationToken.objects.usable(now).filter(pk=token.pk).update(wrong_addresses=F("wrong_addresses") + 1)
    raise WrongAddress(token)

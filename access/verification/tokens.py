"""Email verification: request it, have access.verification.outbox send it, and confirm the emailed link or code."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from wagtail.models import Page

from access import email_addresses, tasks
from access.limits import blocking, throttle
from access.models import Email, EmailVerificationToken
from access.models.tokens import MAX_TRIES
from access.sessions import learner_sessions, network, token_secrets
from access.sessions.clients import Browser
from access.verification import purposes
from access.verification.errors import (
    CodesPaused,
    NotSentYet,
    OtherBrowser,
    TokenBurnt,
    TokenExpired,
    TokenSpent,
    TokenUnknown,
    TokenUsedUp,
    WrongAddress,
    WrongCode,
)

# Asking again this soon is the same request: nobody needs two mails for pressing a button twice.
SAME_REQUEST = timedelta(seconds=60)
FOR_ALL, CODES_FOR_ALL = "ask/all", "code/all"
Purpose = EmailVerificationToken.Purpose


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A spent token: the new session's secret for the browser's cookie, and the token, which knows where to go on."""

    session_secret: str
    token: EmailVerificationToken


def request_verification(
    address: str,
    *,
    page: Page | None,
    browser: Browser,
    now: datetime,
    second: int = 0,
    purpose: Purpose = Purpose.READ,
    same: Q | None = None,
    record: Callable[[EmailVerificationToken], object] | None = None,
) -> EmailVerificationToken:
    """Queue one mail to a canonical address for this browser, which must have its asker's secret. Sends nothing itself.

    The same browser asking for the same address within a minute gets its open request back, now leading to this page;
    `same` narrows which of its requests that may be. `record` writes what belongs to a new one, before it can be sent.
    Raises throttle.Throttled, the same for every address.
    """
    # Before anything is looked up, and in a transaction of its own: a client over its limit costs us no work, and
    # a try that is refused further down counts as well.
    _count("ask", browser, now=now)
    # What is consented to must be what the mail said: only a way in may lead to another page than it was asked for.
    same = (same or Q()) & (Q(purpose=purpose) if purpose is Purpose.READ else Q(purpose=purpose, page=page))
    if open_request := _open_request(address, browser=browser, now=now, same=same):
        EmailVerificationToken.objects.filter(pk=open_request.pk).update(page=page, second=second)
        return open_request
    sentence = f"The site's own limit of mails is used up: {settings.LIMITS_FOR_ALL}. Is it being flooded?"
    with throttle.alert_once(FOR_ALL, sentence, now=now), transaction.atomic():
        # These count mails: where one refuses, or what follows fails, neither has counted.
        mailbox = email_addresses.folded(address)
        throttle.consume("ask/address", mailbox, limits=settings.LIMITS_PER_ADDRESS, now=now, durable=False)
        throttle.consume(FOR_ALL, "", limits=settings.LIMITS_FOR_ALL, now=now, durable=False)
        email, _ = Email.objects.get_or_create(address=address, defaults={"asked_at": now})
        token = EmailVerificationToken.objects.create(
            email=email,
            sent_to=address,
            page=page,
            second=second,
            purpose=purpose,
            asker_digest=token_secrets.digest(browser.asker),
            asked_at=now,
            send_after=now,
        )
        if record:
            record(token)
        tasks.send_verification.enqueue(str(token.pk))  # a row too: it comes and goes with this transaction
    return token


def confirm(secret: str, *, typed: str, browser: Browser, now: datetime) -> Opened:
    """Spend a mailed link and open a session, once.

    `typed` is the address typed in another browser than the one that asked, or "". Raises TokenUnknown, a TokenRefused
    saying what is wrong, addresses.InvalidAddress or throttle.Throttled.
    """
    _count("confirm", browser, now=now)
    token = EmailVerificationToken.objects.select_related("email").filter(digest=token_secrets.digest(secret)).first()
    if token is None:
        raise TokenUnknown
    refuse_dead(token, now=now)
    if token_secrets.digest(browser.asker) != token.asker_digest:
        refuse_stranger(token, typed=typed, now=now)
    return _spend(token, browser=browser, now=now)


def confirm_code(
    token_id: UUID, code: str, *, browser: Browser, now: datetime, purpose: Purpose | None = None
) -> Opened:
    """Spend a request by the six digits mailed for it, in the browser that asked: in any other it does not exist.

    Raises TokenUnknown, a TokenRefused saying what is wrong, or throttle.Throttled.
    """
    _count("confirm", browser, now=now)
    token = find_request(token_id, browser=browser, purpose=purpose)
    if token is None:
        raise TokenUnknown
    if token.digest is None and token.burnt_at is None:
        raise NotSentYet(token)
    refuse_dead(token, now=now)
    if not _is_code(code, token, browser=browser, now=now):
        raise WrongCode(token)
    return _spend(token, browser=browser, now=now)


def find_request(token_id: UUID, *, browser: Browser, purpose: Purpose | None = None) -> EmailVerificationToken | None:
    """The request with this id, if this browser made it for that purpose; by default for one that is not private."""
    any_of = [purpose] if purpose else purposes.public_purposes()
    requests = EmailVerificationToken.objects.select_related("email", "page").filter(purpose__in=any_of)
    return requests.filter(pk=token_id, asker_digest=token_secrets.digest(browser.asker)).first()


def was_opened_by(token_id: UUID, learner: learner_sessions.Learner | None) -> bool:
    """Whether this learner's session is the one the token opened, so that pressing twice is no failure."""
    return learner is not None and learner.token_id == token_id


def _open_request(address: str, *, browser: Browser, now: datetime, same: Q) -> EmailVerificationToken | None:
    return EmailVerificationToken.objects.filter(
        same,
        sent_to=address,
        asker_digest=token_secrets.digest(browser.asker),
        asked_at__gt=now - SAME_REQUEST,
        spent_at=None,
        burnt_at=None,
        parked_at=None,
        tries__lt=MAX_TRIES,
    ).first()


def _count(what: str, browser: Browser, *, now: datetime) -> None:
    """Count this request against its network's limit."""
    if _is_limited(browser):
        throttle.consume(f"{what}/network", browser.network, limits=settings.LIMITS_PER_NETWORK, now=now)


def _is_limited(browser: Browser) -> bool:
    return settings.LIMIT_LOOPBACK or not network.is_loopback(browser.network)


def refuse_dead(token: EmailVerificationToken, *, now: datetime) -> None:
    if token.spent_at is not None:
        raise TokenSpent(token)
    if token.burnt_at is not None or token.sent_to != token.email.address:
        raise TokenBurnt(token)  # the mail proves the address it went to, no other
    if token.is_used_up:
        raise TokenUsedUp(token)
    if token.expires_at is None or token.expires_at <= now:
        raise TokenExpired(token)


def refuse_stranger(token: EmailVerificationToken, *, typed: str, now: datetime) -> None:
    """In another browser the link alone is not enough: it may have been forwarded, or asked for by somebody else."""
    if not typed:
        raise OtherBrowser(token)
    address = email_addresses.canonical(typed)
    use_a_try(token, now=now)
    if address != token.sent_to:
        raise WrongAddress(token)


def _is_code(code: str, token: EmailVerificationToken, *, browser: Browser, now: datetime) -> bool:
    """Whether it is the code. A wrong one counts: against its mail, its network and the whole site.

    Five tries an email would be a hundred thousand a day for an attacker who requests many. So all who guess for an
    address that their browser never proved share one small budget, which comes back within the hour: no hour of
    guessing turns codes off for longer, nor ever for known browsers, nor the links. Raises CodesPaused where it is used
    up, before a try of the mail is: its link must not die of that.
    """
    sentence = f"Wrong codes have used up their limit: {settings.LIMITS_WRONG_CODES_FOR_ALL}. Is somebody guessing?"
    try:
        with throttle.alert_once(CODES_FOR_ALL, sentence, now=now), transaction.atomic():
            # All are counted before the code is looked at, as at use_a_try; the right one takes it back.
            if not browser.has_proved(token.sent_to):
                _count_wrong_code(browser, now=now)
            use_a_try(token, now=now)
            is_right = token_secrets.is_code(code, owner=token.pk, digest=token.code_digest)
            transaction.set_rollback(is_right)
    except throttle.Throttled as error:
        raise CodesPaused(token, retry_after=error.retry_after) from error
    return is_right


def _count_wrong_code(browser: Browser, *, now: datetime) -> None:
    if _is_limited(browser):
        limits = settings.LIMITS_WRONG_CODES_PER_NETWORK
        throttle.consume("code/network", browser.network, limits=limits, now=now, durable=False)
    throttle.consume(CODES_FOR_ALL, "", limits=settings.LIMITS_WRONG_CODES_FOR_ALL, now=now, durable=False)


def use_a_try(token: EmailVerificationToken, *, now: datetime) -> None:
    """Counted before it is looked at: were it counted after, a hundred guesses at once would all be the first."""
    mine = EmailVerificationToken.objects.usable(now).filter(pk=token.pk, tries__lt=MAX_TRIES)
    if not mine.update(tries=F("tries") + 1):
        token.refresh_from_db()
        refuse_dead(token, now=now)
        raise TokenUsedUp(token)


def _spend(token: EmailVerificationToken, *, browser: Browser, now: datetime) -> Opened:
    if blocking.is_blocked(token.sent_to):  # since it was sent; an attacker who guesses never comes this far
        raise TokenExpired(token)
    with transaction.atomic():
        # The one moment that may race: the UPDATE that counts a row has the token, all others have nothing.
        if not EmailVerificationToken.objects.usable(now).filter(pk=token.pk).update(spent_at=now):
            token.refresh_from_db()
            refuse_dead(token, now=now)
            raise TokenSpent(token)
        # Proving the address settles whatever else was asked for it: no second link stays open in a mailbox.
        EmailVerificationToken.objects.filter(email=token.email, spent_at=None, burnt_at=None).update(burnt_at=now)
        Email.objects.filter(pk=token.email_id, verified_at=None).update(verified_at=now)
        session_secret = learner_sessions.start(
            token.email, token=token, browser=browser.name, now=now, keep=browser.keep
        )
    return Opened(session_secret=session_secret, token=token)

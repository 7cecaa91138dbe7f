"""A learner's session: how it starts, is found, stays alive and ends."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import F, FilteredRelation, Q, QuerySet
from django.utils.crypto import salted_hmac

from access.models import Email, EmailVerificationToken, LearnerSession
from access.sessions import token_secrets

# A session's last use is written down at most this often, so that reading costs no write.
TOUCH_EVERY = timedelta(seconds=60)


@dataclass(frozen=True, kw_only=True)
class Learner:
    """The address one browser has proved, the courses granted to it, its session and the token that opened it."""

    session_id: int
    email_id: int
    email: str
    grants: frozenset[UUID]
    token_id: UUID | None

    @property
    def tag(self) -> str:
        """Under which a browser keeps what is theirs alone: the same on every page, and it tells nobody who it is."""
        return salted_hmac("access.learner_tag", str(self.email_id), algorithm="sha256").hexdigest()[:16]


def start(
    email: Email, *, token: EmailVerificationToken | None, now: datetime, browser: str = "", keep: bool = False
) -> str:
    """Open a session for the browser that will be given the returned secret, which is kept nowhere else."""
    secret = token_secrets.new()
    LearnerSession.objects.create(
        key_digest=token_secrets.digest(secret),
        email=email,
        token=token,
        browser=browser,
        created_at=now,
        seen_at=now,
        until=now + timedelta(seconds=longest(keep=keep)),
        is_kept=keep,
    )
    return secret


def longest(*, keep: bool) -> int:
    """How many seconds a session lasts at most."""
    return settings.LEARNER_KEEP_SECONDS if keep else settings.LEARNER_MAX_SECONDS


def find(secret: str, *, now: datetime) -> Learner | None:
    """Who holds this secret, in one indexed read; None when the session is unknown, over, idle or revoked."""
    rows = list(
        alive(now)
        .filter(key_digest=token_secrets.digest(secret))
        .annotate(grant=FilteredRelation("email__grants", condition=Q(email__grants__revoked_at=None)))
        .values_list("pk", "seen_at", "token_id", "email_id", "email__address", F("grant__course_key"))
    )
    if not rows:
        return None
    pk, seen_at, token_id, email_id, address, _ = rows[0]
    if seen_at < now - TOUCH_EVERY:
        LearnerSession.objects.filter(pk=pk, seen_at=seen_at).update(seen_at=now)
    grants = frozenset(row[5] for row in rows if row[5])
    return Learner(session_id=pk, email_id=email_id, email=address, grants=grants, token_id=token_id)


def sessions_for(address: str, *, now: datetime) -> list[LearnerSession]:
    """The browsers in which this address is signed in, the one used last first."""
    return list(alive(now).filter(email__address=address).order_by("-seen_at"))


def end_all(address: str, *, now: datetime, only: int | None = None) -> int:
    """Sign this address out everywhere, or of the session `only`; returns of how many browsers."""
    found = LearnerSession.objects.filter(email__address=address, revoked_at=None)
    return (found.filter(pk=only) if only is not None else found).update(revoked_at=now)


def end(secret: str, *, now: datetime) -> None:
    """Revoke the session; an unknown secret is no error, as the browser is signed out either way."""
    LearnerSession.objects.filter(key_digest=token_secrets.digest(secret), revoked_at=None).update(revoked_at=now)


def alive(now: datetime) -> QuerySet[LearnerSession]:
    in_use = Q(is_kept=True) | Q(seen_at__gt=now - timedelta(seconds=settings.LEARNER_IDLE_SECONDS))
    return LearnerSession.objects.filter(in_use, revoked_at=None, email__blocked_at=None, until__gt=now)

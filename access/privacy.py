"""Privacy (GDPR): export or erase what is kept about a person, and delete what has expired (retention)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from access import batches
from access.models import Email, EmailVerificationToken, Grant, LearnerSession

# What other rooms keep about an address, by its name in the export. They say so when the site starts (AppConfig.ready),
# as imports do not go up to them; what they keep points at the Email and is deleted with it.
ALSO_KEPT: dict[str, Callable[[Email], Any]] = {}
# What they have to do about it before it is deleted, where a row must outlive the person.
ALSO_ERASED: list[Callable[[Email], None]] = []

# Whether, by what they keep, an address that was never verified must not be deleted.
STILL_OWED: list[Callable[[], Exists]] = []


def export(address: str) -> dict[str, Any]:
    """Everything stored about an address, ready for JSON. Digests are left out: they say nothing of a person."""
    email = Email.objects.filter(address=address).first()
    if email is None:
        return {"address": address, "known": False}
    return {
        "address": address,
        "known": True,
        "first_asked": email.asked_at,
        "first_verified": email.verified_at,
        "blocked": email.blocked_at,
        "mails": list(email.tokens.order_by("asked_at").values("asked_at", "sent_at", "spent_at", "page__title")),
        "browsers": list(
            email.sessions.order_by("created_at").values(
                "browser", "created_at", "seen_at", "until", "is_kept", "revoked_at"
            )
        ),
        "grants": list(email.grants.order_by("granted_at").values("course_key", "source", "granted_at", "revoked_at")),
        **{name: kept(email) for name, kept in ALSO_KEPT.items()},
    }


def erase(address: str) -> bool:
    """Delete the address with its requests and sessions; True when there was one.

    Its grants stay without it, as the record that something was granted; they open nothing any more. A blocked
    address stays, or erasing would be the way around the block.
    """
    with transaction.atomic():
        emails = Email.objects.filter(address=address, blocked_at=None)
        for email in emails:
            for let_go_of in ALSO_ERASED:
                let_go_of(email)
        return emails.delete()[0] > 0


def let_go(*, now: datetime) -> None:
    """Delete some of what nobody needs any more: addresses never verified, sessions and requests that ended long ago.

    All of it is gone within hours, however much there is, and nothing else waits for that.
    """
    long_ended = now - timedelta(days=settings.KEEP_ENDED_DAYS)
    sessions = batches.some(LearnerSession.objects.all())
    batches.delete(sessions.filter(Q(until__lt=long_ended) | Q(revoked_at__lt=long_ended)))
    batches.delete(EmailVerificationToken.objects.filter(asked_at__lt=long_ended).order_by("asked_at"))
    recent = now - timedelta(days=settings.KEEP_UNVERIFIED_DAYS)
    unverified = batches.some(Email.objects.all()).filter(
        *(~is_owed() for is_owed in STILL_OWED),
        ~Exists(Grant.objects.filter(email=OuterRef("pk"))),
        ~Exists(EmailVerificationToken.objects.filter(email=OuterRef("pk"), asked_at__gte=recent)),
        verified_at=None,
        blocked_at=None,
        asked_at__lt=recent,
    )
    batches.delete(unverified)

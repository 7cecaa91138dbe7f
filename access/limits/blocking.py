"""Who gets no mail and opens nothing: single addresses, and the lists in the gate's settings."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from access.models import Email, GateSettings, LearnerSession
from access.sessions import learner_sessions


def block(email: Email, *, now: datetime) -> bool:
    """No more mail to this address, and signed out everywhere; False when it was blocked already."""
    with transaction.atomic():
        if not Email.objects.filter(pk=email.pk, blocked_at=None).update(blocked_at=now):
            return False
        learner_sessions.end_all(email.address, now=now)
    return True


def enforce(lists: GateSettings, *, now: datetime) -> None:
    """Sign out everybody the lists block. Their mails, asked for or already sent, open nothing any more either."""
    blocked = Q(email__address__in=lists.blocked_addresses.splitlines())
    for domain in lists.blocked_domains.splitlines():
        blocked |= Q(email__address__endswith=f"@{domain}") | Q(email__address__endswith=f".{domain}")
    LearnerSession.objects.filter(blocked, revoked_at=None).update(revoked_at=now)


def unblock(email: Email) -> bool:
    """From now on it may be asked for again; False when it was not blocked."""
    return bool(Email.objects.filter(pk=email.pk, blocked_at__isnull=False).update(blocked_at=None))


def is_blocked(address: str) -> bool:
    """Whether this canonical address, or a domain it belongs to, is blocked."""
    lists = GateSettings.objects.first()
    if lists is not None:
        if address in lists.blocked_addresses.splitlines():
            return True
        domain = address.partition("@")[2]
        if any(domain == blocked or domain.endswith(f".{blocked}") for blocked in lists.blocked_domains.splitlines()):
            return True
    return Email.objects.filter(address=address, blocked_at__isnull=False).exists()

"""Block list: who gets no email and opens nothing, by single addresses and by the lists in the gate's settings."""

from datetime import datetime

from django.db import transaction

from access.models import Email, GateSettings
from access.sessions import learner_sessions


def block(email: Email, *, now: datetime) -> bool:
    """No more mail to this address, and signed out everywhere; False when it was blocked already."""
    with transaction.atomic():
        if not Email.objects.filter(pk=email.pk, blocked_at=None).update(blocked_at=now):
            return False
        learner_sessions.end_all(email.address, now=now)
    return True


def unblock(email: Email) -> bool:
    """From now on it may be asked for again; False when it was not blocked."""
    return bool(Email.objects.filter(pk=email.pk, blocked_at__isnull=False).update(blocked_at=None))


def is_blocked(address: str) -> bool:
    """Whether this canonical address, or a domain it belongs to, is blocked."""
    lists = GateSettings.objects.first()
    if lists is not None and lists.blocks(address):
        return True
    return Email.objects.filter(address=address, blocked_at__isnull=False).exists()

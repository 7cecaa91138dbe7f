"""Entitlement: a payment gives access to its course, and a refund or a dispute ends it.

The grant follows from the payments: an address has the course by purchase if one of its payments opens it.
"""

import logging
from datetime import datetime
from uuid import UUID

from access import grants
from access.models import Email, Grant
from purchases.models import Payment

logger = logging.getLogger(__name__)


def settle(email_id: int | None, course_key: UUID | None, *, now: datetime) -> list[Payment]:
    """Give or revoke the grant as the payments of this address say, and mark duplicates, which paid for it again.

    Call it in a transaction that has locked the address, as often as you like. Returns the newly marked payments.
    """
    if email_id is None or course_key is None:
        return []
    payments = Payment.objects.filter(email=email_id, course_key=course_key)
    opening = list(payments.filter(opens=True).order_by("paid_at", "reference").values_list("pk", flat=True))
    twice = opening[1:]
    payments.filter(is_duplicate=True).exclude(pk__in=twice).update(is_duplicate=False)
    marked = list(payments.filter(pk__in=twice, is_duplicate=False))
    if marked:
        payments.filter(pk__in=twice).update(is_duplicate=True)
        for each in marked:
            each.is_duplicate = True  # as the rows now are: the email to their owner goes by it
        logger.error("Payments %s are for a course that was paid for already: refund them.", twice)
    held = Grant.objects.filter(
        email=email_id, course_key=course_key, source=Grant.Source.PURCHASE, revoked_at=None
    ).first()
    if opening and held is None:
        grants.give(Email.objects.get(pk=email_id), course_key=course_key, source=Grant.Source.PURCHASE, now=now)
    elif held is not None and not opening:
        grants.take(held, now=now)
    return marked


def lock(email_id: int | None) -> None:
    """Nobody else settles this address until our transaction ends. On SQLite only one transaction writes anyway."""
    if email_id is not None:
        Email.objects.select_for_update(no_key=True).filter(pk=email_id).first()

"""How often somebody may ask. Exact on every database and across processes; nothing but rows is consulted."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Min
from django.utils.crypto import salted_hmac

from access.models import ThrottleSlot


class Throttled(Exception):
    """A limit is used up. `retry_after` is how many seconds until the next try is free, at least 1."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"try again in {retry_after} s")
        self.retry_after = retry_after


def take(rule: str, key: str, *, limits: Iterable[tuple[int, int]], now: datetime) -> None:
    """Use up one try of `key` under each of `limits`, pairs of (how many, in how many seconds); all or none.

    Raises Throttled when one of them is used up. Any span of that many seconds holds at most that many tries.
    """
    # A digest, so that neither an address nor a 10 kB string lands in the table; keyed, so it cannot be reversed.
    digest = salted_hmac("access.throttle", key, algorithm="sha256").hexdigest()
    with transaction.atomic():
        for count, seconds in limits:
            _take(f"{rule}/{seconds}", digest, count=count, period=timedelta(seconds=seconds), now=now)


def _take(rule: str, key: str, *, count: int, period: timedelta, now: datetime) -> None:
    slots = ThrottleSlot.objects.filter(rule=rule, key=key, number__lt=count)
    # Each turn that neither returns nor raises was lost to another process that won; so it ends.
    while True:
        free = slots.filter(used_at__lte=now - period).order_by("used_at").first()
        if free is not None:
            if slots.filter(pk=free.pk, used_at=free.used_at).update(used_at=now):
                return
            continue
        used = slots.count()
        if used >= count:
            oldest = slots.aggregate(oldest=Min("used_at"))["oldest"] or now
            raise Throttled(max(1, int((oldest + period - now).total_seconds()) + 1))
        _, is_new = ThrottleSlot.objects.get_or_create(rule=rule, key=key, number=used, defaults={"used_at": now})
        if is_new:
            return


def forget(*, before: datetime) -> int:
    """Delete the slots last used before that moment; returns how many."""
    return ThrottleSlot.objects.filter(used_at__lt=before).delete()[0]

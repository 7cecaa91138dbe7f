"""Throttle (rate limits). Exact on every database and across processes; nothing but rows is consulted."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.crypto import salted_hmac

from access import batches
from access.models import ThrottleSlot

logger = logging.getLogger(__name__)

ALERT_EVERY = 3600  # seconds


class Throttled(Exception):
    """A limit of `rule` is used up. `retry_after` is how many seconds until the next try is free, at least 1."""

    def __init__(self, retry_after: int, *, rule: str = "") -> None:
        super().__init__(f"try again in {retry_after} s")
        self.retry_after = retry_after
        self.rule = rule


def consume(rule: str, key: str, *, limits: Iterable[tuple[int, int]], now: datetime, durable: bool = True) -> None:
    """Use up one try of `key` under each of `limits`, pairs of (how many, in how many seconds); all or none.

    Raises Throttled when one of them is used up. Any span of that many seconds holds at most that many tries.
    A try counts whatever becomes of the request: inside a transaction, which a later refusal would roll back together
    with the count, this raises RuntimeError. Limits on what was done, such as mails queued, say `durable=False`: they
    come and go with the transaction that does it.
    """
    # A digest, so that neither an address nor a 10 kB string lands in the table; keyed, so it cannot be reversed.
    digest = salted_hmac("access.limits.throttle", key, algorithm="sha256").hexdigest()
    with transaction.atomic(durable=durable):
        for count, seconds in limits:
            _take(rule, digest, count=count, seconds=seconds, now=now)


def is_first(rule: str, *, seconds: int, now: datetime) -> bool:
    """Whether nothing of this name happened in so many seconds: what goes on for hours is worth one alert, not one a
    request."""
    try:
        consume(rule, "", limits=[(1, seconds)], now=now)
    except Throttled:
        return False
    return True


def _take(rule: str, key: str, *, count: int, seconds: int, now: datetime) -> None:
    period, whose = timedelta(seconds=seconds), {"rule": f"{rule}/{seconds}", "key": key}
    slots = ThrottleSlot.objects.filter(
        **whose, number__lt=count
    )  # a limit that was lowered leaves slots that no longer count
    # Each turn that neither returns nor raises was lost to another process that won; so it ends.
    while True:
        free = slots.filter(used_at__lte=now - period).order_by("used_at").first()
        if free is not None:
            if slots.filter(pk=free.pk, used_at=free.used_at).update(used_at=now):
                return
            continue
        used = dict(slots.values_list("number", "used_at"))
        if len(used) >= count:
            oldest = min(used.values(), default=now)
            # Not 0, though another process writes an old moment just now.
            raise Throttled(max(1, int((oldest + period - now).total_seconds()) + 1), rule=rule)
        # The first that is missing, not the next: those forgotten meanwhile leave gaps.
        number = next(number for number in range(count) if number not in used)
        _, is_new = ThrottleSlot.objects.get_or_create(**whose, number=number, defaults={"used_at": now})
        if is_new:
            return


@contextmanager
def alert_once(rule: str, sentence: str, *, now: datetime) -> Iterator[None]:
    """Where this limit of the whole site refuses, say so to those who run it: once an hour, not once a request."""
    try:
        yield
    except Throttled as error:
        if error.rule == rule and is_first(f"{rule}/alert", seconds=ALERT_EVERY, now=now):
            logger.error(sentence)
        raise


def forget(*, before: datetime) -> int:
    """Delete slots last used before that moment, some of them at a time; returns how many."""
    return batches.delete(ThrottleSlot.objects.filter(used_at__lt=before).order_by("used_at"), most=10_000)

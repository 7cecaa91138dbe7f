"""Send email: every email of the site leaves here. An email that is owed is a row of a mail queue (the outbox).

It is claimed by one conditional UPDATE, built, sent, and tried again later where that fails, or parked with an alert.
An email can go out twice only if the process dies between the mail server's 'accepted' and the next line.
"""

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.mail import EmailMessage
from django.db.models import F

from mail.models import MAX_SENDS, QueuedMail, QueuedMailQuerySet

logger = logging.getLogger(__name__)

# Longer than a mail server may take to answer, so that a claim outlives its attempt.
LEASE = timedelta(minutes=5)
FIRST_RETRY = timedelta(seconds=30)
LAST_RETRY = timedelta(hours=1)
# After this long a round leaves the rest to the next, as whatever else is due waits for it.
ROUND = timedelta(seconds=40)

# How the messages of a claimed row are built at this moment: none where all is done without, None where nobody is to
# be sent anything any more.
type Build[Row: QueuedMail] = Callable[[Row, datetime], Sequence[EmailMessage] | None]


def send_due[Row: QueuedMail](
    rows: QueuedMailQuerySet[Row],
    build: Build[Row],
    *,
    now: datetime,
    limit: int = 200,
    if_not_sent: Mapping[str, Any] | None = None,
) -> int:
    """Send what is due among these rows, in their order; returns for how many `send` was True."""
    due = list(rows.due(now).values_list("pk", flat=True)[:limit])
    return sum(
        send(rows.filter(pk=pk), build, now=moment, if_not_sent=if_not_sent) for pk, moment in one_by_one(due, now=now)
    )


def send[Row: QueuedMail](
    rows: QueuedMailQuerySet[Row], build: Build[Row], *, now: datetime, if_not_sent: Mapping[str, Any] | None = None
) -> bool:
    """Send what the one row among these owes, if it is due and nobody else has claimed it.

    True when the mail server took it, or nothing was to be sent. `if_not_sent` holds columns and what becomes of them
    when it did not go out.
    """
    row = rows.first() if _claim(rows, now=now) else None
    if row is None:
        return False  # not due, claimed by somebody else, or deleted since
    # Only while it is this claim's: one that hung for longer leaves what another has done alone.
    mine = rows.queued().filter(sends=row.sends)
    try:
        messages = build(row, now)
        if messages is None:
            mine.update(parked_at=now)
            return False
        for message in messages:
            message.send()
    except Exception as error:  # whatever it is, it must not keep the others waiting
        mine.update(**_next_try(row.sends, now=now), **(if_not_sent or {}))
        _log_failure(row, error)
        return False
    rows.update(sent_at=now)
    return True


def one_by_one[T](rows: Iterable[T], *, now: datetime) -> Iterator[tuple[T, datetime]]:
    """Each with the time as it goes on from `now`: claimed by the time at which a slow round began, a row's claim
    would be over before its mail is sent, and another worker would send it too."""
    began = time.monotonic()
    for row in rows:
        passed = timedelta(seconds=time.monotonic() - began)
        if passed > ROUND:
            return
        yield row, now + passed


def _claim(rows: QueuedMailQuerySet[Any], *, now: datetime) -> bool:
    """Claim the one row among these, if it is due: nobody else may send it until LEASE is over.

    The UPDATE compares the row's own columns alone. What is filtered through a relation becomes a subquery, which
    PostgreSQL does not look at again after it has waited for another claim: two would win.
    """
    sends = rows.due(now).values_list("sends", flat=True).first()
    if sends is None:
        return False
    return bool(rows.queued().filter(sends=sends).update(send_after=now + LEASE, sends=F("sends") + 1))


def _next_try(sends: int, *, now: datetime) -> dict[str, datetime | None]:
    """What becomes of a row whose mail was not taken at this try: when to try again, and whether it is given up."""
    wait = min(FIRST_RETRY * 2 ** (sends - 1), LAST_RETRY)
    return {"send_after": now + wait, "parked_at": now if sends >= MAX_SENDS else None}


def _log_failure(row: QueuedMail, error: Exception) -> None:
    """As an alert once it is given up. Never the address, nor the server's own words, which may hold it."""
    level = logging.ERROR if row.sends >= MAX_SENDS else logging.WARNING
    name = f"{type(row).__name__} {row.pk}"
    logger.log(level, "%s was not mailed (try %s): %s", name, row.sends, type(error).__name__)

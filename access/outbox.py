"""The mails that are owed: claimed by one conditional UPDATE, minted, sent, tried again later, or parked with an alert.

A mail can go out twice only if the process dies between the mail server's 'accepted' and the next line; the first
link is dead then, as the second mail's secret replaced it.
"""

import logging
import time
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import F, QuerySet

from access import blocking, mails, secrets
from access.models import EmailVerificationToken
from access.models.tokens import MAX_SENDS

logger = logging.getLogger(__name__)

# Longer than a mail server may take to answer, so that a claim outlives the attempt it stands for.
LEASE = timedelta(minutes=5)
FIRST_RETRY = timedelta(seconds=30)
LAST_RETRY = timedelta(hours=1)
# After this long a round leaves the rest to the next, as whatever else is due waits for it.
ROUND = timedelta(seconds=40)


def send_due(*, now: datetime, limit: int = 200) -> int:
    """Send what is due, oldest first; returns how many went out."""
    due = EmailVerificationToken.objects.due(now).order_by("send_after").values_list("pk", flat=True)[:limit]
    return sum(send(pk, now=moment) for pk, moment in one_by_one(list(due), now=now))


def one_by_one[T](rows: Iterable[T], *, now: datetime) -> Iterator[tuple[T, datetime]]:
    """Each with the time as it goes on from `now`: claimed by the time at which a slow round began, a row's claim
    would be over before its mail is sent, and another worker would send it too."""
    began = time.monotonic()
    for row in rows:
        passed = timedelta(seconds=time.monotonic() - began)
        if passed > ROUND:
            return
        yield row, now + passed


def claim(rows: QuerySet[Any], *, now: datetime) -> bool:
    """Claim the one row that owes a mail, if it is among these: nobody else may send it until LEASE is over.

    The UPDATE compares the row's own columns alone. What is filtered through a relation becomes a subquery, which
    PostgreSQL does not look at again after it has waited for another claim: two would win.
    """
    found = rows.values_list("pk", "sends").first()
    if found is None:
        return False
    pk, sends = found
    same = rows.model._default_manager.filter(pk=pk, sends=sends, sent_at=None)
    return bool(same.update(send_after=now + LEASE, sends=F("sends") + 1))


def next_try(sends: int, *, now: datetime) -> dict[str, datetime | None]:
    """What becomes of a row whose mail was not taken at this try: when to try again, and whether it is given up."""
    wait = min(FIRST_RETRY * 2 ** (sends - 1), LAST_RETRY)
    return {"send_after": now + wait, "parked_at": now if sends >= MAX_SENDS else None}


def say_failure(what: str, sends: int, error: Exception) -> None:
    """Log it: as an alert once it is given up. Never the address, nor the server's own words, which may hold it."""
    level = logging.ERROR if sends >= MAX_SENDS else logging.WARNING
    logger.log(level, "%s was not mailed (try %s): %s", what, sends, type(error).__name__)


def send(token_id: UUID, *, now: datetime) -> bool:
    """Send this token's mail if it is due and nobody else has claimed it; True when the mail server took it."""
    tokens = EmailVerificationToken.objects.filter(pk=token_id)
    if not claim(tokens.due(now), now=now):
        return False
    token = tokens.select_related("email", "page").get()
    secret, code = secrets.new(), secrets.new_code()
    # Stored first: a link in a mailbox that no row knows would be a broken promise. The clock starts here.
    expires_at = now + timedelta(seconds=settings.VERIFICATION_SECONDS)
    minted = tokens.queued().update(
        digest=secrets.digest(secret),
        code_digest=secrets.code_digest(code, owner=token.pk),
        expires_at=expires_at,
    )
    if not minted:
        return False  # burnt since it was claimed: another mail to the address was used
    try:
        # A blocked address gets a link and a code like any other, but no mail: who asks must not see the difference.
        if not blocking.is_blocked(token.sent_to):
            mails.verification(token, secret=secret, code=code, expires_at=expires_at).send()
    except Exception as error:  # whatever it is: no link may live that was not mailed, and the others must be sent
        _postpone(token, digest=secrets.digest(secret), error=error, now=now)
        return False
    tokens.update(sent_at=now)
    return True


def _postpone(token: EmailVerificationToken, *, digest: str, error: Exception, now: datetime) -> None:
    # No live link may remain of a mail that did not go out. But one that got through after all and was used stays
    # spent, and one that another worker mailed, because this one hung for longer than its claim, is left alone.
    EmailVerificationToken.objects.filter(pk=token.pk, digest=digest, spent_at=None).update(
        digest=None, code_digest="", expires_at=None, **next_try(token.sends, now=now)
    )
    say_failure(f"Verification {token.pk}", token.sends, error)

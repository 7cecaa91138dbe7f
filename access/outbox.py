"""The mails that are owed: claimed by one conditional UPDATE, minted, sent, tried again later, or parked with an alert.

A mail can go out twice only if the process dies between the mail server's 'accepted' and the next line; the first
link is dead then, as the second mail's secret replaced it.
"""

import logging
import smtplib
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import F

from access import blocking, mails, secrets
from access.models import EmailVerificationToken
from access.models.tokens import MAX_SENDS

logger = logging.getLogger(__name__)

# Longer than a mail server may take to answer, so that a claim outlives the attempt it stands for.
LEASE = timedelta(minutes=5)
FIRST_RETRY = timedelta(seconds=30)
LAST_RETRY = timedelta(hours=1)


def send_due(*, now: datetime, limit: int = 200) -> int:
    """Send what is due, oldest first; returns how many went out."""
    due = EmailVerificationToken.objects.due(now).order_by("send_after").values_list("pk", flat=True)[:limit]
    return sum(send(pk, now=now) for pk in list(due))


def send(token_id: UUID, *, now: datetime) -> bool:
    """Send this token's mail if it is due and nobody else has claimed it; True when the mail server took it."""
    tokens = EmailVerificationToken.objects.filter(pk=token_id)
    if not tokens.due(now).update(send_after=now + LEASE, sends=F("sends") + 1):
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
    except (OSError, smtplib.SMTPException) as error:
        _postpone(token, digest=secrets.digest(secret), error=error, now=now)
        return False
    tokens.update(sent_at=now)
    return True


def _postpone(token: EmailVerificationToken, *, digest: str, error: Exception, now: datetime) -> None:
    is_last = token.sends >= MAX_SENDS
    wait = min(FIRST_RETRY * 2 ** (token.sends - 1), LAST_RETRY)
    # No live link may remain of a mail that did not go out. But one that got through after all and was used stays
    # spent, and one that another worker mailed, because this one hung for longer than its claim, is left alone.
    EmailVerificationToken.objects.filter(pk=token.pk, digest=digest, spent_at=None).update(
        digest=None, code_digest="", expires_at=None, send_after=now + wait, parked_at=now if is_last else None
    )
    level = logging.ERROR if is_last else logging.WARNING
    logger.log(level, "Verification %s was not mailed (try %s): %s", token.pk, token.sends, type(error).__name__)

"""Sending the mails of verifications: link and code are minted when the mail is sent, and live only if it is.

A mail that goes out twice, as mail.outbox says when, carries another link each time; the first one is dead then.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage

from access.limits import blocking
from access.models import EmailVerificationToken
from access.sessions import token_secrets
from access.verification import messages
from mail import outbox

TOKENS = EmailVerificationToken.objects.select_related("email", "page").order_by("send_after")
# No live link may remain of a mail that did not go out.
UNMINTED = {"digest": None, "code_digest": "", "expires_at": None}


def send_due(*, now: datetime, limit: int = 200) -> int:
    """Send what is due, oldest first; returns how many went out."""
    return outbox.send_due(TOKENS, _mint, now=now, limit=limit, if_not_sent=UNMINTED)


def send(token_id: UUID, *, now: datetime) -> bool:
    """Send this token's mail if it is due and nobody else has claimed it; True when the mail server took it."""
    return outbox.send(TOKENS.filter(pk=token_id), _mint, now=now, if_not_sent=UNMINTED)


def _mint(token: EmailVerificationToken, now: datetime) -> Sequence[EmailMessage] | None:
    """A secret and a code, stored first: a link in a mailbox that no row knows would be a broken promise.

    Their time starts here.
    """
    secret, code = token_secrets.new(), token_secrets.new_code()
    expires_at = now + timedelta(seconds=settings.VERIFICATION_SECONDS)
    minted = (
        EmailVerificationToken.objects.queued()
        .filter(pk=token.pk, sends=token.sends)
        .update(
            digest=token_secrets.digest(secret),
            code_digest=token_secrets.code_digest(code, owner=token.pk),
            expires_at=expires_at,
        )
    )
    if not minted:
        return None  # burnt since it was claimed: another mail to the address was used
    # A blocked address gets a link and a code like any other, but no mail: who asks must not see the difference.
    if blocking.is_blocked(token.sent_to):
        return []
    return [messages.verification(token, secret=secret, code=code, expires_at=expires_at)]

"""Send emails to reviewers and authors, and delete their rows some time after."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q

from access import batches
from mail import outbox
from review.models import CommentMail, ReviewMail
from review.notify import messages, recipients

REVIEW_MAILS = ReviewMail.objects.select_related("user", "task_state__workflow_state", "note").order_by("queued_at")
COMMENT_MAILS = CommentMail.objects.select_related("user", "page", "by").order_by("queued_at")


def send_due(*, now: datetime, limit: int = 200) -> int:
    """Send what is due, oldest first; returns how many went out."""
    notices_sent = outbox.send_due(REVIEW_MAILS, _notice, now=now, limit=limit)
    return notices_sent + outbox.send_due(COMMENT_MAILS, _comments, now=now, limit=limit)


def send(mail_id: int, *, now: datetime) -> bool:
    """Send this one if it is due and nobody else has claimed it; True when the mail server took it."""
    return outbox.send(REVIEW_MAILS.filter(pk=mail_id), _notice, now=now)


def send_comments(mail_id: int, *, now: datetime) -> bool:
    """The same for what was commented in the editor."""
    return outbox.send(COMMENT_MAILS.filter(pk=mail_id), _comments, now=now)


def _notice(row: ReviewMail, _now: datetime) -> list[EmailMessage] | None:
    return [messages.notice(row)] if recipients.is_wanted(row) else None


def _comments(row: CommentMail, _now: datetime) -> list[EmailMessage] | None:
    return [messages.comments(row)] if recipients.is_wanted(row) else None


def let_go(*, now: datetime) -> None:
    """Delete the rows of mails that were sent or given up long ago."""
    long_ended = now - timedelta(days=settings.KEEP_ENDED_DAYS)
    for model in (ReviewMail, CommentMail):
        some = batches.some(model.objects.all())
        batches.delete(some.filter(Q(sent_at__lt=long_ended) | Q(parked_at__lt=long_ended)))

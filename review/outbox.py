"""Sending what reviewers and authors are to be told: each row once, claimed as access.outbox claims its own."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q

from access import outbox
from review import mails, notices
from review.models import CommentMail, ReviewMail


def send_due(*, now: datetime, limit: int = 200) -> int:
    """Send what is due, oldest first; returns how many went out."""
    due = [
        (send_one, pk)
        for model, send_one in ((ReviewMail, send), (CommentMail, send_comments))
        for pk in model.objects.due(now).order_by("pk").values_list("pk", flat=True)[:limit]
    ]
    return sum(send_one(pk, now=moment) for (send_one, pk), moment in outbox.one_by_one(due, now=now))


def send(mail_id: int, *, now: datetime) -> bool:
    """Send this one if it is due and nobody else has claimed it; True when the mail server took it."""
    rows = ReviewMail.objects.select_related("user", "task_state__workflow_state", "note")
    return _send(rows.filter(pk=mail_id), words=mails.notice, now=now)


def send_comments(mail_id: int, *, now: datetime) -> bool:
    """The same for what was commented in the editor."""
    rows = CommentMail.objects.select_related("user", "page", "by")
    return _send(rows.filter(pk=mail_id), words=mails.comments, now=now)


def _send(rows: Any, *, words: Callable[[Any], EmailMessage], now: datetime) -> bool:
    if not outbox.claim(rows.due(now), now=now):
        return False
    row = rows.get()
    same = type(row).objects.filter(pk=row.pk, sent_at=None)
    try:
        if not notices.is_wanted(row):
            same.update(parked_at=now)  # decided meanwhile, or nobody who wants to be told
            return False
        words(row).send()
    except Exception as error:  # whatever it is, it must not keep the others from being told
        # Only while it is this claim's: one that hung for longer leaves what another has done alone.
        same.filter(sends=row.sends).update(**outbox.next_try(row.sends, now=now))
        outbox.say_failure(f"{type(row).__name__} {row.pk}", row.sends, error)
        return False
    same.update(sent_at=now)
    return True


def let_go(*, now: datetime) -> None:
    """Delete the rows of mails that were sent or given up long ago."""
    long_ended = now - timedelta(days=settings.KEEP_ENDED_DAYS)
    for model in (ReviewMail, CommentMail):
        model.objects.filter(Q(sent_at__lt=long_ended) | Q(parked_at__lt=long_ended)).delete()

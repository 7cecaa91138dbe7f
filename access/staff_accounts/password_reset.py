"""Password reset for staff: an email is requested, the worker or scheduler sends it, its link sets the password."""

import logging
import unicodedata
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.forms import PasswordResetForm
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from wagtail.users.models import UserProfile

from access import batches, tasks
from access.limits import throttle
from access.models import PasswordResetMail
from access.sessions import network
from mail import messages, outbox

logger = logging.getLogger(__name__)

FOR_ALL = "reset/all"


def request_mail(address: str, *, client: str, now: datetime) -> None:
    """Queue a mail to an address, whether or not anybody has it, for somebody in the network `client`.

    Raises throttle.Throttled, the same for every address.
    """
    if settings.LIMIT_LOOPBACK or not network.is_loopback(client):
        throttle.consume("reset/network", client, limits=settings.LIMITS_PER_NETWORK, now=now)
    # Not folded as learners' addresses are: what goes to no mailbox must not use up the limit of one that is like it.
    key = unicodedata.normalize("NFKC", address).casefold()
    sentence = f"The limit of password resets is used up: {settings.LIMITS_FOR_ALL}. Is it being flooded?"
    with throttle.alert_once(FOR_ALL, sentence, now=now), transaction.atomic():
        # These count mails: where one refuses, or what follows fails, neither has counted.
        throttle.consume("reset/address", key, limits=settings.LIMITS_PER_ADDRESS, now=now, durable=False)
        throttle.consume(FOR_ALL, "", limits=settings.LIMITS_FOR_ALL, now=now, durable=False)
        row = PasswordResetMail.objects.create(address=address, queued_at=now)
        tasks.send_password_reset.enqueue(row.pk)  # a row too: it comes and goes with this transaction


def send_due(*, now: datetime, limit: int = 200) -> int:
    """Send what is due, oldest first; returns for how many requests all is done."""
    return outbox.send_due(PasswordResetMail.objects.order_by("queued_at"), _messages, now=now, limit=limit)


def send(mail_id: int, *, now: datetime) -> bool:
    """Do what this request asks for, if it is due and nobody else is at it; True when there is nothing left to do."""
    return outbox.send(PasswordResetMail.objects.filter(pk=mail_id), _messages, now=now)


def expire(*, now: datetime) -> None:
    """Delete requests made long ago, done or not."""
    old = now - timedelta(days=settings.KEEP_UNVERIFIED_DAYS)
    batches.delete(PasswordResetMail.objects.filter(queued_at__lt=old).order_by("queued_at"))


def _messages(row: PasswordResetMail, _now: datetime) -> list[EmailMultiAlternatives]:
    """No message for an address that has no account, or none with a password."""
    return [_message(user) for user in PasswordResetForm().get_users(row.address)]


def _message(user: Any) -> EmailMultiAlternatives:
    """Its link starts with SITE_URL, whatever Host the request named: another would be handed the token."""
    key = [urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user)]
    context = {
        "username": user.get_username(),
        "url": settings.SITE_URL + reverse("wagtailadmin_password_reset_confirm", args=key),
        "hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
    }
    with override(UserProfile.get_for_user(user).get_preferred_language()):
        # To the address the account has, not as it was typed: two that look alike may be two mailboxes.
        return messages.build(
            "access/email/password_reset", _("Reset your %(site_name)s password"), context, to=user.email
        )

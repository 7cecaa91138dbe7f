"""Emails of a verification: link and code, as messages ready to send."""

from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils.translation import gettext

from access.gate import decisions
from access.models import EmailVerificationToken
from access.verification import purposes
from mail import messages


def verification(
    token: EmailVerificationToken, *, secret: str, code: str, expires_at: datetime
) -> EmailMultiAlternatives:
    """Who asked for what, until when, and what to do if it was somebody else. Nothing of the lesson but its title."""
    context = {
        "page_title": token.page.title if token.page and decisions.is_here(token.page) else "",
        "address": token.sent_to,
        "code": code,
        "spaced_code": f"{code[:3]} {code[3:]}",
        "url": settings.SITE_URL + reverse("access:confirm", args=[secret]),
        "minutes": settings.VERIFICATION_SECONDS // 60,
        "expires_at": expires_at,
    }
    if handling := purposes.handling_for(token):
        subject = (
            handling.subject_with_code if settings.CODE_IN_SUBJECT and handling.subject_with_code else handling.subject
        )
        return messages.build(handling.mail, subject, {**context, **handling.words(token)}, to=token.sent_to)
    subject = gettext("Your %(site_name)s sign-in code: %(spaced_code)s")
    if not settings.CODE_IN_SUBJECT:
        subject = gettext("Your sign-in link for %(site_name)s")
    return messages.build("access/email/verification", subject, context, to=token.sent_to)

"""The words of the mails, as messages ready to send."""

from datetime import datetime
from typing import Any

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext

from access import errands, gate
from access.models import EmailVerificationToken


def verification(
    token: EmailVerificationToken, *, secret: str, code: str, expires_at: datetime
) -> EmailMultiAlternatives:
    """Who asked for what, until when, and what to do if it was somebody else. Nothing of the lesson but its title."""
    context = {
        "site_name": settings.WAGTAIL_SITE_NAME,
        "site_url": settings.SITE_URL,
        "page_title": token.page.title if token.page and gate.is_here(token.page) else "",
        "address": token.sent_to,
        "code": code,
        "url": settings.SITE_URL + reverse("access:confirm", args=[secret]),
        "minutes": settings.VERIFICATION_SECONDS // 60,
        "expires_at": expires_at,
    }
    if errand := errands.of(token):
        return written(errand.mail, errand.subject, {**context, **errand.words(token)}, to=token.sent_to)
    return written("access/email/verification", gettext("Your way in to %(site_name)s"), context, to=token.sent_to)


def written(template: str, subject: str | Promise, context: dict[str, Any], *, to: str) -> EmailMultiAlternatives:
    """A mail as text and HTML, from the templates of that name. The subject may name what is in the context."""
    # One line: a page's title may hold what a header must not.
    line = " ".join((str(subject) % context).split())
    message = EmailMultiAlternatives(subject=line, body=render_to_string(f"{template}.txt", context), to=[to])
    message.extra_headers["Auto-Submitted"] = "auto-generated"
    html = render_to_string(f"{template}.html", context)
    message.attach_alternative(css_inline.inline(html, load_remote_stylesheets=False), "text/html")
    return message

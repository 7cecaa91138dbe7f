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
        "spaced_code": f"{code[:3]} {code[3:]}",
        "url": settings.SITE_URL + reverse("access:confirm", args=[secret]),
        "minutes": settings.VERIFICATION_SECONDS // 60,
        "expires_at": expires_at,
    }
    if errand := errands.of(token):
        subject = errand.subject_with_code if settings.CODE_IN_SUBJECT and errand.subject_with_code else errand.subject
        return written(errand.mail, subject, {**context, **errand.words(token)}, to=token.sent_to)
    subject = gettext("Your %(site_name)s sign-in code: %(spaced_code)s")
    if not settings.CODE_IN_SUBJECT:
        subject = gettext("Your sign-in link for %(site_name)s")
    return written("access/email/verification", subject, context, to=token.sent_to)


def written(template: str, subject: str | Promise, context: dict[str, Any], *, to: str) -> EmailMultiAlternatives:
    """A mail as text and HTML, from the templates of that name. The subject may name what is in the context."""
    # One line: a page's title may hold what a header must not.
    line = " ".join((str(subject) % context).split())
    context = {**context, "subject": line}
    message = EmailMultiAlternatives(subject=line, body=render_to_string(f"{template}.txt", context), to=[to])
    message.extra_headers["Auto-Submitted"] = "auto-generated"
    html = render_to_string(f"{template}.html", context)
    message.attach_alternative(css_inline.inline(html, load_remote_stylesheets=False), "text/html")
    return message

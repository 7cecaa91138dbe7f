"""Building an email message: subject, text and HTML from templates, and the headers that every message has."""

from typing import Any
from urllib.parse import urlsplit

import css_inline
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email
from django.template.loader import render_to_string
from django.utils.functional import Promise

# Behind the preheader: no mailbox shows more of a message's beginning. A no-break space, then one without width.
BLANKS = "\u00a0\u200c" * 120


def build(
    template: str, subject: str | Promise, context: dict[str, Any], *, to: str, name: str = "", reply_to: str = ""
) -> EmailMultiAlternatives:
    """A message from the templates of that name, `.txt` and `.html`; its subject may name what is in the context.

    The site's own name and URL are in every context, and `reply_to`: only where it is said may a template invite to
    answer, as nobody reads what is sent to the sender. For `name` and `reply_to` see `from_text`.
    """
    reply_to = _address_or_nothing(reply_to)
    context = {"site_name": settings.WAGTAIL_SITE_NAME, "site_url": settings.SITE_URL, "blanks": BLANKS, **context}
    context["reply_to"] = reply_to
    context["subject"] = _on_one_line(str(subject) % context)
    text = render_to_string(f"{template}.txt", context).strip() + "\n"
    message = from_text(context["subject"], text, to=to, name=name, reply_to=reply_to)
    # Only rules like those for dark mailboxes stay in the head: not every mailbox reads a style there.
    html = css_inline.inline(
        render_to_string(f"{template}.html", context), load_remote_stylesheets=False, keep_at_rules=True
    )
    message.attach_alternative(html, "text/html")
    return message


def from_text(subject: str, body: str, *, to: str, name: str = "", reply_to: str = "") -> EmailMultiAlternatives:
    """A message of text alone.

    `name` becomes its Message-ID, and has to be the same at every try: should a mail server take the message and die
    before it says so, the mailbox knows the second copy. Leave it out where each try says something else, as one with
    a new link does. `reply_to` is who reads an answer; what is no address is left out, so that it neither writes a
    header of its own nor holds the message up.
    """
    headers = {"Auto-Submitted": "auto-generated"}
    if name:
        headers["Message-ID"] = f"<{name}@{urlsplit(settings.SITE_URL).hostname}>"
    answers_to = [address] if (address := _address_or_nothing(reply_to)) else []
    return EmailMultiAlternatives(
        subject=_on_one_line(subject), body=body, to=[to], reply_to=answers_to, headers=headers
    )


def _address_or_nothing(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError:
        return ""
    return text


def _on_one_line(subject: str) -> str:
    # A page's title may hold line breaks, which a header must not.
    return " ".join(subject.split())

"""Emails to people on a waitlist: to confirm the subscription, and that the course is open."""

from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from access.models import EmailVerificationToken
from access.verification.purposes import Handling
from courses.models import CoursePage
from mail import messages
from release import waitlist
from release.models import WaitlistEntry


def confirm_words(token: EmailVerificationToken) -> dict[str, Any]:
    return {"leave_url": waitlist.leave_url(token.email_id, token.page.translation_key) if token.page else ""}


def waitlist_url(token: EmailVerificationToken) -> str:
    return reverse("release:waitlist", args=[token.page_id]) if token.page_id else reverse("access:session")


CONFIRM = Handling(
    subject=_("Get notified when “%(page_title)s” opens"),
    mail="release/email/confirm",
    words=confirm_words,
    url=waitlist_url,
)


def opened(entry: WaitlistEntry, course: CoursePage) -> EmailMultiAlternatives:
    leave_url = waitlist.leave_url(entry.email_id, entry.course_key)
    context = {
        "title": course.title,
        "summary": course.summary,
        "url": course.full_url,
        "asked_at": entry.asked_at,
        "leave_url": leave_url,
    }
    message = messages.build(
        "release/email/opened",
        gettext("“%(title)s” is now open"),
        context,
        to=entry.email.address,
        name=f"waitlist.{entry.pk}.{entry.course_key.hex}",
    )
    # Mail programs offer these themselves (RFC 8058): a button there is better than 'report as spam'.
    message.extra_headers["List-Unsubscribe"] = f"<{leave_url}>"
    message.extra_headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return message

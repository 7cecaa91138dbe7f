"""The words of the mail that proves a reviewer's mailbox, and where its link leads."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access.errands import Errand
from access.models import EmailVerificationToken
from review import links
from review.models import ReviewLink


def words(token: EmailVerificationToken) -> dict[str, Any]:
    return {"title": token.page.get_latest_revision_as_object().title if token.page else ""}


def url(token: EmailVerificationToken) -> str:
    """To the review it was asked for; a link that has ended meanwhile says so there."""
    mine = ReviewLink.objects.filter(page=token.page_id, mailbox=token.sent_to)
    link = mine.open(timezone.now()).order_by("created_at").last() or mine.order_by("created_at").last()
    return reverse("review:mailbox", args=[links.signed(link)]) if link else reverse("access:session")


CODE = Errand(subject=_("Your code for reviewing “%(title)s”"), mail="review/email/code", words=words, url=url)

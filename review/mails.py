"""The words of the mail that proves a reviewer's mailbox, and where its link leads."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from access.errands import Errand
from access.models import EmailVerificationToken
from review import links, showing
from review.models import ReviewLink


def words(token: EmailVerificationToken) -> dict[str, Any]:
    """The draft's title, as long as the link shows it."""
    link = _links(token).open(timezone.now()).first()
    shown = showing.all_of(link) if link else []
    return {"title": shown[0].draft().title if showing.waits(shown) else gettext("a page")}


def url(token: EmailVerificationToken) -> str:
    """To the very link it was asked through, which says so where it has ended. Never to another that is open by now:
    whoever asked through this one may not have that one."""
    link = _links(token).first()
    return reverse("review:mailbox", args=[links.signed(link)]) if link else reverse("access:session")


def _links(token: EmailVerificationToken) -> Any:
    return ReviewLink.objects.filter(verifications__token=token)


CODE = Errand(
    subject=_("Your code for reviewing “%(title)s”"),
    mail="review/email/code",
    words=words,
    url=url,
    private=_("Open your review link again. It says whether it's still open, and you can get a new code there."),
)

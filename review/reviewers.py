"""Who reviews: an account of this site, or a mailbox that was proved through a review link. A name is never a key."""

from dataclasses import dataclass
from typing import Any

from wagtail.admin.utils import get_user_display_name

from review.models import ReviewLink


@dataclass(frozen=True, kw_only=True)
class AccountReviewer:
    """What it may do is asked of Wagtail, for every decision anew."""

    user: Any

    @property
    def name(self) -> str:
        """As Wagtail shows it elsewhere."""
        return str(get_user_display_name(self.user))


@dataclass(frozen=True, kw_only=True)
class MailboxReviewer:
    """A person who proved `mailbox`, a canonical address, in a browser that has opened `link`. That the link was made
    for this mailbox, and is open, is checked for every decision anew."""

    link: ReviewLink
    mailbox: str

    @property
    def name(self) -> str:
        return self.mailbox


type Reviewer = AccountReviewer | MailboxReviewer

"""May this visitor read this page? Pure and total: nothing but its two arguments goes in."""

import enum
from dataclasses import dataclass
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Level(TextChoices):
    """What a page asks of its reader, from the least to the most."""

    ANYONE = "anyone", _("Open to anyone")
    EMAIL = "email", _("Email address")
    PURCHASE = "purchase", _("Purchase")


class Status(TextChoices):
    """How far along a page is, from the least to the most."""

    DRAFT = "draft", _("Draft")
    COMING_SOON = "coming_soon", _("Coming soon")
    PUBLISHED = "published", _("Published")


class Decision(enum.Enum):
    """The one answer, which is also the reason the gate gives."""

    ALLOW = "allow"
    NEEDS_EMAIL = "needs_email"
    NEEDS_PURCHASE = "needs_purchase"
    NOT_YET = "not_yet"
    NOT_HERE = "not_here"


@dataclass(frozen=True, kw_only=True)
class Restriction:
    """What a page asks. `level` None: nobody knows, so nobody reads it.

    `courses` are the translation keys that a purchase must cover, all of them: an alias asks for its own course
    and for its source's. `is_kept`: the level is that of the course it was copied or moved from, which asks for more.
    """

    level: Level | None
    status: Status
    is_free_preview: bool = False
    courses: frozenset[UUID] = frozenset()
    is_kept: bool = False

    @property
    def is_open(self) -> bool:
        """True when the page reads the same to everyone, so that the answer need not be kept private."""
        return self.status is Status.PUBLISHED and self.level is Level.ANYONE


OPEN = Restriction(level=Level.ANYONE, status=Status.PUBLISHED)
UNKNOWN = Restriction(level=None, status=Status.DRAFT)


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """Who asks: the address a browser has proved, what was granted to it, and a staff member's right to the page."""

    email: str | None = None
    grants: frozenset[UUID] = frozenset()
    is_page_staff: bool = False


ANONYMOUS = Visitor()


def decide(restriction: Restriction, visitor: Visitor) -> Decision:
    if restriction.level is None or restriction.status is Status.DRAFT:
        return Decision.NOT_HERE
    if visitor.is_page_staff:
        return Decision.ALLOW
    if restriction.status is Status.COMING_SOON:
        return Decision.NOT_YET
    if restriction.is_free_preview or restriction.level is Level.ANYONE:
        return Decision.ALLOW
    if restriction.level is Level.PURCHASE:
        is_granted = visitor.email is not None and bool(restriction.courses) and restriction.courses <= visitor.grants
        return Decision.ALLOW if is_granted else Decision.NEEDS_PURCHASE
    return Decision.ALLOW if visitor.email is not None else Decision.NEEDS_EMAIL


def strictest(levels: list[Level]) -> Level | None:
    """The level that asks the most; None, which opens nothing, when there is none to ask."""
    return max(levels, key=list(Level).index, default=None)


def least(statuses: list[Status]) -> Status:
    """The status that is least far along; draft when there is none."""
    return min(statuses, key=list(Status).index, default=Status.DRAFT)

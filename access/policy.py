"""The access policy: may this visitor read this page? Pure and total: nothing but its two arguments goes in.

Levels, statuses and decisions are closed sets. Code branches on one by `match` with `assert_never`, or asks a property
that does, so that mypy names each place where a new member must be thought of. What gets past mypy is refused.
"""

import enum
from dataclasses import dataclass
from typing import Never, assert_never
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Level(TextChoices):
    """What a page asks of its reader, from the least to the most."""

    ANYONE = "anyone", _("Open to anyone")
    EMAIL = "email", _("Email address")
    PURCHASE = "purchase", _("Purchase")

    @property
    def is_sold(self) -> bool:
        """Whether a course that asks this is bought: it has a price, and its readers need a grant."""
        match self:
            case Level.PURCHASE:
                return True
            case Level.ANYONE | Level.EMAIL:
                return False
            case _:
                assert_never(self)


class Status(TextChoices):
    """How far along a page is, from the least to the most."""

    DRAFT = "draft", _("Draft")
    COMING_SOON = "coming_soon", _("Coming soon")
    PUBLISHED = "published", _("Published")

    @property
    def is_public(self) -> bool:
        """Whether anybody may know of the page: see its title, and a link to it."""
        match self:
            case Status.COMING_SOON | Status.PUBLISHED:
                return True
            case Status.DRAFT:
                return False
            case _:
                assert_never(self)

    @property
    def is_published(self) -> bool:
        """Whether it is open to those who may read it."""
        match self:
            case Status.PUBLISHED:
                return True
            case Status.DRAFT | Status.COMING_SOON:
                return False
            case _:
                assert_never(self)

    @property
    def is_coming_soon(self) -> bool:
        """Whether it is announced, so that people may wait for it."""
        match self:
            case Status.COMING_SOON:
                return True
            case Status.DRAFT | Status.PUBLISHED:
                return False
            case _:
                assert_never(self)


class Decision(enum.Enum):
    """The one answer, which is also the reason the gate gives."""

    ALLOW = "allow"
    NEEDS_EMAIL = "needs_email"
    NEEDS_PURCHASE = "needs_purchase"
    NOT_YET = "not_yet"
    NOT_HERE = "not_here"

    @property
    def is_allowed(self) -> bool:
        """Whether the page itself is served."""
        match self:
            case Decision.ALLOW:
                return True
            case Decision.NEEDS_EMAIL | Decision.NEEDS_PURCHASE | Decision.NOT_YET | Decision.NOT_HERE:
                return False
            case _:
                assert_never(self)

    @property
    def is_here(self) -> bool:
        """Whether there is anything to show, be it only the gate; False is answered like a page that never was."""
        match self:
            case Decision.ALLOW | Decision.NEEDS_EMAIL | Decision.NEEDS_PURCHASE | Decision.NOT_YET:
                return True
            case Decision.NOT_HERE:
                return False
            case _:
                assert_never(self)


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
        match self.level:
            case Level.ANYONE:
                return self.status.is_published
            case Level.EMAIL | Level.PURCHASE | None:
                return False
            case _:
                assert_never(self.level)


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
    by_level = _by_level(restriction, visitor)
    if not by_level.is_here:
        return Decision.NOT_HERE  # also for staff, and as a free preview
    match restriction.status:
        case Status.DRAFT:
            return Decision.NOT_HERE
        case Status.COMING_SOON:
            return Decision.ALLOW if visitor.is_page_staff else Decision.NOT_YET
        case Status.PUBLISHED:
            return Decision.ALLOW if visitor.is_page_staff or restriction.is_free_preview else by_level
        case unknown:
            return _refuse(unknown)


def _by_level(restriction: Restriction, visitor: Visitor) -> Decision:
    """What the level alone says, of a page that is published."""
    match restriction.level:
        case None:
            return Decision.NOT_HERE
        case Level.ANYONE:
            return Decision.ALLOW
        case Level.EMAIL:
            return Decision.ALLOW if visitor.email is not None else Decision.NEEDS_EMAIL
        case Level.PURCHASE:
            is_named = visitor.email is not None and bool(restriction.courses)
            return Decision.ALLOW if is_named and restriction.courses <= visitor.grants else Decision.NEEDS_PURCHASE
        case unknown:
            return _refuse(unknown)


def _refuse(_unknown: Never) -> Decision:
    """As assert_never, for mypy; but the policy answers whatever it is asked."""
    return Decision.NOT_HERE


def strictest(levels: list[Level]) -> Level | None:
    """The level that asks the most; None, which opens nothing, when there is none to ask."""
    return max(levels, key=list(Level).index, default=None)


def least(statuses: list[Status]) -> Status:
    """The status that is least far along; draft when there is none."""
    return min(statuses, key=list(Status).index, default=Status.DRAFT)

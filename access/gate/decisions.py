"""The access decision for a request: the policy asked about one page, and the answer noted on the request.

access.gate.serving asks here before a page is served, for the middleware and for previews. The hook in wagtail_hooks
only checks the note, so if the middleware is ever missing or out of order, the page is refused, not served.
"""

from dataclasses import dataclass

from django.http import HttpRequest
from wagtail.models import Page

from access import policy
from access.models import OpenPageMixin, RestrictedPageMixin
from access.policy import ANONYMOUS, Decision, Restriction, Visitor
from access.sessions import visitor


@dataclass(frozen=True, kw_only=True)
class Note:
    """What was decided about which page, for whom."""

    page_id: int
    restriction: Restriction
    visitor: Visitor
    decision: Decision


def restriction_of(page: Page) -> Restriction:
    """What the page asks. A page type that says nothing asks for what nobody has."""
    return page.restriction() if isinstance(page, OpenPageMixin | RestrictedPageMixin) else policy.UNKNOWN


def decide_for(request: HttpRequest, page: Page) -> Note:
    """Decide about this page for the visitor who makes this request."""
    restriction = restriction_of(page)
    who = ANONYMOUS
    decision = policy.decide(restriction, who)
    # What is open to nobody-in-particular is open to all, and what is not here is here for none
    # (the policy is monotone): only in between does it matter, and cost a query, who asks.
    if decision.is_here and not decision.is_allowed:
        who = visitor.visitor_for(request, page)
        decision = policy.decide(restriction, who)
    return Note(page_id=page.pk, restriction=restriction, visitor=who, decision=decision)


def record(request: HttpRequest, note: Note) -> None:
    request.gate_note = note  # type: ignore[attr-defined]


def noted(request: HttpRequest) -> Note | None:
    return getattr(request, "gate_note", None)


def is_shut(request: HttpRequest, page: Page) -> bool:
    """True unless this very page was decided upon for this request and allowed."""
    found = noted(request)
    return found is None or found.page_id != page.pk or not found.decision.is_allowed


def is_here(page: Page) -> bool:
    """Whether anybody may know of the page: a draft, or a lesson of one, is neither named nor linked to."""
    return restriction_of(page.specific).status.is_public

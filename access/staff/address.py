"""The page of one address: its browsers, its courses, its last requests for mail, and what staff did."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets.button import HeaderButton

from access.limits import blocking
from access.models import Email, EmailVerificationToken, Grant, LearnerSession
from access.staff import explain, history, listing

RECENT = 20


@dataclass(frozen=True, kw_only=True)
class SessionRow:
    session: LearnerSession
    state: str
    is_alive: bool


@dataclass(frozen=True, kw_only=True)
class GrantRow:
    grant: Grant
    course: str


@dataclass(frozen=True, kw_only=True)
class RequestRow:
    """A verification request, as far as staff may know it: no link, no code, no digest."""

    asked_at: datetime
    sent_at: datetime | None
    outcome: str


class AddressView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    model = Email
    permission_required = "view"
    template_name = "access/staff/address.html"
    header_icon = "user"
    page_title = gettext_lazy("Learner")

    @cached_property
    def email(self) -> Email:
        return get_object_or_404(Email, pk=self.kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return self.email.address

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return breadcrumbs(self.email)

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        url = f"{reverse('learners:why')}?learner={self.email.pk}"
        return [HeaderButton(_("Why can’t they open this?"), url=url, icon_name="help")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        user = self.request.user
        return {
            **super().get_context_data(**kwargs),
            "email": self.email,
            "state": listing.state(self.email),
            "is_listed": not self.email.blocked_at and blocking.is_blocked(self.email.address),
            "sessions": sessions_of(self.email, now=now),
            "grants": grants_of(self.email),
            "requests": requests_of(self.email, now=now),
            "history": history.entries_for(self.email),
            "may_change": user.has_perm("access.change_email"),
            "may_give": user.has_perm("access.add_grant"),
            "may_take": user.has_perm("access.change_grant"),
        }


def breadcrumbs(email: Email, last: str = "") -> list[dict[str, str]]:
    items = [
        {"url": reverse("wagtailadmin_home"), "label": _("Home")},
        {"url": reverse("learners:index"), "label": _("Learners")},
        {"url": reverse("learners:address", args=[email.pk]) if last else "", "label": email.address},
    ]
    return [*items, {"url": "", "label": last}] if last else items


def sessions_of(email: Email, *, now: datetime) -> list[SessionRow]:
    states = [(each, session_state(each, now=now)) for each in email.sessions.order_by("-seen_at")[:RECENT]]
    signed_in = _("Signed in")
    return [SessionRow(session=each, state=state or signed_in, is_alive=not state) for each, state in states]


def session_state(session: LearnerSession, *, now: datetime) -> str:
    """Why it opens nothing any more; "" while it does."""
    if session.revoked_at:
        return _("Signed out")
    if session.email.blocked_at:
        return _("Blocked")
    if session.until <= now:
        return _("Ended")
    if not session.is_kept and session.seen_at <= now - timedelta(seconds=settings.LEARNER_IDLE_SECONDS):
        return _("Idle for too long")
    return ""


def grants_of(email: Email) -> list[GrantRow]:
    found = list(email.grants.order_by("-granted_at"))
    titles = explain.course_titles(each.course_key for each in found)
    return [GrantRow(grant=each, course=titles[each.course_key]) for each in found]


def requests_of(email: Email, *, now: datetime) -> list[RequestRow]:
    recent = email.tokens.order_by("-asked_at")[:RECENT]
    return [RequestRow(asked_at=each.asked_at, sent_at=each.sent_at, outcome=outcome(each, now=now)) for each in recent]


def outcome(token: EmailVerificationToken, *, now: datetime) -> str:
    if token.spent_at:
        return _("Used %s") % explain.moment(token.spent_at)
    if token.burnt_at:
        return _("Ended: another email to this address was used")
    if token.is_used_up:
        return _("Ended: too many wrong codes or addresses")
    if token.parked_at:
        return _("Failed: the mail server didn’t accept it") if token.sends else _("Not sent: the address is blocked")
    if token.expires_at and token.expires_at <= now:
        return _("Expired unused")
    if token.sent_at:
        return _("Sent, not used yet")
    return _("Waiting to be sent again") if token.sends > 1 else _("Waiting to be sent")

"""The page of one order: buyer, course, state, access, the emails about it, and what staff can do."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from access.models import Grant
from courses.models import CoursePage
from purchases.models import Payment
from purchases.models.states import State
from purchases.orders import orders, refunds
from purchases.staff import history, words
from purchases.stripe import stripe_api

DASHBOARD = "https://dashboard.stripe.com"


@dataclass(frozen=True, kw_only=True)
class EventRow:
    text: str
    made_at: datetime
    received_at: datetime
    outcome: str
    is_applied: bool
    source: str
    reference: str


@dataclass(frozen=True, kw_only=True)
class MailRow:
    text: str
    queued_at: datetime
    state: str
    sent_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class RefundRow:
    money: str
    reason: str
    by: Any
    asked_at: datetime
    state: str
    keeps: bool


class OrderView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    model = Payment
    permission_required = "view"
    template_name = "purchases/staff/order.html"
    header_icon = "tag"
    page_title = gettext_lazy("Order")

    @cached_property
    def payment(self) -> Payment:
        return find(self.kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return orders.number(self.payment)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return breadcrumbs(self.payment)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        payment, user = self.payment, self.request.user
        address = payment.email.address if payment.email else ""
        may_change = user.has_perm("purchases.change_payment")
        return {
            **super().get_context_data(**kwargs),
            "payment": payment,
            "number": orders.number(payment),
            "address": address,
            "course": course_of(payment),
            "title": payment.intent.course_title if payment.intent else "",
            "state": words.state(payment),
            "marks": words.marks(payment),
            "advice": words.advice(payment),
            "access": words.access(payment, address=address, is_open=has_course(payment)),
            "is_test": not is_live(payment),
            "provider_url": provider_url(payment),
            "events": events_of(payment),
            "mails": mails_of(payment),
            "refunds": refunds_of(payment),
            "history": history.entries_for(payment),
            "may_see_learner": bool(payment.email_id) and user.has_perm("access.view_email"),
            "may_refund": is_refundable(payment) and user.has_perm("purchases.refund_payment"),
            "may_send": may_change and has_receipt(payment),
            "may_move": may_change and payment.course_key is not None,
            "may_end": may_change and payment.opens,
            "may_reopen": may_change and payment.ended_at is not None,
        }


def find(pk: int) -> Payment:
    return get_object_or_404(Payment.objects.orders().select_related("intent", "email"), pk=pk)


def breadcrumbs(payment: Payment, last: str = "") -> list[dict[str, str]]:
    url = reverse("orders:order", args=[payment.pk]) if last else ""
    items = [
        {"url": reverse("wagtailadmin_home"), "label": _("Home")},
        {"url": reverse("orders:index"), "label": _("Orders")},
        {"url": url, "label": orders.number(payment)},
    ]
    return [*items, {"url": "", "label": last}] if last else items


def is_live(payment: Payment) -> bool:
    return payment.intent.is_live if payment.intent else stripe_api.is_live()


def provider_url(payment: Payment) -> str:
    """The payment at Stripe; "" for a free order, of which Stripe knows no payment."""
    if not payment.reference.startswith("pi_"):
        return ""
    mode = "" if is_live(payment) else "/test"
    return f"{DASHBOARD}{mode}/payments/{payment.reference}"


def course_of(payment: Payment) -> CoursePage | None:
    if payment.course_key is None:
        return None
    return CoursePage.objects.filter(translation_key=payment.course_key).order_by("-live", "pk").first()


def has_course(payment: Payment) -> bool:
    if payment.email_id is None or payment.course_key is None:
        return False
    held = Grant.objects.filter(email=payment.email_id, course_key=payment.course_key, revoked_at=None)
    return held.exists()


def has_receipt(payment: Payment) -> bool:
    """Whether what its receipt says is still so."""
    return payment.opens and payment.email_id is not None and not payment.is_duplicate


def is_refundable(payment: Payment) -> bool:
    return State(payment.state).has_money and refunds.left(payment) > 0


def events_of(payment: Payment) -> list[EventRow]:
    return [
        EventRow(
            text=words.event(row),
            made_at=row.made_at,
            received_at=row.received_at,
            outcome=row.get_outcome_display(),
            is_applied=row.outcome == row.Outcome.APPLIED,
            source=words.source(row),
            reference=row.reference,
        )
        for row in payment.events.select_related("payment").order_by("made_at", "pk")
    ]


def mails_of(payment: Payment) -> list[MailRow]:
    return [
        MailRow(text=row.get_kind_display(), queued_at=row.queued_at, state=words.mail(row), sent_at=row.sent_at)
        for row in payment.mails.order_by("queued_at", "pk")
    ]


def refunds_of(payment: Payment) -> list[RefundRow]:
    return [
        RefundRow(
            money=str(row.money),
            reason=row.reason,
            by=row.by,
            asked_at=row.asked_at,
            state=words.refund(row),
            keeps=row.keeps_access,
        )
        for row in payment.refunds.select_related("by", "payment").order_by("asked_at")
    ]

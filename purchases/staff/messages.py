"""Payment messages that somebody has to look at: they belong to no checkout of this site, or to another mode."""

import json
from datetime import timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.views.reports import ReportView
from wagtail.permission_policies import ModelPermissionPolicy

from purchases.models import Payment, PaymentEvent
from purchases.orders import orders
from purchases.staff import words

Outcome = PaymentEvent.Outcome
RECENT = timedelta(days=30)
ADVICE = {
    Outcome.UNMATCHED: gettext_lazy(
        "It names a checkout this site doesn’t have: its record may have been lost with a database, or two sites "
        "share one Stripe account. If someone paid here, refund them in Stripe or grant them the course."
    ),
    Outcome.OTHER_MODE: gettext_lazy(
        "It’s a test payment on a live site, or the other way round. Nothing was done. Check the site’s Stripe "
        "keys and webhook secret: both must be live, or both test."
    ),
}


def suspicious() -> QuerySet[PaymentEvent]:
    """Without those of another site that shares the account, which name no checkout."""
    unmatched = Q(outcome=Outcome.UNMATCHED) & ~Q(facts__intent="")
    return PaymentEvent.objects.filter(unmatched | Q(outcome=Outcome.OTHER_MODE))


class MessageFilterSet(WagtailFilterSet):
    outcome = django_filters.ChoiceFilter(
        label=gettext_lazy("Why it’s here"),
        choices=[(value, value.label) for value in (Outcome.UNMATCHED, Outcome.OTHER_MODE)],
        empty_label=gettext_lazy("All"),
        widget=forms.RadioSelect,
    )

    class Meta:
        model = PaymentEvent
        fields: list[str] = []


class MessagesView(ReportView):
    permission_policy = ModelPermissionPolicy(Payment)
    permission_required = "view"
    page_title = gettext_lazy("Payment messages")
    header_icon = "mail"
    index_url_name = "orders:messages"
    index_results_url_name = "orders:messages_results"
    results_template_name = "purchases/staff/messages_results.html"
    filterset_class = MessageFilterSet
    list_export: list[str] = []
    columns = [
        TitleColumn(
            "kind",
            label=gettext_lazy("What"),
            accessor=words.event,
            get_url=lambda row: reverse("orders:message", args=[row.pk]),
        ),
        StatusTagColumn("outcome", label=gettext_lazy("Why it’s here"), accessor="get_outcome_display"),
        DateColumn("received_at", label=gettext_lazy("Received")),
        Column("reference", label=gettext_lazy("Stripe ID")),
    ]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.is_export = False

    def get_queryset(self) -> QuerySet[PaymentEvent]:
        return suspicious().select_related("payment").order_by("-received_at", "-pk")

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return breadcrumbs()


class MessageView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """Any message, word for word."""

    permission_policy = ModelPermissionPolicy(Payment)
    permission_required = "view"
    template_name = "purchases/staff/message.html"
    page_title = gettext_lazy("Payment message")
    header_icon = "mail"

    @cached_property
    def row(self) -> PaymentEvent:
        return get_object_or_404(PaymentEvent.objects.select_related("payment"), pk=self.kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return self.row.reference

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return breadcrumbs(self.row.reference)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.row
        payment = Payment.objects.orders().filter(pk=row.payment_id).first() if row.payment_id else None
        return {
            **super().get_context_data(**kwargs),
            "row": row,
            "text": words.event(row),
            "advice": ADVICE.get(Outcome(row.outcome), "") if suspicious().filter(pk=row.pk).exists() else "",
            "body": pretty(row.body),
            "payment": payment,
            "number": orders.number(payment) if payment else "",
        }


def breadcrumbs(last: str = "") -> list[dict[str, str]]:
    items = [
        {"url": reverse("wagtailadmin_home"), "label": _("Home")},
        {"url": reverse("orders:index"), "label": _("Orders")},
        {"url": reverse("orders:messages") if last else "", "label": _("Payment messages")},
    ]
    return [*items, {"url": "", "label": last}] if last else items


def pretty(body: str) -> str:
    try:
        return json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return body


def recent() -> QuerySet[PaymentEvent]:
    return suspicious().filter(received_at__gt=timezone.now() - RECENT)

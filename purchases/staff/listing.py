"""The list of orders: search, filters, columns, and its export."""

import re
from typing import Any
from uuid import UUID

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Max, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.widgets.button import HeaderButton

from access.staff.listing import neutral
from purchases.models import Payment, Refund
from purchases.models.states import State
from purchases.orders import orders
from purchases.staff import history, words

NUMBER = re.compile(r"(?P<mark>L-?)?0*(?P<number>[1-9][0-9]{0,17})", re.ASCII | re.IGNORECASE)


def course_choices() -> list[tuple[UUID, str]]:
    named = Payment.objects.orders().exclude(course_key=None).order_by()
    found = named.values_list("course_key").annotate(title=Max("intent__course_title"))
    return sorted(((key, title) for key, title in found), key=lambda choice: choice[1])


def found_by(query: str) -> Q:
    """An order's number as on receipts, or a part of its address or course, or the start of a reference."""
    query = query.strip()
    number = NUMBER.fullmatch(query)
    by_number = Q(pk=int(number["number"])) if number else Q(pk=None)
    if number and number["mark"]:
        return by_number
    refunds = Refund.objects.filter(reference__istartswith=query)
    return (
        by_number
        | Q(email__address__icontains=query)
        | Q(intent__course_title__icontains=query)
        | Q(reference__istartswith=query)
        | Q(intent__session__istartswith=query)
        | Q(pk__in=refunds.values("payment"))
    )


class OrderFilterSet(WagtailFilterSet):
    attention = django_filters.ChoiceFilter(
        label=_("Attention"),
        method="filter_attention",
        choices=[("needed", _("Needs attention"))],
        empty_label=_("All"),
        widget=forms.RadioSelect,
    )
    state = django_filters.ChoiceFilter(label=_("State"), choices=State, empty_label=_("All"), widget=forms.RadioSelect)
    course = django_filters.ChoiceFilter(
        label=_("Course"), field_name="course_key", choices=course_choices, empty_label=_("All")
    )
    paid_at = django_filters.DateFromToRangeFilter(label=_("Paid"), widget=DateRangePickerWidget)

    class Meta:
        model = Payment
        fields: list[str] = []

    def filter_attention(self, queryset: QuerySet[Payment], name: str, value: str) -> QuerySet[Payment]:
        return queryset.filter(pk__in=Payment.objects.needing_attention().values("pk"))


class StateColumn(Column):
    """The state, and beside it why the order needs somebody."""

    cell_template_name = "purchases/staff/state_cell.html"

    def get_cell_context_data(self, instance: Payment, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        return {**context, "marks": words.marks(instance), "is_open": instance.opens}


class OrderIndexView(generic.IndexView):
    model = Payment
    any_permission_required = ["view"]
    page_title = _("Orders")
    results_template_name = "purchases/staff/orders_results.html"
    filterset_class = OrderFilterSet
    search_fields = ["reference"]  # found_by has the others
    default_ordering = "-pk"
    paginate_by = 50
    verbose_name_plural = _("orders")
    export_filename = "orders"
    list_export = ["number", "address", "course", "paid_at", "state", "amount", "refunded", "currency", "reference"]
    list_export += ["attention"]
    export_headings = {
        "number": _("Order"),
        "address": _("Address"),
        "course": _("Course"),
        "paid_at": _("Paid"),
        "state": _("State"),
        "amount": _("Amount"),
        "refunded": _("Refunded"),
        "currency": _("Currency"),
        "reference": _("Stripe ID"),
        "attention": _("Needs attention"),
    }

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn(
                "pk",
                label=_("Order"),
                accessor=orders.number,
                sort_key="pk",
                get_url=lambda payment: reverse("orders:order", args=[payment.pk]),
            ),
            StateColumn("state", label=_("State"), accessor=words.state, classname="order-state"),
            Column("address", label=_("Address"), accessor=address_of, classname="order-address"),
            Column("course", label=_("Course"), accessor=course_of),
            Column("money", label=_("Paid"), accessor=lambda payment: str(payment.money) if payment.currency else ""),
            Column("refunded", label=_("Refunded"), accessor=_refunded),
            DateColumn("paid_at", label=_("Paid on"), sort_key="paid_at"),
        ]

    def get_base_queryset(self) -> QuerySet[Payment]:
        return Payment.objects.orders().select_related("intent", "email")

    def search_queryset(self, queryset: QuerySet[Payment]) -> QuerySet[Payment]:
        return queryset.filter(found_by(self.search_query)) if self.is_searching else queryset

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        return [
            HeaderButton(_("Payment messages"), url=reverse("orders:messages"), icon_name="mail"),
            HeaderButton(_("Revenue"), url=reverse("revenue:index"), icon_name="table"),
        ]

    @cached_property
    def show_export_buttons(self) -> bool:
        return bool(self.request.user.has_perm("purchases.export_payment"))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.is_export and not self.show_export_buttons:
            raise PermissionDenied
        return super().get(request, *args, **kwargs)

    def as_spreadsheet(self, queryset: QuerySet[Payment], spreadsheet_format: str) -> HttpResponse:
        history.write_export(self.request, count=queryset.count())
        return super().as_spreadsheet(queryset, spreadsheet_format)

    def to_row_dict(self, item: Payment) -> dict[str, Any]:
        """Amounts as numbers with which a spreadsheet can count."""
        return {
            "number": orders.number(item),
            "address": address_of(item),
            "course": course_of(item),
            "paid_at": timezone.localtime(item.paid_at) if item.paid_at else None,
            "state": words.state(item),
            "amount": item.money.decimal if item.currency else None,
            "refunded": item.money_refunded.decimal if item.currency else None,
            "currency": item.currency,
            "reference": item.reference,
            "attention": "; ".join(words.marks(item)),
        }

    def preprocess_field_value(self, field: str, value: Any, export_format: str) -> Any:
        return neutral(super().preprocess_field_value(field, value, export_format))


def address_of(payment: Payment) -> str:
    return payment.email.address if payment.email else ""


def course_of(payment: Payment) -> str:
    return payment.intent.course_title if payment.intent else ""


def _refunded(payment: Payment) -> str:
    return str(payment.money_refunded) if payment.refunded else ""

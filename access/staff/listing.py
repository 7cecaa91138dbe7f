"""The list of addresses: search, filters, columns, and its export."""

from datetime import datetime
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.widgets.button import HeaderButton

from access.models import Email, Grant
from access.sessions import learner_sessions
from access.staff import history

# A spreadsheet takes a cell that begins with one of these for a formula, and runs it.
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
STATES: dict[str, dict[str, Any]] = {
    "verified": {"verified_at__isnull": False, "blocked_at": None},
    "unverified": {"verified_at": None, "blocked_at": None},
    "blocked": {"blocked_at__isnull": False},
}


def rows(now: datetime) -> QuerySet[Email]:
    """The addresses, each with how many browsers are signed in and how many courses are granted to it."""
    return Email.objects.annotate(
        browser_count=_count(learner_sessions.alive(now)), grant_count=_count(Grant.objects.filter(revoked_at=None))
    )


def state(email: Email) -> str:
    if email.blocked_at:
        return str(_("Blocked"))
    return str(_("Verified")) if email.verified_at else str(_("Unverified"))


class EmailFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(
        label=_("State"),
        method="filter_state",
        choices=[("verified", _("Verified")), ("unverified", _("Unverified")), ("blocked", _("Blocked"))],
        empty_label=_("All"),
        widget=forms.RadioSelect,
    )

    class Meta:
        model = Email
        fields: list[str] = []

    def filter_state(self, queryset: QuerySet[Email], name: str, value: str) -> QuerySet[Email]:
        return queryset.filter(**STATES[value])


class EmailIndexView(generic.IndexView):
    model = Email
    any_permission_required = ["view"]
    page_title = _("Learners")
    results_template_name = "access/staff/results.html"
    filterset_class = EmailFilterSet
    search_fields = ["address"]
    default_ordering = "-pk"
    paginate_by = 50
    verbose_name_plural = _("email addresses")
    export_filename = "email-addresses"
    list_export = ["address", "asked_at", "verified_at", "blocked_at", "browser_count", "grant_count"]
    export_headings = {"browser_count": _("Signed-in devices"), "grant_count": _("Grants")}

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn(
                "address",
                label=_("Address"),
                sort_key="address",
                get_url=lambda email: reverse("learners:address", args=[email.pk]),
            ),
            StatusTagColumn("state", label=_("State"), accessor=state, primary=lambda email: not email.blocked_at),
            DateColumn("asked_at", label=_("First requested"), sort_key="asked_at"),
            DateColumn("verified_at", label=_("Verified"), sort_key="verified_at"),
            NumberColumn("browser_count", label=_("Devices")),
            NumberColumn("grant_count", label=_("Grants")),
        ]

    def get_base_queryset(self) -> QuerySet[Email]:
        return rows(timezone.now())

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        return [HeaderButton(_("Why can’t they open this?"), url=reverse("learners:why"), icon_name="help")]

    @cached_property
    def show_export_buttons(self) -> bool:
        return bool(self.request.user.has_perm("access.export_email"))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.is_export and not self.show_export_buttons:
            raise PermissionDenied
        return super().get(request, *args, **kwargs)

    def as_spreadsheet(self, queryset: QuerySet[Email], spreadsheet_format: str) -> HttpResponse:
        history.write_export(self.request, count=queryset.count())
        return super().as_spreadsheet(queryset, spreadsheet_format)

    def preprocess_field_value(self, field: str, value: Any, export_format: str) -> Any:
        return neutral(super().preprocess_field_value(field, value, export_format))


def neutral(cell: Any) -> Any:
    """The cell, so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(STARTS_A_FORMULA) else cell


def _count(owned: QuerySet[Any]) -> Coalesce:
    of_this = owned.filter(email=OuterRef("pk")).order_by().values("email").annotate(count=Count("pk"))
    return Coalesce(Subquery(of_this.values("count"), output_field=IntegerField()), 0)

"""The report 'Revenue': a chart, and below it the same as a table, by course and month; as CSV too."""

import csv
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets.button import HeaderButton

from access.staff.listing import neutral
from purchases.models import Payment
from purchases.orders import revenue
from purchases.orders.revenue import Line
from purchases.staff import chart
from purchases.stripe import stripe_api

YEARS = range(2000, 2101)
USUAL = 12  # months
MOST = 60


class MonthField(forms.DateField):
    """Typed as 2026-11. The browsers' own field for months is missing in some of them, and awkward in others."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(format="%Y-%m", attrs={"autocomplete": "off", "size": 8})
        invalid = gettext_lazy("Enter the month as year and number, such as 2026-11.")
        super().__init__(input_formats=["%Y-%m"], widget=widget, error_messages={"invalid": invalid}, **kwargs)

    def to_python(self, value: Any) -> date | None:
        found = super().to_python(value)
        if found and found.year not in YEARS:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return found


class MonthsForm(forms.Form):
    first = MonthField(label=gettext_lazy("From (year-month)"))
    last = MonthField(label=gettext_lazy("To (year-month)"))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and not first <= last:
            self.add_error("last", _("This month is before the first one."))
        elif first and last and first < revenue.months_before(last, MOST - 1):
            self.add_error("first", _("At most %s months at a time.") % MOST)
        return cleaned


class RevenueView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    model = Payment
    permission_required = "view"
    template_name = "purchases/staff/revenue.html"
    page_title = gettext_lazy("Revenue")
    header_icon = "table"

    @cached_property
    def form(self) -> MonthsForm:
        last = timezone.localdate(timezone=timezone.get_default_timezone()).replace(day=1)
        usual = {"first": revenue.months_before(last, USUAL - 1), "last": last}
        is_chosen = "first" in self.request.GET or "last" in self.request.GET
        return MonthsForm(self.request.GET if is_chosen else None, initial=usual)

    @cached_property
    def months(self) -> tuple[date, date]:
        chosen = self.form.cleaned_data if self.form.is_bound and self.form.is_valid() else self.form.initial
        return chosen["first"], chosen["last"]

    @cached_property
    def lines(self) -> list[Line]:
        return revenue.lines(*self.months)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._csv() if request.GET.get("export") == "csv" else super().get(request, *args, **kwargs)

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        first, last = self.months
        url = f"{self.request.path}?first={first:%Y-%m}&last={last:%Y-%m}&export=csv"
        return [HeaderButton(_("Download CSV"), url=url, icon_name="download")] if self.lines else []

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [*self.breadcrumbs_items, {"url": "", "label": str(self.page_title)}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        first, last = self.months
        totals = revenue.totals(self.lines)
        return {
            **super().get_context_data(**kwargs),
            "form": self.form,
            "lines": self.lines,
            "totals": totals,
            "charts": [
                chart.draw(revenue.by_month(self.lines, total.gross.currency, first=first, last=last))
                for total in totals
                if total.gross.minor
            ],
            "size": chart,
            "is_test": not stripe_api.is_live(),
        }

    def _csv(self) -> HttpResponse:
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="revenue.csv"'
        writer = csv.writer(response)
        heads = [_("Month"), _("Course"), _("Currency"), _("Orders"), _("Gross"), _("Refunded"), _("Net")]
        writer.writerow(heads)
        for line in self.lines:
            amounts = [line.gross.decimal, line.gone.decimal, line.net.decimal]
            row = [f"{line.month:%Y-%m}", line.course, line.gross.currency, line.count, *amounts]
            writer.writerow([neutral(cell) for cell in row])
        return response

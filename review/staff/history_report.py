"""The report of what reviewers said, about the pages one may see."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn

from courses.staff.report import PagesReport
from review.models import ReviewNote


class NoteFilterSet(WagtailFilterSet):
    kind = django_filters.ChoiceFilter(
        label=_("Decision"), choices=ReviewNote.Kind, empty_label=_("All"), widget=forms.RadioSelect
    )
    said_at = django_filters.DateFromToRangeFilter(label=_("When"), widget=DateRangePickerWidget)

    class Meta:
        model = ReviewNote
        fields: list[str] = []


class ReviewHistoryReport(PagesReport):
    page_title = _("Review history")
    header_icon = "history"
    index_url_name = "review_history_report"
    index_results_url_name = "review_history_report_results"
    filterset_class = NoteFilterSet
    no_results_message = _("No reviews yet.")
    export_filename = "review-history"
    list_export = ["said_at", "page.title", "get_kind_display", "name", "text", "revision_id"]
    export_headings = {
        "said_at": _("When"),
        "page.title": _("Page"),
        "get_kind_display": _("Decision"),
        "name": _("Reviewer"),
        "text": _("Comment"),
        "revision_id": _("Revision"),
    }
    columns = [
        TitleColumn(
            "page",
            label=_("Page"),
            accessor="page.title",
            get_url=lambda note: reverse("wagtailadmin_pages:history", args=[note.page_id]),
        ),
        Column("kind", label=_("Decision"), accessor="get_kind_display", width="12%"),
        Column("name", label=_("Reviewer"), width="20%"),
        Column("text", label=_("Comment"), width="35%"),
        DateColumn("said_at", label=_("When"), width="12%"),
    ]

    def get_base_queryset(self) -> QuerySet[ReviewNote]:
        seen = self.permission_policy.explorable_instances(self.request.user)
        return ReviewNote.objects.filter(page__in=seen.values("pk")).select_related("page").order_by("-said_at", "-pk")

    def rows(self, pages: QuerySet[Any]) -> list[Any]:
        return list(pages)

"""The base of reports about pages: who sees them, of which pages, and an export that no spreadsheet executes."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.reports import ReportView
from wagtail.models import Page
from wagtail.permissions import policy_registry

from access.staff.listing import neutral

RIGHTS = ["add", "change", "publish"]


class PagesReport(ReportView):
    """For users who write or publish pages, about the pages they may see. `rows` makes what is listed of them."""

    any_permission_required = RIGHTS
    page_model: Any = Page
    list_export: list[str] = []

    @cached_property
    def permission_policy(self) -> Any:
        return policy_registry.get_by_type(Page)

    def get_base_queryset(self) -> QuerySet[Any]:
        seen = self.permission_policy.explorable_instances(self.request.user)
        return self.page_model.objects.filter(pk__in=seen.values("pk")).order_by("path")

    def get_filtered_queryset(self) -> list[Any]:
        return self.rows(self.filter_queryset(self.get_base_queryset()))

    def rows(self, pages: QuerySet[Any]) -> list[Any]:
        raise NotImplementedError

    def preprocess_field_value(self, field: str, value: Any, export_format: str) -> Any:
        return neutral(super().preprocess_field_value(field, value, export_format))


class ReportMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        policy = policy_registry.get_by_type(Page)
        return bool(policy.user_has_any_permission(request.user, RIGHTS))


NOTHING = _("Nothing to show.")

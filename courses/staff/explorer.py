"""Lists of courses and lessons in the admin: status, access, what comes next and readiness."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.safestring import mark_safe
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BaseColumn, Column, DateColumn
from wagtail.admin.ui.tables.orderable import OrderingColumn
from wagtail.admin.ui.tables.pages import BulkActionsColumn, PageTable, PageTitleColumn
from wagtail.admin.views.pages.listing import ExplorableIndexView, IndexView, PageFilterSet
from wagtail.admin.views.pages.usage import ContentTypeUseView
from wagtail.admin.widgets.button import HeaderButton

from access.policy import Level, Status
from courses import publishing_status
from courses.editing import readiness
from courses.models import CoursePage, LessonPage
from courses.staff import ordering, row_permissions

NEXT = [
    ("review", _("In review, or changes requested")),
    ("scheduled", _("Scheduled")),
    ("wishing", _("A date is set, but it hasn’t been published")),
]


class StatusColumn(BaseColumn):
    cell_template_name = "courses/staff/status_cell.html"


class ReadinessColumn(Column):
    cell_template_name = "courses/staff/readiness_cell.html"

    def get_value(self, instance: Any) -> str:
        checks = instance.checks
        if not checks:
            return gettext("Ready")
        return ngettext("%(count)s to fix", "%(count)s to fix", len(checks)) % {"count": len(checks)}

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        context = super().get_cell_context_data(instance, parent_context)
        return {**context, "is_blocked": readiness.is_blocked(instance.checks)}


def access_of(page: Any) -> str:
    """What the lessons of a course ask for; of a lesson, only where it is not what its course asks."""
    if isinstance(page, LessonPage):
        return gettext("Free preview") if page.is_free_preview else gettext("Same as its course")
    return str(page.level.label)


class StandingFilterSet(PageFilterSet):
    """Filters by what is derived, each as a condition on the rows."""

    status = django_filters.ChoiceFilter(
        label=_("Status"), method="of_status", choices=Status, empty_label=_("All"), widget=forms.RadioSelect
    )
    next = django_filters.ChoiceFilter(
        label=_("Goes live"), method="of_next", choices=NEXT, empty_label=_("All"), widget=forms.RadioSelect
    )

    def of_status(self, pages: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        return publishing_status.having(Status(value), pages)

    def of_next(self, pages: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        if value == "review":
            return publishing_status.in_review(pages)
        if value == "scheduled":
            return publishing_status.scheduled(pages)
        return publishing_status.wishing(pages, now=timezone.now())


class CourseFilterSet(StandingFilterSet):
    access = django_filters.ChoiceFilter(
        label=_("Access"), choices=Level, empty_label=_("All"), widget=forms.RadioSelect
    )

    class Meta:
        model = CoursePage
        fields: list[str] = []


class LessonFilterSet(StandingFilterSet):
    is_free_preview = django_filters.ChoiceFilter(
        label=_("Access"),
        choices=[("True", _("Free preview")), ("False", _("Same as its course"))],
        empty_label=_("All"),
        widget=forms.RadioSelect,
    )

    class Meta:
        model = LessonPage
        fields: list[str] = []


class DragColumn(OrderingColumn):
    """A handle only where the page may be dragged."""

    def render_cell_html(self, instance: Any, parent_context: Any) -> str:
        return super().render_cell_html(instance, parent_context) if instance.is_movable else mark_safe("<td></td>")


class DragTable(PageTable):
    @cached_property
    def ordering_column(self) -> DragColumn:
        return DragColumn("ordering", width="80px", sort_key=self.sort_order_field)


class StandingTableMixin(IndexView):
    """Our columns in one of Wagtail's listings of pages. What they show is gathered for all rows at once."""

    base_columns = [
        BulkActionsColumn("bulk_actions"),
        PageTitleColumn("title", label=_("Title"), sort_key="title", classname="title"),
        StatusColumn("status", label=_("Status"), width="10%"),
        Column("access", label=_("Access"), accessor=access_of, width="12%"),
        Column("goes_live", label=_("Goes live"), accessor="standing.sentence", width="22%"),
        ReadinessColumn("readiness", label=_("Readiness"), width="10%"),
        DateColumn(
            "latest_revision_created_at", label=_("Updated"), sort_key="latest_revision_created_at", width="10%"
        ),
    ]

    def get_table(self, object_list: Any) -> Any:
        pages = list(object_list)
        standings, checks = publishing_status.statuses_for(pages), readiness.checks_by_page(pages)
        for page in pages:
            page.standing, page.checks = standings[page.pk], checks[page.pk]
        row_permissions.prepare(pages, self.request.user)
        return super().get_table(pages)


class StandingIndexView(StandingTableMixin, ExplorableIndexView):
    """Wagtail's explorer."""

    results_template_name = "courses/staff/explorer_results.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "standing": publishing_status.status_for(self.parent_page)}


class StandingUseView(StandingTableMixin, ContentTypeUseView):
    """All pages of a type, wherever they are in the tree."""


class LessonIndexView(StandingIndexView):
    """The lessons of a course. Adding one is the next thing an editor wants, so it is said in words."""

    add_item_label = _("Add lesson")
    table_class = DragTable

    def get_table(self, object_list: Any) -> Any:
        pages = list(object_list)
        for page in pages:
            page.is_movable = ordering.may_move(page, self.parent_page, self.request.user)
        return super().get_table(pages)

    def get_reorder_url(self) -> str | None:
        return super().get_reorder_url() if ordering.may_drag(self.parent_page, self.request.user) else None

    @cached_property
    def add_button(self) -> HeaderButton | None:
        if not self.add_url:
            return None
        return HeaderButton(self.add_item_label, url=self.add_url, icon_name="plus")

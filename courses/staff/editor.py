"""The editor of a course or lesson: its publishing status above the form, and its readiness in a panel beside it."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.ui.side_panels import BaseSidePanel
from wagtail.admin.views.pages.edit import EditView as WagtailEditView
from wagtail.admin.widgets.button import HeaderButton
from wagtail.models import Page

from courses import publishing_status
from courses.editing import access_change, readiness
from courses.models import CoursePage
from courses.staff import bulk_grant, own_access

# Rooms above this one add side panels of theirs: each is asked for one, and may answer None.
MORE_PANELS: list[Callable[[Page, HttpRequest], BaseSidePanel | None]] = []


class ReadinessPanel(BaseSidePanel):
    """What is still open, each with a link to the place where it is fixed."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        aria_label = gettext_lazy("Toggle readiness")
        icon_name = "clipboard-list"

        def get_context_data(self, parent_context: Any) -> dict[str, Any]:
            return {**super().get_context_data(parent_context), "count": len(self.panel.checks)}

    name = "readiness"
    title = gettext_lazy("Readiness")
    template_name = "courses/staff/readiness_panel.html"
    order = 340

    def __init__(self, page: Page, request: HttpRequest) -> None:
        super().__init__(page, request)
        self.checks = readiness.checks_for(page)

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        effect = access_change.effect(self.object, self.object.latest_revision)
        return {
            **super().get_context_data(parent_context),
            "checks": self.checks,
            "effect": effect,
            "own_access_url": own_access.url_for(self.object, self.request.user) if effect.kept else "",
            "keep_url": bulk_grant.url_for(self.object, self.request.user) if effect.can_keep else "",
        }


def add_lesson_url(course: CoursePage, user: Any) -> str:
    """ "" for who may not write there."""
    if not course.permissions_for_user(user).can_add_subpage():
        return ""
    return reverse("wagtailadmin_pages:add", args=["courses", "lessonpage", course.pk])


class EditView(WagtailEditView):
    partials_template_name = "courses/staff/edit_partials.html"

    def get_template_names(self) -> list[str]:
        names = super().get_template_names()
        return ["courses/staff/edit.html"] if names == ["wagtailadmin/pages/edit.html"] else names

    @cached_property
    def header_buttons(self) -> list[Any]:
        course = self.page
        url = add_lesson_url(course, self.request.user) if isinstance(course, CoursePage) else ""
        add = [HeaderButton(_("Add lesson"), url=url, icon_name="plus")] if url else []
        return [*super().header_buttons, *add]

    def get_side_panels(self) -> MediaContainer:
        more = [panel for make in MORE_PANELS if (panel := make(self.page, self.request))]
        return MediaContainer([*super().get_side_panels(), ReadinessPanel(self.page, self.request), *more])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "standing": publishing_status.status_for(self.page)}

"""Wagtail hooks of the review: its pages, menus, history and guards in the admin."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.views.home import WorkflowObjectsToModeratePanel
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from courses.models import Topic
from courses.staff.report import ReportMenuItem
from library import permissions
from review import history
from review.staff import guards, links
from review.staff.history_report import ReviewHistoryReport
from review.staff.viewsets import ReviewViewSet


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    history.register(actions)


@hooks.register("register_admin_viewset")
def register_reviews() -> ReviewViewSet:
    return ReviewViewSet()


@hooks.register("construct_homepage_panels")
def leave_out_what_cannot_be_edited(request: HttpRequest, panels: list[Any]) -> None:
    """home.dashboard says what waits; the buttons of Wagtail's own panel lead into an editor that is locked."""
    panels[:] = [panel for panel in panels if panel.name != WorkflowObjectsToModeratePanel.name]


@hooks.register("register_page_header_buttons")
def offer_links(page: Page, user: Any, view_name: str, next_url: str | None = None) -> Iterable[Button]:
    return links.header_button(page, user)


@hooks.register("construct_admin_api")
def guard_the_api(router: Any) -> None:
    guards.guard_the_api()


@hooks.register("before_edit_snippet")
def refuse_to_rename_what_is_live(request: HttpRequest, instance: Any) -> None:
    """A topic's name shows on the cards and in the catalogue's URLs at once: there is no draft of it."""
    if isinstance(instance, Topic) and not permissions.may_publish_all(request.user, instance.courses.live()):
        raise PermissionDenied


@hooks.register("register_admin_urls")
def register_review_history() -> list[URLPattern]:
    report = ReviewHistoryReport
    return [
        path("reports/reviews/", report.as_view(), name="review_history_report"),
        path("reports/reviews/results/", report.as_view(results_only=True), name="review_history_report_results"),
    ]


@hooks.register("register_reports_menu_item")
def register_review_history_item() -> ReportMenuItem:
    url = reverse("review_history_report")
    return ReportMenuItem(_("Review history"), url, name="review-history", icon_name="history", order=720)

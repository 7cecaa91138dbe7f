"""What editors find about courses in Wagtail's admin."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogFormatter
from wagtail.models import Page

from courses.models import CoursePage
from courses.staff import bulk_grant, editor, own_access, reports
from courses.staff.report import ReportMenuItem
from courses.staff.viewsets import CourseViewSet, LessonViewSet


@hooks.register("register_admin_viewset")
def register_pages() -> list[Any]:
    return [CourseViewSet(), LessonViewSet()]


@hooks.register("register_admin_urls")
def register_urls() -> list[URLPattern]:
    health, access = reports.ContentHealthReport, reports.AccessReport
    return [
        path("reports/content-health/", health.as_view(), name="content_health_report"),
        path(
            "reports/content-health/results/", health.as_view(results_only=True), name="content_health_report_results"
        ),
        path("reports/access/", access.as_view(), name="access_report"),
        path("reports/access/results/", access.as_view(results_only=True), name="access_report_results"),
        path("courses/<int:page_id>/own-access/", own_access.OwnAccessView.as_view(), name="own_access"),
        path("courses/<int:page_id>/keep-readers/", bulk_grant.KeepReadersView.as_view(), name="keep_readers"),
    ]


@hooks.register("register_permissions")
def register_permissions() -> QuerySet[Permission]:
    return Permission.objects.filter(content_type__app_label="courses", codename="set_price")


@hooks.register("register_reports_menu_item")
def register_content_health() -> ReportMenuItem:
    url = reverse("content_health_report")
    return ReportMenuItem(
        gettext_lazy("Content to fix"), url, name="content-health", icon_name="clipboard-list", order=700
    )


@hooks.register("register_reports_menu_item")
def register_access() -> ReportMenuItem:
    url = reverse("access_report")
    return ReportMenuItem(gettext_lazy("Access overview"), url, name="access-overview", icon_name="key", order=710)


@hooks.register("register_page_listing_more_buttons")
def add_lesson(page: Page, user: Any, next_url: str | None = None) -> Iterator[Button]:
    if isinstance(page, CoursePage) and (url := editor.add_lesson_url(page, user)):
        yield Button(_("Add lesson"), url, icon_name="plus", priority=1)


@hooks.register("insert_global_admin_css")
def add_styles() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', versioned_static("courses/css/admin.css"))


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    @actions.register_action(bulk_grant.KEEP)
    class KeepFormatter(LogFormatter):
        label = gettext_lazy("Learners kept")

        def format_message(self, log_entry: Any) -> str:
            return _("The course was granted to %(count)s of its learners") % {"count": log_entry.data["count"]}

    @actions.register_action(own_access.FOLLOW)
    class FollowFormatter(LogFormatter):
        label = gettext_lazy("Access decided")

        def format_message(self, log_entry: Any) -> str:
            return _("The lesson was let follow its course “%(course)s”") % {"course": log_entry.data["course"]}


@hooks.register("before_convert_alias_page")
def leave_conversion_to_publishers(request: HttpRequest, page: Page) -> None:
    """An alias asks what its source asks, and its text is published anew. What a stricter source asks is kept."""
    if not page.permissions_for_user(request.user).can_publish():
        raise PermissionDenied

"""Wagtail hooks of releases: waitlists in the admin, and a warning when the scheduler has stopped."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.models import Page

from access.staff import history
from release.staff import scheduler_health, waitlists
from release.staff.viewsets import WaitlistsMenuItem, WaitlistViewSet

STAFF_PERMISSIONS = ["view_waitlistentry", "delete_waitlistentry", "export_waitlistentry"]


@hooks.register("register_admin_viewset")
def register_waitlists() -> WaitlistViewSet:
    return WaitlistViewSet()


@hooks.register("register_reports_menu_item")
def register_waitlists_menu_item() -> WaitlistsMenuItem:
    return WaitlistsMenuItem(_("Waitlists"), reverse("waitlists:index"), name="waitlists", icon_name="mail", order=650)


@hooks.register("register_permissions")
def register_permissions() -> QuerySet[Permission]:
    return Permission.objects.filter(content_type__app_label="release", codename__in=STAFF_PERMISSIONS)


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    history.register(actions, waitlists.ACTIONS)


@hooks.register("construct_homepage_panels")
def add_standstill(request: HttpRequest, panels: list[Any]) -> None:
    panels.append(scheduler_health.StandstillPanel())


@hooks.register("before_edit_page")
def warn_about_release(request: HttpRequest, page: Page) -> None:
    """On top of the editor, for a page that waits for its time or had to."""
    if request.method != "GET":
        return
    now = timezone.now()
    notices = [*scheduler_health.overdue_notices(now, page), *scheduler_health.late_notices(now, page)]
    if page.approved_schedule:
        notices = [*scheduler_health.heartbeat_notices(now), *notices]
    for notice in notices:
        messages.warning(request, notice.sentence)

"""Wagtail hooks of the gate: the second check before a page is served (access.gate.serving), and the admin's menus."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from wagtail import hooks
from wagtail.models import Page

from access.gate import serving
from access.staff import history
from access.staff.today import GateToday
from access.staff.viewsets import LearnerViewSet

STAFF_PERMISSIONS = ["view_email", "change_email", "export_email", "add_grant", "change_grant"]


@hooks.register("before_serve_page", order=-100)
def refuse_what_nobody_decided(
    page: Page, request: HttpRequest, args: list[Any], kwargs: dict[str, Any]
) -> HttpResponse | None:
    return serving.refuse_undecided(request, page)


@hooks.register("register_admin_viewset")
def register_learners() -> LearnerViewSet:
    return LearnerViewSet()


@hooks.register("register_permissions")
def register_permissions() -> QuerySet[Permission]:
    return Permission.objects.filter(content_type__app_label="access", codename__in=STAFF_PERMISSIONS)


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    history.register(actions)


@hooks.register("construct_homepage_panels")
def add_gate_today(request: HttpRequest, panels: list[Any]) -> None:
    if request.user.has_perm("access.view_email"):
        panels.append(GateToday())

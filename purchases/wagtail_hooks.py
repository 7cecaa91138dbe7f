"""Wagtail hooks of sales: orders, gifts and revenue in the admin, and a panel for what needs staff."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.staticfiles import versioned_static

from purchases.staff import history
from purchases.staff.attention import AttentionPanel, UnnamedSellerPanel
from purchases.staff.viewsets import GiftViewSet, OrdersMenuItem, OrderViewSet, RevenueViewSet

STAFF_PERMISSIONS = ["view_payment", "change_payment", "refund_payment", "export_payment"]


@hooks.register("register_admin_viewset")
def register_sales() -> list[Any]:
    return [OrderViewSet(), GiftViewSet(), RevenueViewSet()]


@hooks.register("register_reports_menu_item")
def register_revenue() -> OrdersMenuItem:
    return OrdersMenuItem(_("Revenue"), reverse("revenue:index"), name="revenue", icon_name="table", order=640)


@hooks.register("insert_global_admin_css")
def add_styles() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', versioned_static("purchases/css/admin.css"))


@hooks.register("register_permissions")
def register_permissions() -> QuerySet[Permission]:
    return Permission.objects.filter(content_type__app_label="purchases", codename__in=STAFF_PERMISSIONS)


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    history.register(actions)


@hooks.register("construct_homepage_panels")
def add_attention(request: HttpRequest, panels: list[Any]) -> None:
    if request.user.has_perm("purchases.view_payment"):
        panels.append(AttentionPanel())
    if request.user.has_perm("purchases.change_shopsettings"):
        panels.append(UnnamedSellerPanel())

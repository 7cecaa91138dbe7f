"""Wagtail hooks of the dashboard and the help menu."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from home import guide
from home.dashboard import Desk


@hooks.register("construct_homepage_panels")
def add_desk(request: HttpRequest, panels: list[Any]) -> None:
    panels.append(Desk())


@hooks.register("register_admin_urls")
def register_guide() -> list[URLPattern]:
    return [
        path("how-to-edit/", guide.GuideView.as_view(), name="guide"),
        path("how-to-edit/<slug:name>.webp", guide.picture, name="guide_picture"),
    ]


@hooks.register("register_help_menu_item")
def register_guide_menu_item() -> MenuItem:
    return MenuItem(_("How to edit"), reverse("guide"), name="how-to-edit", icon_name="help", order=100)

"""The theme, django-tailwind's app: how the site looks."""

from django.apps import AppConfig


class ThemeConfig(AppConfig):
    name = "theme"

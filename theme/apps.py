"""How the site looks: the django-tailwind app."""

from django.apps import AppConfig


class ThemeConfig(AppConfig):
    name = "theme"

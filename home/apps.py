"""The home app: Wagtail's default site follows SITE_URL after each migration."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class HomeConfig(AppConfig):
    name = "home"

    def ready(self) -> None:
        from home import checks  # noqa: F401  (registers the system check)

        post_migrate.connect(_sync_site, sender=self)


def _sync_site(**_: Any) -> None:
    from home import site_url

    site_url.sync()

"""The access app: its system checks are registered when it starts."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "access"

    def ready(self) -> None:
        from access import checks  # noqa: F401  (registers the system checks)

"""The learning app: its export is registered with the rooms below."""

from django.apps import AppConfig


class LearningConfig(AppConfig):
    name = "learning"

    def ready(self) -> None:
        from access import privacy
        from learning import history

        privacy.ALSO_KEPT["learning"] = history.export

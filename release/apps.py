"""The release app: its emails, exports and erasures are registered with the rooms below."""

from django.apps import AppConfig


class ReleaseConfig(AppConfig):
    name = "release"

    def ready(self) -> None:
        from access import privacy
        from access.verification import purposes
        from release import messages, waitlist

        purposes.register(purposes.Purpose.NOTIFY, messages.CONFIRM)
        privacy.ALSO_KEPT["waitlists"] = waitlist.export

from django.apps import AppConfig


class ReleaseConfig(AppConfig):
    name = "release"

    def ready(self) -> None:
        from access import errands, personal_data
        from release import mails, waitlist

        errands.register(errands.Purpose.NOTIFY, mails.CONFIRM)
        personal_data.ALSO_KEPT["waitlists"] = waitlist.export

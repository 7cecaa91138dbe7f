from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "review"

    def ready(self) -> None:
        from access.verification import purposes
        from review import mails, notices

        purposes.register(purposes.Purpose.REVIEW, mails.CODE)
        notices.connect()

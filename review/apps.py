from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "review"

    def ready(self) -> None:
        from access import errands
        from review import mails, notices

        errands.register(errands.Purpose.REVIEW, mails.CODE)
        notices.connect()

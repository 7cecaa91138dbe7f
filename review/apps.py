"""The review app: its mailbox check and its notifications are connected when it starts."""

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "review"

    def ready(self) -> None:
        from access.verification import purposes
        from review.notify import messages, recipients

        purposes.register(purposes.Purpose.REVIEW, messages.CODE)
        recipients.connect()

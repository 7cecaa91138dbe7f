"""Page history: what reviewers said and did, under their names, also of those who have no account."""

from typing import Any

from django.utils.translation import gettext_lazy
from wagtail.log_actions import LogFormatter
from wagtail.models import PageLogEntry

ACTIONS = {"comment": "review.comment", "approval": "review.approve", "return": "review.send_back"}
LABELS = {
    "review.comment": gettext_lazy("Commented in review"),
    "review.approve": gettext_lazy("Approved in review"),
    "review.send_back": gettext_lazy("Sent back in review"),
    "review.make_link": gettext_lazy("Created a review link"),
    "review.revoke_link": gettext_lazy("Revoked a review link"),
}


class ReviewFormatter(LogFormatter):
    """The action, who, and in which words."""

    def format_message(self, log_entry: PageLogEntry) -> str:
        told = f"{self.label}: {log_entry.data.get('name', '')}"
        text = log_entry.data.get("text")
        return f"{told}: {text}" if text else told


def register(actions: Any) -> None:
    for action, label in LABELS.items():
        actions.register_action(action)(type("ActionFormatter", (ReviewFormatter,), {"label": label}))

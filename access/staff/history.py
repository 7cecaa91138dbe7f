"""What staff did about an address and why, in Wagtail's own log: seen in the site history and on the address's page."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import LogFormatter, log, registry
from wagtail.models import ModelLogEntry

from access.models import Email, GateSettings

BLOCK = "access.block"
UNBLOCK = "access.unblock"
END_SESSIONS = "access.end_sessions"
GIVE = "access.give"
TAKE = "access.take"
EXPORT = "access.export"

LABELS = {
    BLOCK: gettext_lazy("Blocked"),
    UNBLOCK: gettext_lazy("Unblocked"),
    END_SESSIONS: gettext_lazy("Signed out everywhere"),
    GIVE: gettext_lazy("Course granted"),
    TAKE: gettext_lazy("Course revoked"),
    EXPORT: gettext_lazy("Email addresses exported"),
}


class ReasonFormatter(LogFormatter):
    """The action, what it was about, and the reason."""

    def format_message(self, log_entry: ModelLogEntry) -> str:
        told = [f"{self.label}: {about}" if (about := log_entry.data.get("about")) else str(self.label)]
        if reason := log_entry.data.get("reason"):
            told.append(_("Reason: %s") % reason)
        return ". ".join(told)


def register(actions: Any, labels: dict[str, Any] = LABELS) -> None:
    for action, label in labels.items():
        actions.register_action(action)(type("ActionFormatter", (ReasonFormatter,), {"label": label}))


def write(request: HttpRequest, email: Email, action: str, *, reason: str, about: str = "") -> None:
    """Under a number, not the address: the log outlives an address whose owner has it erased."""
    title = _("Learner %s") % email.pk
    log(email, action, user=request.user, title=title, data={"reason": reason, "about": about})


def write_export(request: HttpRequest, *, count: int, of: str = "") -> None:
    about = f"{of}, {count}" if of else str(count)
    log(GateSettings.load(), EXPORT, user=request.user, title=_("Gate"), data={"about": about})


def entries_for(email: Email) -> list[ModelLogEntry]:
    return list(registry.get_logs_for_instance(email).select_related("user")[:20])

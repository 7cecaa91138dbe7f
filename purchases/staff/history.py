"""What staff did about an order and why, in Wagtail's own log: on the order's page, and on the learner's."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import log, registry
from wagtail.models import ModelLogEntry

from access.staff import history
from purchases.models import Payment, ShopSettings
from purchases.orders import orders

REFUND = "purchases.refund"
RECEIPT = "purchases.receipt"
MOVE = "purchases.move"
END = "purchases.end"
REOPEN = "purchases.reopen"
EXPORT = "purchases.export"

LABELS = {
    REFUND: gettext_lazy("Refund requested"),
    RECEIPT: gettext_lazy("Receipt sent again"),
    MOVE: gettext_lazy("Transferred to another email"),
    END: gettext_lazy("Access ended"),
    REOPEN: gettext_lazy("Access restored"),
    EXPORT: gettext_lazy("Orders exported"),
}


def register(actions: Any) -> None:
    history.register(actions, LABELS)


def write(request: HttpRequest, payment: Payment, action: str, *, reason: str = "", about: str = "") -> None:
    """Under its number. No address goes in: the log outlives one whose owner has it erased."""
    title = _("Order %s") % orders.number(payment)
    log(payment, action, user=request.user, title=title, data={"reason": reason, "about": about})


def write_export(request: HttpRequest, *, count: int) -> None:
    log(ShopSettings.load(), EXPORT, user=request.user, title=_("Shop"), data={"about": str(count)})


def entries_for(payment: Payment) -> list[ModelLogEntry]:
    return list(registry.get_logs_for_instance(payment).select_related("user").order_by("-timestamp", "-pk")[:50])

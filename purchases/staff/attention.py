"""The dashboard's panels of the shop, while there is any need for them: 'Orders that need you', which do not go on by
themselves, and the seller whom buyers are not told."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin.ui.components import Component

from purchases.checkout import checkouts
from purchases.models import Payment, ShopSettings
from purchases.orders import orders
from purchases.staff import messages, words

MOST = 5
SETTINGS = ["purchases", "shopsettings"]  # the names by which Wagtail finds the form


@dataclass(frozen=True, kw_only=True)
class Notice:
    url: str
    title: str
    sentence: str


class AttentionPanel(Component):
    name = "orders_attention"
    template_name = "purchases/staff/attention.html"
    order = 60

    @cached_property
    def notices(self) -> list[Notice]:
        return [*order_notices(), *message_notices()]

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {"notices": self.notices}


class UnnamedSellerPanel(Component):
    """For who may change the shop's settings, while courses are on sale and buyers aren't told from whom they buy."""

    name = "unnamed_seller"
    template_name = "purchases/staff/unnamed_seller.html"
    order = 61

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        is_needed = not ShopSettings.current().is_seller_named and checkouts.is_any_on_sale()
        return {"is_needed": is_needed, "url": reverse("wagtailsettings:edit", args=SETTINGS)}


def order_notices() -> list[Notice]:
    found = list(Payment.objects.needing_attention().select_related("intent").order_by("-pk")[: MOST + 1])
    notices = [
        Notice(
            url=reverse("orders:order", args=[payment.pk]),
            title=orders.number(payment),
            sentence=_said(payment),
        )
        for payment in found[:MOST]
    ]
    if len(found) > MOST:
        url = f"{reverse('orders:index')}?attention=needed"
        notices.append(Notice(url=url, title=_("All of them"), sentence=_("There are more.")))
    return notices


def message_notices() -> list[Notice]:
    count = messages.recent().count()
    if not count:
        return []
    said = ngettext(
        "%s message from the last 30 days doesn’t match any order on this site.",
        "%s messages from the last 30 days don’t match any order on this site.",
        count,
    )
    return [Notice(url=reverse("orders:messages"), title=_("Payment messages"), sentence=said % count)]


def _said(payment: Payment) -> str:
    title = payment.intent.course_title if payment.intent else _("unknown course")
    marks = "; ".join(words.marks(payment))
    return _("%(course)s, %(money)s. %(marks)s.") % {"course": title, "money": payment.money, "marks": marks}

"""The staff's pages about sales: orders, gifts and revenue, their addresses and their items in the menus."""

from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.admin_url_finder import ModelAdminURLFinder, register_admin_url_finder
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from purchases.models import Payment
from purchases.staff import actions, gifts, listing, messages, order, refund, revenue


class OrdersMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm("purchases.view_payment")


class GiftsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm("access.add_grant")


class PaymentURLFinder(ModelAdminURLFinder):
    edit_url_name = "orders:order"


class OrderViewSet(ViewSet):
    """No ModelViewSet: an order is never added, edited or deleted by hand; its actions have names of their own."""

    name = "orders"
    icon = "tag"
    menu_label = _("Orders")
    menu_order = 252
    add_to_admin_menu = True
    menu_item_class = OrdersMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        index = {"index_url_name": "orders:index", "index_results_url_name": "orders:index_results"}
        return [
            path("", listing.OrderIndexView.as_view(**index, header_icon="tag"), name="index"),
            path("results/", listing.OrderIndexView.as_view(**index, results_only=True), name="index_results"),
            path("messages/", messages.MessagesView.as_view(), name="messages"),
            path("messages/results/", messages.MessagesView.as_view(results_only=True), name="messages_results"),
            path("messages/<int:pk>/", messages.MessageView.as_view(), name="message"),
            path("<int:pk>/", order.OrderView.as_view(), name="order"),
            path("<int:pk>/refund/", refund.RefundView.as_view(), name="refund"),
            path("<int:pk>/receipt/", actions.SendAgainView.as_view(), name="receipt"),
            path("<int:pk>/move/", actions.MoveView.as_view(), name="move"),
            path("<int:pk>/end/", actions.EndView.as_view(), name="end"),
            path("<int:pk>/reopen/", actions.ReopenView.as_view(), name="reopen"),
        ]

    def on_register(self) -> None:
        super().on_register()
        register_admin_url_finder(Payment, PaymentURLFinder)


class GiftViewSet(ViewSet):
    name = "gifts"
    icon = "key"
    menu_label = _("Gifts")
    menu_order = 254
    add_to_admin_menu = True
    menu_item_class = GiftsMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [path("", gifts.GiftsView.as_view(), name="index")]


class RevenueViewSet(ViewSet):
    name = "revenue"
    url_prefix = "reports/revenue"

    def get_urlpatterns(self) -> list[URLPattern]:
        return [path("", revenue.RevenueView.as_view(), name="index")]

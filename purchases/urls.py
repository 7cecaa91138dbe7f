"""URLs of the checkout, gifts, transfers and the payment provider's webhook."""

from django.urls import path

from purchases import webhook
from purchases.checkout import views
from purchases.gifts import receiving
from purchases.orders import transfer

app_name = "purchases"

urlpatterns = [
    path("buy/<int:page_id>/", views.buy, name="buy"),
    path("checkout/<uuid:intent_id>/", views.checkout_page, name="checkout"),
    path("checkout/<uuid:intent_id>/status/", views.checkout_status, name="status"),
    path("checkout/<uuid:intent_id>/invoice/", views.invoice, name="invoice"),
    path("move/", transfer.move_page, name="move"),
    path("gift/<str:signed>/", receiving.gift, name="gift"),
    path("gift/<str:signed>/<uuid:token_id>/", receiving.code, name="gift_code"),
    path("webhook/stripe/", webhook.stripe, name="stripe"),
]

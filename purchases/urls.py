from django.urls import path

from purchases import moving, receiving, views, webhook

app_name = "purchases"

urlpatterns = [
    path("buy/<int:page_id>/", views.buy, name="buy"),
    path("checkout/<uuid:intent_id>/", views.checkout_page, name="checkout"),
    path("checkout/<uuid:intent_id>/status/", views.checkout_status, name="status"),
    path("checkout/<uuid:intent_id>/invoice/", views.invoice, name="invoice"),
    path("move/", moving.move_page, name="move"),
    path("gift/<str:signed>/", receiving.gift, name="gift"),
    path("gift/<str:signed>/<uuid:token_id>/", receiving.code, name="gift_code"),
    path("webhook/stripe/", webhook.stripe, name="stripe"),
]

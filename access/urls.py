"""The gate's URLs: request an email, wait, confirm, and the learner's account page."""

from django.urls import path

from access import account_page
from access.verification import views

app_name = "access"

urlpatterns = [
    path("", account_page.session, name="session"),
    path("ask/", views.ask, name="ask"),
    path("waiting/<uuid:token_id>/", views.waiting, name="waiting"),
    path("waiting/<uuid:token_id>/status/", views.waiting_status, name="waiting_status"),
    path("confirm/", views.confirm_again, name="confirm_again"),
    path("confirm/<str:secret>/", views.confirm, name="confirm"),
    path("data/", account_page.data, name="data"),
    path("sign-out/", account_page.sign_out, name="sign_out"),
]

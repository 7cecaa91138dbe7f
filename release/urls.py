"""URLs of the waitlist: join, and leave by an email's link."""

from django.urls import path

from release import views

app_name = "release"

urlpatterns = [
    path("<int:page_id>/", views.waitlist_page, name="waitlist"),
    path("leave/<str:signed>/", views.leave, name="leave"),
]

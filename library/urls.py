"""URLs of files: each names the page that shows it."""

from django.urls import path

from library import views

app_name = "library"

urlpatterns = [
    path("<int:page_id>/picture/<int:image_id>/<int:width>/", views.picture, name="picture"),
    path("<int:page_id>/video/<int:video_id>/", views.video, name="video"),
]

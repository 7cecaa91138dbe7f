"""URLs beside the lessons: their captions and chapters."""

from django.urls import path

from courses.public import views

app_name = "courses"

urlpatterns = [
    path("<int:page_id>/captions/<str:language>.vtt", views.captions, name="captions"),
    path("<int:page_id>/chapters.vtt", views.chapters, name="chapters"),
]

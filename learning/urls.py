"""URLs of a learner's own progress: My learning, what players and forms post, and the history's switch."""

from django.urls import path

from learning import views

app_name = "learning"

urlpatterns = [
    path("", views.my_learning_page, name="my_learning"),
    path("history/", views.history_switch, name="history"),
    path("lesson/<int:page_id>/", views.lesson, name="lesson"),
    path("progress/<int:page_id>/", views.progress_post, name="progress"),
]

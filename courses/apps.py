"""The courses app: a lesson that is moved follows its new course from then on."""

from django.apps import AppConfig


class CoursesConfig(AppConfig):
    name = "courses"

    def ready(self) -> None:
        from wagtail.signals import post_page_move

        from courses.editing import moves

        post_page_move.connect(moves.settle_origin, dispatch_uid="courses.settle_origin")

"""Moving a page in Wagtail's tree: which course's access a moved lesson follows."""

from typing import Any

from wagtail.models import Page

from courses.models import LessonPage


def settle_origin(*, instance: Page, **_kwargs: Any) -> None:
    """A live lesson follows the course it was moved to, unless that one asks for less. Wagtail moves without saving."""
    lesson = LessonPage.objects.filter(pk=instance.pk, live=True).first()
    if lesson is not None:
        lesson.settle_origin()
        LessonPage.objects.filter(pk=lesson.pk).update(origin_course=lesson.origin_course)

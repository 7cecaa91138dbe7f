"""What pages need that nobody pressed a button for."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef
from wagtail.models import ReferenceIndex

from courses.models import CoursePage, LessonPage
from library import pictures
from library.models import CustomImage, CustomRendition


def prepare_missing_pictures() -> None:
    """Make the sizes that are missing because a picture's file was replaced after its page was published."""
    lesson_type = ContentType.objects.get_for_model(LessonPage)
    image_type = ContentType.objects.get_for_model(CustomImage)
    in_lessons = ReferenceIndex.objects.filter(content_type=lesson_type, to_content_type=image_type)
    in_courses = CoursePage.objects.live().exclude(thumbnail=None).values("thumbnail")
    ids = {int(pk) for pk in in_lessons.values_list("to_object_id", flat=True)}
    pictures.prepare(_without(pictures.BODY[0]).filter(pk__in=ids), pictures.BODY)
    pictures.prepare(_without(pictures.CARD).filter(pk__in=in_courses), [pictures.CARD, pictures.COVER])


def _without(spec: str):  # type: ignore[no-untyped-def]
    made = CustomRendition.objects.filter(image=OuterRef("pk"), filter_spec=spec)
    return CustomImage.objects.filter(~Exists(made))

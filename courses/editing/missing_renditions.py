"""Missing renditions: the sizes of images that live pages need and nobody has published for."""

from django.contrib.contenttypes.models import ContentType
from wagtail.models import ReferenceIndex

from access import batches
from courses.models import CoursePage, LessonPage
from library import renditions
from library.models import CustomImage

PICTURES = 500  # looked at in one round


def prepare_missing_pictures() -> None:
    """Make the sizes that are missing because an image was replaced, or cropped anew, after its page was published.

    Of some images at a time.
    """
    drawn = batches.some(CustomImage.objects.all(), size=PICTURES)
    page_types = ContentType.objects.get_for_models(LessonPage, CoursePage).values()
    image_type = ContentType.objects.get_for_model(CustomImage)
    numbers = [str(pk) for pk in drawn.values_list("pk", flat=True)]
    in_texts = ReferenceIndex.objects.filter(
        content_type__in=page_types, to_content_type=image_type, to_object_id__in=numbers
    )
    in_courses = CoursePage.objects.live().exclude(thumbnail=None).values("thumbnail")
    ids = {int(pk) for pk in in_texts.exclude(model_path="thumbnail").values_list("to_object_id", flat=True)}
    for images, specs in [
        (drawn.filter(pk__in=ids), renditions.BODY),
        (drawn.filter(pk__in=in_courses), (renditions.CARD, renditions.COVER)),
    ]:
        renditions.prepare(renditions.missing(images, *specs), specs)

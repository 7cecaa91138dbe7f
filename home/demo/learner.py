"""The demo's learner: an address with a history, so that there is something to go on with. Made anew at each load."""

from datetime import datetime, timedelta

from django.db import transaction

from access.models import Email
from courses.models import LessonPage
from home.demo import LEARNER
from learning import progress
from learning.batch import Batch
from learning.models import FinishedCourse, LessonProgress

# The course, the lesson, how long ago it was last seen, and up to which second it was watched; None: marked as done.
HISTORY = [
    ("open-course", "welcome", timedelta(days=3), 34),
    ("open-course", "one-question", timedelta(days=3), None),
    ("email-course", "preview", timedelta(days=1), None),
    ("email-course", "locked", timedelta(hours=20), 11),
]


def load(*, now: datetime) -> None:
    """What the demo's own lessons allow of it: some may have been renamed or deleted since."""
    with transaction.atomic():
        email, _ = Email.objects.get_or_create(address=LEARNER, defaults={"asked_at": now, "verified_at": now})
        for kind in (LessonProgress, FinishedCourse):
            kind.objects.filter(email=email).delete()
        for course, slug, ago, second in HISTORY:
            lessons = LessonPage.objects.filter(live=True, slug=slug, url_path__endswith=f"/{course}/{slug}/")
            if lesson := lessons.select_related("video").first():
                _remember(email, lesson, second, at=now - ago)


def _remember(email: Email, lesson: LessonPage, second: int | None, *, at: datetime) -> None:
    if second is None:
        progress.mark(email.pk, lesson, now=at)
    else:
        progress.watch(email.pk, lesson, Batch(played=((0, second),), position=second, at=at), now=at)

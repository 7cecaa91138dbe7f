"""Progress in a lesson: what a player posts is merged, a lesson is marked as done or not; a finished course is noted.

Read, merge, write: the write is one conditional UPDATE on the row's version, tried again when another one was faster.
"""

import math
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from access.models import Email
from access.models.pages import live_now
from courses.models import CoursePage, LessonPage
from courses.models.stage import Availability
from courses.public import syllabus
from learning import watched
from learning.batch import Batch
from learning.models import FinishedCourse, LessonProgress, with_progress
from learning.watched import DAY, Watched

TRIES = 5
FIELDS = [field.attname for field in LessonProgress._meta.concrete_fields]
CHANGED = [name for name in FIELDS if name not in {"id", "email_id", "lesson_key"}]


class TooOften(Exception):
    """More posts than settings.LIMIT_PROGRESS, or always somebody else faster. `retry_after` is in seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"try again in {retry_after} s")
        self.retry_after = retry_after


class NoLearner(Exception):
    """The address was erased a moment ago."""


def watch(email_id: int, lesson: LessonPage, batch: Batch, *, now: datetime) -> bool:
    """Merge what was watched into what is known; nothing is kept of who opted out. Whether the lesson is done now.

    Raises TooOften, NoLearner.
    """

    def change(row: LessonProgress) -> None:
        _count(row, now)
        _merge(row, lesson, batch, now)

    row = _store(email_id, lesson, change, seen_at=batch.at, now=now)
    return row is not None and row.done_at is not None


def mark(email_id: int, lesson: LessonPage, *, now: datetime) -> None:
    """Done, by the learner's word. Once more says that they have seen the lesson as it is now. Raises as watch does."""

    def change(row: LessonProgress) -> None:
        if row.done_at is None:
            row.done_at, row.done_by = now, LessonProgress.DoneBy.MARK
        row.done_revision_id = lesson.live_revision_id
        row.seen_at = max(row.seen_at, now)

    _store(email_id, lesson, change, seen_at=now, now=now)


def unmark(email_id: int, lesson: LessonPage, *, now: datetime) -> None:
    """Not done after all. A course that was finished stays so."""
    done = LessonProgress.objects.filter(email_id=email_id, lesson_key=lesson.translation_key, done_at__isnull=False)
    done.update(done_at=None, done_by="", done_revision_id=None, seen_at=now, version=F("version") + 1)


def _count(row: LessonProgress, now: datetime) -> None:
    most, seconds = settings.LIMIT_PROGRESS
    ends = row.posts_since + timedelta(seconds=seconds) if row.posts_since else now
    if ends <= now:
        row.posts, row.posts_since = 0, now
    elif row.posts >= most:
        raise TooOften(max(1, math.ceil((ends - now).total_seconds())))
    row.posts += 1


def _merge(row: LessonProgress, lesson: LessonPage, batch: Batch, now: datetime) -> None:
    row.began_at, row.seen_at = min(row.began_at, batch.at), max(row.seen_at, batch.at)
    file, duration = _video(lesson)
    if not file:
        return
    if file != row.video_file:
        row.video_file, row.duration, row.watched, row.position, row.position_at = file, 0, b"", 0, None
    had = watched.unpack(row.watched, duration=row.duration)
    before = Watched(bits=had, position=row.position, at=row.position_at or watched.NEVER)
    position = int(watched.clipped(batch.position, duration or DAY))
    told = Watched(bits=watched.bits_in(batch.played, duration=duration), position=position, at=batch.at)
    after = watched.merge(before, told)
    has = watched.within(after.bits, duration=duration)
    was_covered = watched.is_covered(had, duration=row.duration)
    row.duration, row.watched, row.seconds_watched = duration, watched.pack(has), has.bit_count()
    row.position, row.position_at = after.position, after.at
    # Only the batch that gets it there: who undoes it afterwards is not overruled by the next one.
    if watched.is_covered(has, duration=duration) and not was_covered and row.done_at is None:
        row.done_at, row.done_by, row.done_revision_id = now, LessonProgress.DoneBy.WATCHING, lesson.live_revision_id


def _video(lesson: LessonPage) -> tuple[str, int]:
    """Which file it is, and how many seconds it has: 0 when that is not known."""
    if lesson.video is None:
        return "", 0
    return str(lesson.video.file.name), min(math.ceil(lesson.video.duration or 0), DAY)


def _store(
    email_id: int,
    lesson: LessonPage,
    change: Callable[[LessonProgress], None],
    *,
    seen_at: datetime,
    now: datetime,
) -> LessonProgress | None:
    """The row as it is now; None of who opted out."""
    for _ in range(TRIES):
        found = with_progress(email_id, [lesson.translation_key]).values_list(
            "history_opt_out", *(F(f"progress__{name}") for name in FIELDS)
        )
        learner = found.first()
        if learner is None:
            raise NoLearner
        opted_out, *values = learner
        if opted_out:
            return None
        is_new = values[0] is None
        row = (
            LessonProgress(email_id=email_id, lesson_key=lesson.translation_key, began_at=seen_at, seen_at=seen_at)
            if is_new
            else LessonProgress(**dict(zip(FIELDS, values, strict=True)))
        )
        was_done = row.done_at is not None
        change(row)
        if insert(row) if is_new else update(row):
            if is_new or (row.done_at and not was_done):
                _follow_up(row, lesson, now=now)
            return row
    raise TooOften(1)


def insert(row: LessonProgress) -> bool:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:  # another tab was faster, or the address is gone
        return False
    return True


def update(row: LessonProgress) -> bool:
    same = LessonProgress.objects.filter(pk=row.pk, version=row.version)
    row.version += 1
    return bool(same.update(**{name: getattr(row, name) for name in CHANGED}))


def _follow_up(row: LessonProgress, lesson: LessonPage, *, now: datetime) -> None:
    """Look once more whether they opted out, which may have happened while a row was new (learning.history); and
    whether the course is finished with it."""
    course = lesson.course
    left = _left(row.email_id, course) if course and row.done_at else LessonPage.objects.none()
    asked = Email.objects.filter(pk=row.email_id).values_list("history_opt_out", Exists(left))
    opted_out, has_left = asked.first() or (None, True)
    if opted_out:
        LessonProgress.objects.filter(pk=row.pk).delete()
    elif course and row.done_at and not has_left:
        finished = FinishedCourse(email_id=row.email_id, course_key=course.translation_key, finished_at=now)
        FinishedCourse.objects.bulk_create([finished], ignore_conflicts=True)


def _left(email_id: int, course: CoursePage) -> QuerySet[LessonPage]:
    """The lessons of the course as it is now that the learner has not done."""
    done = LessonProgress.objects.filter(
        email_id=email_id, lesson_key=OuterRef("translation_key"), done_at__isnull=False
    )
    lessons = LessonPage.objects.filter(syllabus.below([course.path]), live_now(), availability=Availability.PUBLISHED)
    return lessons.exclude(Exists(done))

"""A learner's history (privacy): turned off and wiped by one button, exported, deleted when it is old (retention)."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from access import batches
from access.models import Email
from access.models.pages import live_now
from courses.models import CoursePage, LessonPage
from learning import watched
from learning.models import FinishedCourse, HistoryOptOut, LessonProgress


def is_kept(email_id: int) -> bool:
    return not HistoryOptOut.objects.filter(pk=email_id).exists()


def turn_off(email_id: int, *, now: datetime) -> None:
    """Keep nothing from now on, and delete what there is."""
    with transaction.atomic():
        HistoryOptOut.objects.get_or_create(email_id=email_id, defaults={"since": now})
        wipe(email_id)
    # Who had not yet seen the choice may have added a row meanwhile; who adds one later looks again (progress).
    wipe(email_id)


def turn_on(email_id: int) -> None:
    wipe(email_id)  # what came too late all the same does not come back
    HistoryOptOut.objects.filter(pk=email_id).delete()


def export(email: Email) -> dict[str, Any]:
    """What is kept of what a person has watched and done, for them."""
    rows = list(LessonProgress.objects.filter(email=email).order_by("began_at"))
    finished = list(FinishedCourse.objects.filter(email=email).order_by("finished_at"))
    lessons = LessonPage.objects.filter(live_now(), translation_key__in=[row.lesson_key for row in rows])
    courses = CoursePage.objects.filter(live_now(), translation_key__in=[each.course_key for each in finished])
    lesson_titles = dict(lessons.values_list("translation_key", "title"))
    course_titles = dict(courses.values_list("translation_key", "title"))
    opt_out = HistoryOptOut.objects.filter(email=email).first()
    return {
        "history_off_since": opt_out.since if opt_out else None,
        "lessons": [
            {
                "lesson": lesson_titles.get(row.lesson_key, ""),
                "lesson_key": row.lesson_key,
                "first_seen": row.began_at,
                "last_seen": row.seen_at,
                "watched_seconds": watched.ranges_in(watched.unpack(row.watched, duration=row.duration)),
                "video_seconds": row.duration,
                "position": row.position,
                "position_at": row.position_at,
                "done_at": row.done_at,
                "done_by": row.done_by,
            }
            for row in rows
        ],
        "finished_courses": [
            {
                "course": course_titles.get(each.course_key, ""),
                "course_key": each.course_key,
                "finished_at": each.finished_at,
            }
            for each in finished
        ],
    }


def let_go(*, now: datetime) -> None:
    """Delete some of what nobody has come back to for long."""
    old = now - timedelta(days=settings.KEEP_PROGRESS_DAYS)
    batches.delete(LessonProgress.objects.filter(seen_at__lt=old).order_by("seen_at"))
    batches.delete(FinishedCourse.objects.filter(finished_at__lt=old).order_by("finished_at"))


def wipe(email_id: int) -> None:
    """Delete all that is remembered of a learner, apart from their choice."""
    LessonProgress.objects.filter(email_id=email_id).delete()
    FinishedCourse.objects.filter(email_id=email_id).delete()

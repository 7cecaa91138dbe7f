"""What is remembered of a learner (history): progress in a lesson, courses finished, and who opted out of it."""

from collections.abc import Collection
from uuid import UUID

from django.db import models
from django.db.models import F, FilteredRelation, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from access.models import Email
from learning.watched import DAY


class LessonProgress(models.Model):
    """One learner and one lesson, by its `translation_key`: what was watched, where they stopped, whether it is done.

    `watched` are the bits of this `video_file` alone, of the length that the site knows; `seconds_watched` counts them.
    """

    class DoneBy(models.TextChoices):
        MARK = "mark", _("Marked as done")
        WATCHING = "watching", _("Watched")

    email = models.ForeignKey(Email, on_delete=models.CASCADE, related_name="lesson_progress")
    lesson_key = models.UUIDField()
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    video_file = models.CharField(max_length=255, blank=True, default="")
    duration = models.PositiveIntegerField(default=0)
    watched = models.BinaryField(default=b"")
    seconds_watched = models.PositiveIntegerField(default=0)
    position = models.PositiveIntegerField(default=0)
    position_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=16, blank=True, default="")
    done_revision_id = models.BigIntegerField(null=True)  # which revision was live then; it may be deleted since
    # Each change is one conditional UPDATE on the version; the same one counts the posts since a moment.
    version = models.PositiveIntegerField(default=0)
    posts = models.PositiveIntegerField(default=0)
    posts_since = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("lesson progress")
        verbose_name_plural = _("lesson progress")
        indexes = [models.Index(name="progress_by_last_seen", fields=["seen_at"])]
        constraints = [
            models.UniqueConstraint(name="progress_once_a_lesson", fields=["email", "lesson_key"]),
            models.CheckConstraint(
                name="progress_is_done_by_something",
                condition=Q(done_at=None, done_by="") | Q(done_at__isnull=False, done_by__in=["mark", "watching"]),
            ),
            models.CheckConstraint(
                name="progress_is_within_its_video",
                condition=Q(seconds_watched__lte=F("duration"), duration__lte=DAY, position__lte=DAY),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email_id}: {self.lesson_key}"


class FinishedCourse(models.Model):
    """Once all lessons that a course had were done it stays finished, whatever lessons come later."""

    email = models.ForeignKey(Email, on_delete=models.CASCADE, related_name="finished_courses")
    course_key = models.UUIDField()
    finished_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("finished course")
        verbose_name_plural = _("finished courses")
        constraints = [models.UniqueConstraint(name="finished_once_a_course", fields=["email", "course_key"])]

    def __str__(self) -> str:
        return f"{self.email_id}: {self.course_key}"


class HistoryOptOut(models.Model):
    """This learner wants nothing remembered of what they watch."""

    email = models.OneToOneField(Email, on_delete=models.CASCADE, primary_key=True, related_name="history_opt_out")
    since = models.DateTimeField()

    class Meta:
        verbose_name = _("history opt-out")
        verbose_name_plural = _("history opt-outs")

    def __str__(self) -> str:
        return str(self.email_id)


def with_progress(email_id: int, lesson_keys: Collection[UUID]) -> QuerySet[Email]:
    """The learner beside each of their rows of these lessons, as `progress`: one statement, which also tells of a
    learner without any whether they opted out (`history_opt_out`). Nothing when the address is gone."""
    theirs = Q(lesson_progress__lesson_key__in=lesson_keys)
    learner = Email.objects.filter(pk=email_id)
    return learner.annotate(progress=FilteredRelation("lesson_progress", condition=theirs))

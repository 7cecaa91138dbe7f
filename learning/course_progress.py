"""A learner's progress in a course: which lessons are done, how many of them, where to go on (resume)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from courses.models import CoursePage, LessonPage
from courses.public import syllabus
from courses.public.syllabus import SyllabusEntry
from learning import watched
from learning.models import FinishedCourse, with_progress

AT_THE_END = 5  # seconds before the end of a video from where nobody goes on
READ = ["lesson_key", "began_at", "seen_at", "duration", "seconds_watched", "position", "done_at"]


@dataclass(frozen=True, kw_only=True)
class LessonState:
    """`second` is where to go on in the video, 0 for its start; `is_new`: it came after the course was finished;
    `is_updated`: it was published again since it was done."""

    entry: SyllabusEntry
    seen_at: datetime | None = None
    done_at: datetime | None = None
    second: int = 0
    percent: int = 0
    is_new: bool = False
    is_updated: bool = False

    @property
    def is_done(self) -> bool:
        return self.done_at is not None


@dataclass(frozen=True, kw_only=True)
class CourseProgress:
    """`lessons` are those that the course has now and that are open to be learned: nothing else is counted."""

    lessons: tuple[LessonState, ...] = ()
    finished_at: datetime | None = None
    is_kept: bool = True  # False for who has turned their history off

    @property
    def total(self) -> int:
        return len(self.lessons)

    @property
    def done(self) -> int:
        return sum(state.is_done for state in self.lessons)

    @property
    def new(self) -> int:
        return sum(state.is_new for state in self.lessons)

    @property
    def percent(self) -> int:
        return self.done * 100 // self.total if self.total else 0

    @property
    def is_finished(self) -> bool:
        return self.finished_at is not None or bool(self.lessons and self.done == self.total)

    @property
    def seen_at(self) -> datetime | None:
        """When a lesson of it was last seen; None for a course that was never begun."""
        return max((state.seen_at for state in self.lessons if state.seen_at), default=None)

    @property
    def is_started(self) -> bool:
        return self.seen_at is not None

    @property
    def resume(self) -> LessonState | None:
        """The lesson seen last of those that are not done, or else the next one after the last; None once all are."""
        seen = sorted(
            (state for state in self.lessons if state.seen_at), key=lambda state: state.seen_at or watched.NEVER
        )
        place = self.lessons.index(seen[-1]) if seen else 0
        in_turn = [*reversed(seen), *self.lessons[place:], *self.lessons[:place]]
        return next((state for state in in_turn if not state.is_done), None)

    def state(self, key: UUID) -> LessonState | None:
        return next((state for state in self.lessons if state.entry.key == key), None)


def for_course(email_id: int, course: CoursePage, entries: Sequence[SyllabusEntry]) -> CourseProgress:
    """In one statement."""
    lesson = LessonPage.objects.filter(
        syllabus.below([course.path]),
        translation_key=OuterRef("progress__lesson_key"),
        last_published_at__gt=OuterRef("progress__done_at"),  # of a translation too, whose revisions are others
    )
    finished = FinishedCourse.objects.filter(email=OuterRef("pk"), course_key=course.translation_key)
    found = with_progress(email_id, [entry.key for entry in entries]).values(
        "history_opt_out",
        finished_at=Subquery(finished.values("finished_at")),
        is_updated=Exists(lesson.exclude(live_revision=Coalesce(OuterRef("progress__done_revision_id"), 0))),
        **{name: F(f"progress__{name}") for name in READ},
    )
    rows: list[dict[str, Any]] = [dict(row) for row in found]
    if not rows or rows[0]["history_opt_out"]:
        return CourseProgress(is_kept=not rows)
    return compose(entries, rows, finished_at=rows[0]["finished_at"])


def compose(
    entries: Iterable[SyllabusEntry], rows: Iterable[dict[str, Any]], *, finished_at: datetime | None
) -> CourseProgress:
    """From rows with the fields of READ, also of other courses' lessons."""
    known = {row["lesson_key"]: row for row in rows}
    lessons = tuple(_state(entry, known.get(entry.key), finished_at) for entry in entries if entry.status.is_published)
    return CourseProgress(lessons=lessons, finished_at=finished_at)


def _state(entry: SyllabusEntry, row: dict[str, Any] | None, finished_at: datetime | None) -> LessonState:
    if row is None:
        return LessonState(entry=entry, is_new=finished_at is not None)
    is_done = row["done_at"] is not None
    return LessonState(
        entry=entry,
        seen_at=row["seen_at"],
        done_at=row["done_at"],
        second=_second(row["position"], row["duration"], is_done=is_done),
        percent=watched.percent(row["seconds_watched"], duration=row["duration"]),
        is_new=not is_done and finished_at is not None and row["began_at"] > finished_at,
        is_updated=row.get("is_updated", False),
    )


def _second(position: int, duration: int, *, is_done: bool) -> int:
    """Where to go on. A video that was watched to its end, or was done and is nearly there, begins anew."""
    if duration and (position >= duration - AT_THE_END or (is_done and position * 10 >= duration * 9)):
        return 0
    return position

"""Progress in a course: n of m by what it has now, where to go on, what is new and what was updated."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.template import RequestContext, Template
from django.test import Client, RequestFactory
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from access.models import Email
from access.policy import Status
from courses.models import CoursePage, LessonPage
from courses.public import syllabus
from courses.public.syllabus import SyllabusEntry
from learning import course_progress, history, progress
from learning.course_progress import CourseProgress
from learning.models import FinishedCourse
from learning.tests.conftest import batch, fresh
from tests import plans

AddLesson = Callable[..., LessonPage]
HOUR = timedelta(hours=1)


def found(email: Email, course: CoursePage) -> CourseProgress:
    return course_progress.for_course(email.pk, course, syllabus.entries_for(course))


def title(state: Any) -> str | None:
    return state.entry.title if state else None


@pytest.fixture
def lessons(filmed: LessonPage, add_lesson: AddLesson) -> list[LessonPage]:
    """Of the course: three that are open, and one that is coming soon."""
    filmed.title = "One"
    filmed.save()
    add_lesson(title="Soon", availability="coming_soon")
    return [filmed, add_lesson(title="Two"), add_lesson(title="Three")]


def test_nothing_is_done_of_a_course_that_was_never_begun(
    learner_email: Email, course: CoursePage, lessons: list[LessonPage]
) -> None:
    has = found(learner_email, course)

    assert (has.done, has.total, has.percent, has.is_started, has.is_finished) == (0, 3, 0, False, False)
    assert title(has.resume) == "One"
    assert (has.new, has.finished_at, has.is_kept) == (0, None, True)


def test_course_without_lessons_is_not_finished(learner_email: Email, make_course: Callable[..., CoursePage]) -> None:
    has = found(learner_email, make_course())

    assert (has.total, has.percent, has.is_finished, has.resume) == (0, 0, False, None)


def test_resume_is_the_lesson_seen_last_that_is_not_done(
    learner_email: Email, course: CoursePage, lessons: list[LessonPage], now: datetime
) -> None:
    one, two, three = lessons
    resumed = []
    for act in (
        lambda: progress.watch(learner_email.pk, three, batch(at=now - 3 * HOUR), now=now),
        lambda: progress.watch(learner_email.pk, one, batch(position=42, at=now - 2 * HOUR), now=now),
        lambda: progress.mark(learner_email.pk, two, now=now - HOUR),
        lambda: progress.mark(learner_email.pk, one, now=now),
        lambda: progress.mark(learner_email.pk, three, now=now),
    ):
        act()
        resumed.append(title(found(learner_email, course).resume))

    assert resumed == ["Three", "One", "One", "Three", None]


def test_next_that_is_not_done_where_all_that_was_seen_is(
    learner_email: Email, course: CoursePage, lessons: list[LessonPage], now: datetime
) -> None:
    progress.mark(learner_email.pk, lessons[1], now=now)

    has = found(learner_email, course)
    assert (title(has.resume), has.done, has.total, has.percent, has.seen_at) == ("Three", 1, 3, 33, now)


@pytest.mark.parametrize(
    ("position", "done", "second"),
    [(0, False, 0), (42, False, 42), (42, True, 42), (94, False, 94), (95, False, 0), (90, True, 0), (89, True, 89)],
)
def test_where_to_go_on_in_the_video(
    learner_email: Email,
    course: CoursePage,
    filmed: LessonPage,
    now: datetime,
    position: int,
    done: bool,
    second: int,
) -> None:
    progress.watch(learner_email.pk, filmed, batch((0, 10), position=position, at=now), now=now)
    if done:
        progress.mark(learner_email.pk, filmed, now=now)

    state = found(learner_email, course).state(filmed.translation_key)
    assert state
    assert (state.second, state.percent, state.is_done) == (second, 10, done)


def test_finished_stays_finished_and_later_lessons_are_new(
    learner_email: Email, course: CoursePage, lessons: list[LessonPage], add_lesson: AddLesson, now: datetime
) -> None:
    for lesson in lessons:
        progress.mark(learner_email.pk, lesson, now=now)
    progress.unmark(learner_email.pk, lessons[0], now=now)
    four, _ = add_lesson(title="Four"), add_lesson(title="Five")
    progress.watch(learner_email.pk, four, batch(at=now + HOUR), now=now + HOUR)

    has = found(learner_email, course)

    assert (has.done, has.total, has.finished_at, has.is_finished) == (2, 5, now, True)
    assert [title(state) for state in has.lessons if state.is_new] == ["Four", "Five"]
    assert has.new == 2


def test_removed_lessons_are_not_counted(
    learner_email: Email, course: CoursePage, lessons: list[LessonPage], now: datetime
) -> None:
    for lesson in lessons[:2]:
        progress.mark(learner_email.pk, lesson, now=now)
    LessonPage.objects.filter(pk=lessons[0].pk).update(live=False)

    has = found(learner_email, course)
    assert (has.done, has.total) == (1, 2)


def test_published_again_since_it_was_done_is_updated(
    learner_email: Email, course: CoursePage, lessons: list[LessonPage]
) -> None:
    one, two, _ = lessons
    for lesson in (one, two):
        lesson.save_revision().publish()
        progress.mark(learner_email.pk, fresh(lesson), now=timezone.now())
    before = [state.is_updated for state in found(learner_email, course).lessons]
    one.save_revision().publish()
    after = [state.is_updated for state in found(learner_email, course).lessons]
    progress.mark(learner_email.pk, fresh(one), now=timezone.now())
    seen = [state.is_updated for state in found(learner_email, course).lessons]

    assert (before, after, seen) == ([False] * 3, [True, False, False], [False] * 3)


def test_lesson_done_while_it_had_no_revision_is_updated_by_the_first(
    learner_email: Email, course: CoursePage, filmed: LessonPage, now: datetime
) -> None:
    progress.mark(learner_email.pk, filmed, now=now)
    filmed.save_revision().publish()

    assert [state.is_updated for state in found(learner_email, course).lessons] == [True]


def test_nobody_elses_rows_count(
    learner_email: Email, course: CoursePage, lessons: list[LessonPage], now: datetime
) -> None:
    zoe = Email.objects.create(address="zoe@example.org", asked_at=now)
    for lesson in lessons:
        progress.mark(zoe.pk, lesson, now=now)
    FinishedCourse.objects.create(email=learner_email, course_key=uuid4(), finished_at=now)  # another course

    has = found(learner_email, course)
    assert (has.done, has.finished_at, has.is_started) == (0, None, False)


@pytest.mark.parametrize("who", ["opted out", "is gone"])
def test_nothing_is_said_of_who_is_not_remembered(
    learner_email: Email, course: CoursePage, lessons: list[LessonPage], now: datetime, who: str
) -> None:
    if who == "opted out":
        history.turn_off(learner_email.pk, now=now)
    else:
        learner_email.pk = 4711

    assert found(learner_email, course) == CourseProgress(is_kept=who == "is gone")


def test_one_statement(
    learner_email: Email,
    course: CoursePage,
    lessons: list[LessonPage],
    now: datetime,
    django_assert_num_queries: Any,
) -> None:
    entries = syllabus.entries_for(course)
    for lesson in lessons:
        progress.mark(learner_email.pk, lesson, now=now)

    with django_assert_num_queries(1), plans.watched() as statements:
        course_progress.for_course(learner_email.pk, course, entries)

    assert plans.reads_of_what_grows(statements) == []


# Whatever courses and rows there are


ROWS = st.fixed_dictionaries(
    {
        "lesson_key": st.uuids(),
        "began_at": st.datetimes(),
        "seen_at": st.datetimes(),
        "duration": st.just(100),
        "seconds_watched": st.integers(0, 100),
        "position": st.integers(0, 100),
        "done_at": st.none() | st.datetimes(),
    }
)


def entry(key: Any, status: Status) -> SyllabusEntry:
    words = {"slug": "x", "title": "x", "summary": "", "section": "", "url": "/", "path": "x"}
    return SyllabusEntry(number=1, minutes=1, is_free_preview=False, status=status, key=key, **words)


@given(st.lists(ROWS, max_size=6), st.lists(st.sampled_from(list(Status)), max_size=6), st.none() | st.datetimes())
def test_nothing_exceeds_what_there_is(rows: list[Any], statuses: list[Status], finished_at: datetime | None) -> None:
    """Rows of lessons that the course has, of some that it lost, and lessons without a row."""
    keys = [row["lesson_key"] for row in rows[1:]]
    entries = [entry(key, status) for key, status in zip(keys, statuses, strict=False)]

    has = course_progress.compose(entries, rows, finished_at=finished_at)

    assert 0 <= has.done <= has.total == len([status for status in statuses[: len(keys)] if status.is_published])
    assert 0 <= has.percent <= 100
    assert has.done + has.new <= has.total
    assert (has.resume is None) == (has.done == has.total)
    assert not (has.resume and has.resume.is_done)


# The tags


TEMPLATE = (
    "{% load learning_tags slot_tags %}{% slot 'x' %}{% course_progress course syllabus as progress %}"
    "{% lesson_resume lesson syllabus %}{% lesson_progress lesson syllabus %}"
    "[{{ progress.done }}|{% with state=progress|state_of:entry %}"
    "{{ state.is_done }}{% endwith %}]{% endslot %}"
)


def shown(client: Client, course: CoursePage, lesson: LessonPage) -> str:
    """The place of a lesson, as a page's slot shows it."""
    request = RequestFactory().get("/")
    request.COOKIES.update({name: morsel.value for name, morsel in client.cookies.items()})
    entries = syllabus.entries_for(course)
    context = {"course": course, "lesson": lesson, "syllabus": entries, "entry": entries[0]}
    text = Template(TEMPLATE).render(RequestContext(request, context))
    return " ".join(text.split())


def test_who_is_signed_in_has_a_place_and_forms(
    verified_learner: Client, learner_email: Email, course: CoursePage, lessons: list[LessonPage], now: datetime
) -> None:
    progress.watch(learner_email.pk, lessons[0], batch((0, 15), position=83, at=now), now=now)

    text = shown(verified_learner, course, fresh(lessons[0]))

    assert f'data-progress="/learning/progress/{lessons[0].pk}/"' in text
    assert 'data-position="83" data-watched-percent="15"' in text
    assert '<a href="?t=83" class="link">Continue at 1:23</a>' in text
    assert "Done, next lesson" in text
    assert "Mark as done" in text
    assert text.endswith("[0|False]<!--/slot-->")


def test_done_can_be_undone(
    verified_learner: Client, learner_email: Email, course: CoursePage, lessons: list[LessonPage], now: datetime
) -> None:
    progress.mark(learner_email.pk, lessons[0], now=now)

    text = shown(verified_learner, course, fresh(lessons[0]))

    assert 'value="undone"' in text
    assert "Mark as done" not in text
    assert "Continue at" not in text
    assert text.endswith("[1|True]<!--/slot-->")


def test_last_lesson_ends_the_course(verified_learner: Client, course: CoursePage, lessons: list[LessonPage]) -> None:
    assert "Done, finish the course" in shown(verified_learner, course, fresh(lessons[-1]))


def test_nobody_signed_in_is_shown_one_line(client: Client, course: CoursePage, lessons: list[LessonPage]) -> None:
    text = shown(client, course, lessons[0])

    assert "Sign in to keep your place" in text
    assert "<form" not in text
    assert "csrf" not in text
    assert "data-progress" not in text


def test_with_history_off_nothing_is_posted(
    verified_learner: Client, learner_email: Email, course: CoursePage, lessons: list[LessonPage], now: datetime
) -> None:
    history.turn_off(learner_email.pk, now=now)

    text = shown(verified_learner, course, lessons[0])

    assert "Your history is off" in text
    assert "<form" not in text
    assert "data-progress" not in text


def test_page_asks_once_for_all_its_slots(
    verified_learner: Client, course: CoursePage, lessons: list[LessonPage]
) -> None:
    with plans.watched() as statements:
        shown(verified_learner, course, lessons[0])

    assert len([sql for sql, _ in statements if "learning_lessonprogress" in sql]) == 1

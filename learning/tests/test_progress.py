"""Progress in a lesson: whatever comes in whatever order, the same row; done, undone, finished; four statements."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from access.models import Email
from conftest import undone
from courses.models import CoursePage, LessonPage
from learning import history, progress, watched
from learning.models import FinishedCourse, HistoryOptOut, LessonProgress
from learning.tests.conftest import SECONDS, batch, fresh, stored
from library.tests.factories import make_video
from tests import plans

AddLesson = Callable[..., LessonPage]
# A device's batches: what was played, where it stood, how many seconds ago.
RANGES = st.lists(st.tuples(st.integers(-5, 120), st.integers(-5, 120)), max_size=3)
BATCHES = st.lists(st.tuples(RANGES, st.integers(-5, 120), st.integers(0, 9)), min_size=1, max_size=3)


def ranges(lesson: LessonPage) -> list[tuple[int, int]]:
    row = stored(lesson)
    return watched.ranges_in(watched.unpack(row.watched, duration=row.duration))


def state(lesson: LessonPage) -> tuple[Any, ...]:
    row = stored(lesson)
    counted = {"id", "version", "posts", "posts_since", "_state"}
    return tuple(
        bytes(value) if name == "watched" else value for name, value in vars(row).items() if name not in counted
    )


# Merging


def test_what_was_watched_is_kept(learner_email: Email, filmed: LessonPage, now: datetime) -> None:
    progress.watch(learner_email.pk, filmed, batch((0, 10), (50, 60.5), position=60.9, at=now), now=now)

    row = stored(filmed)
    assert ranges(filmed) == [(0, 10), (50, 61)]
    assert (row.seconds_watched, row.duration, row.position, row.position_at) == (21, SECONDS, 60, now)
    assert (row.began_at, row.seen_at, row.done_at) == (now, now, None)
    assert filmed.video is not None
    assert row.video_file == filmed.video.file.name


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(devices=st.lists(BATCHES, min_size=3, max_size=3), data=st.data())
def test_three_devices_end_in_the_same_row_however_their_batches_travel(
    learner_email: Email, filmed: LessonPage, now: datetime, settings: Any, devices: list[Any], data: st.DataObject
) -> None:
    """Each batch comes at least once, in any order; what was not answered is sent again, though it had arrived."""
    settings.LIMIT_PROGRESS = (1000, 60)
    told = [
        batch(*played, position=position, at=now - timedelta(seconds=ago))
        for device in devices
        for played, position, ago in device
    ]
    again = data.draw(st.lists(st.sampled_from(told), max_size=4))
    states = []
    for travelled in (told, data.draw(st.permutations(told + again))):
        with undone():
            for each in travelled:
                progress.watch(learner_email.pk, filmed, each, now=now)
            states.append(state(filmed))

    assert states[0] == states[1]


def test_newest_position_wins_wherever_it_comes_from(learner_email: Email, filmed: LessonPage, now: datetime) -> None:
    for ago, position in [(5, 50), (9, 90), (2, 20)]:
        progress.watch(learner_email.pk, filmed, batch(position=position, at=now - timedelta(minutes=ago)), now=now)

    assert stored(filmed).position == 20


def test_first_and_last_seen_are_those_of_the_batches(learner_email: Email, filmed: LessonPage, now: datetime) -> None:
    moments = [now - timedelta(hours=hours) for hours in (2, 5, 3)]
    for moment in moments:
        progress.watch(learner_email.pk, filmed, batch(at=moment), now=now)

    assert (stored(filmed).began_at, stored(filmed).seen_at) == (moments[1], moments[0])


def test_new_file_starts_new_seconds_and_done_stays(learner_email: Email, filmed: LessonPage, now: datetime) -> None:
    progress.watch(learner_email.pk, filmed, batch((0, 95), position=95, at=now), now=now)
    LessonPage.objects.filter(pk=filmed.pk).update(video=make_video(duration=30))

    progress.watch(learner_email.pk, fresh(filmed), batch((0, 1), position=1, at=now - timedelta(days=1)), now=now)

    row = stored(filmed)
    assert (row.seconds_watched, row.duration, row.position) == (1, 30, 1)
    assert row.done_at == now


def test_video_of_unknown_length_keeps_the_place_and_is_never_done_by_watching(
    learner_email: Email, filmed: LessonPage, now: datetime
) -> None:
    LessonPage.objects.filter(pk=filmed.pk).update(video=make_video())

    progress.watch(learner_email.pk, fresh(filmed), batch((0, 1e9), position=1e9, at=now), now=now)

    row = stored(filmed)
    assert (row.seconds_watched, row.position, row.done_at) == (0, watched.DAY, None)


def test_lesson_without_video_is_only_seen(learner_email: Email, email_lesson: LessonPage, now: datetime) -> None:
    progress.watch(learner_email.pk, email_lesson, batch((0, 50), position=50, at=now), now=now)

    row = stored(email_lesson)
    assert (row.seen_at, row.seconds_watched, row.position) == (now, 0, 0)


# Done


def test_done_at_nine_tenths_and_not_by_going_to_the_end(
    learner_email: Email, filmed: LessonPage, now: datetime
) -> None:
    filmed.save_revision().publish()
    lesson = fresh(filmed)
    progress.watch(learner_email.pk, lesson, batch((0, 89), (99, 100), position=100, at=now), now=now)
    progress.watch(learner_email.pk, lesson, batch((95, 96), position=100, at=now), now=now)
    first = stored(lesson)

    progress.watch(learner_email.pk, lesson, batch((89, 95), position=100, at=now), now=now)

    assert first.done_at == now
    assert (first.done_by, first.done_revision_id) == ("watching", lesson.live_revision_id)
    assert first.done_revision_id is not None


def test_marked_before_it_was_watched_stays_as_it_was_marked(
    learner_email: Email, filmed: LessonPage, now: datetime
) -> None:
    progress.mark(learner_email.pk, filmed, now=now)

    later = now + timedelta(days=1)
    progress.watch(learner_email.pk, filmed, batch((0, 100), at=later), now=later)

    assert (stored(filmed).done_at, stored(filmed).done_by) == (now, "mark")


def test_eighty_nine_seconds_of_a_hundred_are_not_done(learner_email: Email, filmed: LessonPage, now: datetime) -> None:
    progress.watch(learner_email.pk, filmed, batch((0, 89), position=100, at=now), now=now)

    assert stored(filmed).done_at is None


def test_undone_stays_undone_whatever_is_watched_then(learner_email: Email, filmed: LessonPage, now: datetime) -> None:
    progress.watch(learner_email.pk, filmed, batch((0, 95), at=now), now=now)

    version, later = stored(filmed).version, now + timedelta(hours=1)
    progress.unmark(learner_email.pk, filmed, now=later)
    row = stored(filmed)
    progress.watch(learner_email.pk, filmed, batch((0, 100), at=now), now=now)

    assert (row.seen_at, row.version, row.done_revision_id) == (later, version + 1, None)
    assert (stored(filmed).done_at, stored(filmed).done_by) == (None, "")


def test_marked_is_done_once_and_by_the_revision_looked_at_last(
    learner_email: Email, filmed: LessonPage, now: datetime
) -> None:
    later = now + timedelta(days=1)
    progress.mark(learner_email.pk, filmed, now=now)
    filmed.save_revision().publish()

    progress.mark(learner_email.pk, fresh(filmed), now=later)

    row = stored(filmed)
    assert (row.done_at, row.done_by, row.seen_at) == (now, "mark", later)
    assert row.done_revision_id == fresh(filmed).live_revision_id


def test_only_ones_own_is_undone(learner_email: Email, filmed: LessonPage, now: datetime) -> None:
    filmed.save_revision().publish()
    zoe, lesson = Email.objects.create(address="zoe@example.org", asked_at=now), fresh(filmed)
    for email in (learner_email, zoe):
        progress.mark(email.pk, lesson, now=now)

    progress.unmark(learner_email.pk, lesson, now=now)

    rows = LessonProgress.objects.values_list("email_id", "done_at", "done_revision_id")
    assert set(rows) == {(learner_email.pk, None, None), (zoe.pk, now, lesson.live_revision_id)}


def test_nothing_is_undone_that_was_never_begun(learner_email: Email, filmed: LessonPage, now: datetime) -> None:
    progress.unmark(learner_email.pk, filmed, now=now)

    assert not LessonProgress.objects.exists()


def test_course_is_finished_with_its_last_lesson_and_stays_so(
    learner_email: Email, filmed: LessonPage, course: CoursePage, add_lesson: AddLesson, now: datetime
) -> None:
    second = add_lesson()
    add_lesson(live=False)
    add_lesson(availability="coming_soon")
    finished = []
    for act in (
        lambda: progress.watch(learner_email.pk, filmed, batch((0, 95), at=now), now=now),
        lambda: progress.mark(learner_email.pk, second, now=now),
        lambda: progress.unmark(learner_email.pk, second, now=now),
        lambda: progress.mark(learner_email.pk, second, now=now + timedelta(days=1)),
    ):
        act()
        finished.append(list(FinishedCourse.objects.values_list("course_key", "finished_at")))

    assert finished == [[], *[[(course.translation_key, now)]] * 3]


def test_course_is_finished_by_its_own_lessons_and_ones_own_rows(
    learner_email: Email,
    filmed: LessonPage,
    course: CoursePage,
    add_lesson: AddLesson,
    paid_lesson: LessonPage,
    now: datetime,
) -> None:
    """Neither by what somebody else has done, nor by what was only seen; and whatever another course has left."""
    second, zoe = add_lesson(), Email.objects.create(address="zoe@example.org", asked_at=now)
    for lesson in (filmed, second):
        progress.mark(zoe.pk, lesson, now=now)
    finished = []
    for act in (
        lambda: progress.watch(learner_email.pk, second, batch(at=now), now=now),
        lambda: progress.watch(learner_email.pk, filmed, batch((0, 50), at=now), now=now),
        lambda: progress.mark(learner_email.pk, second, now=now),
        lambda: progress.watch(learner_email.pk, filmed, batch((50, 95), at=now), now=now),
    ):
        act()
        finished.append(FinishedCourse.objects.filter(email=learner_email, course_key=course.translation_key).count())

    assert finished == [0, 0, 0, 1]
    assert FinishedCourse.objects.filter(email=zoe).count() == 1


# History off


@pytest.mark.parametrize("act", ["watch", "mark"])
def test_nothing_is_kept_of_who_opted_out(learner_email: Email, filmed: LessonPage, now: datetime, act: str) -> None:
    history.turn_off(learner_email.pk, now=now)

    if act == "watch":
        progress.watch(learner_email.pk, filmed, batch((0, 95), at=now), now=now)
    else:
        progress.mark(learner_email.pk, filmed, now=now)

    assert not LessonProgress.objects.exists()
    assert not FinishedCourse.objects.exists()


@pytest.mark.parametrize("seconds", [10, 95])
def test_row_that_was_new_while_history_was_turned_off_is_taken_back(
    learner_email: Email, filmed: LessonPage, now: datetime, monkeypatch: pytest.MonkeyPatch, seconds: int
) -> None:
    insert = progress.insert
    other = Email.objects.create(pk=learner_email.pk + 1, address="zoe@example.org", asked_at=now)
    progress.mark(other.pk, filmed, now=now)

    def late(row: LessonProgress) -> bool:
        HistoryOptOut.objects.create(email=learner_email, since=now)
        return insert(row)

    monkeypatch.setattr(progress, "insert", late)

    progress.watch(learner_email.pk, filmed, batch((0, seconds), at=now), now=now)

    assert [row.email for row in LessonProgress.objects.all()] == [other]
    assert [each.email for each in FinishedCourse.objects.all()] == [other]


# Races and limits


def test_other_tab_that_was_faster_loses_nothing(
    learner_email: Email, filmed: LessonPage, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between reading and writing, for a new row and for an old one, another batch comes in."""
    monkeypatch.setattr(progress, "insert", after_another(progress.insert, learner_email, filmed, (20, 30), now))
    progress.watch(learner_email.pk, filmed, batch((0, 10), at=now), now=now)
    monkeypatch.setattr(progress, "update", after_another(progress.update, learner_email, filmed, (60, 70), now))
    progress.watch(learner_email.pk, filmed, batch((40, 50), at=now), now=now)

    assert ranges(filmed) == [(0, 10), (20, 30), (40, 50), (60, 70)]
    assert stored(filmed).posts == 4


def after_another(
    act: Callable[[LessonProgress], bool], email: Email, lesson: LessonPage, played: tuple[int, int], now: datetime
) -> Callable[[LessonProgress], bool]:
    """The same, but that once another batch is faster."""
    waiting = [played]

    def slow(row: LessonProgress) -> bool:
        if waiting:
            progress.watch(email.pk, lesson, batch(waiting.pop(), at=now), now=now)
        return act(row)

    return slow


def test_who_is_always_late_is_asked_to_come_again(
    learner_email: Email, filmed: LessonPage, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "insert", lambda row: False)

    with pytest.raises(progress.TooOften):
        progress.watch(learner_email.pk, filmed, batch((0, 10), at=now), now=now)


def test_address_that_is_gone_is_no_learner(filmed: LessonPage, now: datetime) -> None:
    with pytest.raises(progress.NoLearner):
        progress.watch(4711, filmed, batch((0, 10), at=now), now=now)


def test_posts_are_counted_by_the_row_they_change(
    learner_email: Email, filmed: LessonPage, now: datetime, settings: Any
) -> None:
    settings.LIMIT_PROGRESS = (3, 60)
    for _ in range(3):
        progress.watch(learner_email.pk, filmed, batch((0, 10), at=now), now=now)

    with pytest.raises(progress.TooOften) as refused:
        progress.watch(learner_email.pk, filmed, batch((10, 20), at=now), now=now + timedelta(seconds=50))
    assert refused.value.retry_after == 10
    assert ranges(filmed) == [(0, 10)]
    progress.mark(learner_email.pk, filmed, now=now)
    progress.watch(learner_email.pk, filmed, batch((10, 20), at=now), now=now + timedelta(seconds=60))
    assert ranges(filmed) == [(0, 20)]


@pytest.mark.parametrize(("played", "most"), [((0, 10), 3), ((0, 95), 4)])
def test_at_most_four_statements(
    learner_email: Email,
    filmed: LessonPage,
    now: datetime,
    played: tuple[int, int],
    most: int,
    django_assert_max_num_queries: Any,
) -> None:
    """Also where it is the first of its lesson, does it at once, and finishes the course; besides the savepoint."""
    lesson = fresh(filmed)
    lesson.restriction()  # as the decision did: it knows the course
    with django_assert_max_num_queries(most + 2):
        progress.watch(learner_email.pk, lesson, batch(played, at=now), now=now)
    with django_assert_max_num_queries(2), plans.watched() as statements:
        progress.watch(learner_email.pk, lesson, batch(played, at=now), now=now)

    assert plans.reads_of_what_grows(statements) == []

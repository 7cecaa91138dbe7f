"""My learning: on which shelf a course stands, where it leads, and who sees it; many cost as much as one."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from wagtail.models import get_page_models

from access.models import Email, Grant
from access.policy import Level
from courses.models import CoursePage, LessonPage
from learning import history, progress
from learning.tests.conftest import batch
from release.models import WaitlistEntry
from tests import plans

MakeCourse = Callable[..., CoursePage]
MakeLesson = Callable[..., LessonPage]
HOUR = timedelta(hours=1)


def give(email: Email, course: CoursePage, now: datetime, source: Grant.Source = Grant.Source.PURCHASE) -> None:
    Grant.objects.create(email=email, course_key=course.translation_key, source=source, granted_at=now)


def titles(answer: Any, shelf: str) -> list[str]:
    return [course.title for course in getattr(answer.context["shelves"], shelf)]


def test_each_course_is_on_its_shelf(
    verified_learner: Client,
    learner_email: Email,
    make_course: MakeCourse,
    make_lesson: MakeLesson,
    filmed: LessonPage,
    now: datetime,
) -> None:
    older, bought, done = (make_course(title=title, access=Level.PURCHASE) for title in ("Older", "Bought", "Done"))
    lessons = [make_lesson(course) for course in (older, older, bought, done)]
    progress.mark(learner_email.pk, lessons[0], now=now - HOUR)
    progress.mark(learner_email.pk, lessons[3], now=now - HOUR)
    progress.watch(learner_email.pk, filmed, batch((0, 10), position=75, at=now), now=now)
    give(learner_email, bought, now, Grant.Source.GIFT)
    give(learner_email, done, now)

    answer = verified_learner.get("/learning/")

    assert titles(answer, "started") == [filmed.get_parent().title, "Older"]
    assert titles(answer, "untouched") == ["Bought"]
    assert titles(answer, "finished") == ["Done"]
    assert f'href="{filmed.url}?t=75"' in answer.text
    assert f'href="{lessons[1].url}"' in answer.text
    assert f'href="{lessons[2].url}"' in answer.text
    assert "1 of 2 lessons done" in answer.text
    assert "A gift" in answer.text
    assert answer.text.index("btn-primary") < answer.text.index("btn-quiet")


def test_what_is_no_longer_there_is_left_out(
    verified_learner: Client, learner_email: Email, filmed: LessonPage, course: CoursePage, now: datetime
) -> None:
    progress.mark(learner_email.pk, filmed, now=now)
    give(learner_email, course, now)
    CoursePage.objects.filter(pk=course.pk).update(live=False)

    answer = verified_learner.get("/learning/")

    assert course.title not in answer.text
    assert "You haven’t started a course yet" in answer.text


def test_new_lessons_of_a_finished_course_are_counted(
    verified_learner: Client, learner_email: Email, filmed: LessonPage, add_lesson: MakeLesson, now: datetime
) -> None:
    progress.mark(learner_email.pk, filmed, now=now)
    new = [add_lesson(), add_lesson()]

    answer = verified_learner.get("/learning/")

    assert titles(answer, "finished") == [filmed.get_parent().title]
    assert "2 new lessons since you finished" in answer.text
    assert f'href="{new[0].url}"' in answer.text


def test_waited_for_is_listed(
    verified_learner: Client, learner_email: Email, make_course: MakeCourse, now: datetime
) -> None:
    soon = make_course(title="Soon & sure", availability="coming_soon")
    other = make_course(title="Asked for by somebody else", availability="coming_soon")
    for course, confirmed_at in ((soon, now), (other, None)):
        WaitlistEntry.objects.create(
            email=learner_email, course_key=course.translation_key, asked_at=now, confirmed_at=confirmed_at
        )

    text = verified_learner.get("/learning/").text

    assert "Soon &amp; sure" in text
    assert f"/notify/{soon.pk}/" in text
    assert other.title not in text


def test_stranger_is_led_to_sign_in(db: None, client: Client) -> None:
    answer = client.get("/learning/")

    assert answer.status_code == 200
    assert 'name="email"' in answer.text
    assert 'action="/access/ask/"' in answer.text


@pytest.mark.parametrize("who", ["client", "verified_learner"])
def test_it_is_nobody_elses_to_keep_or_to_index(request: pytest.FixtureRequest, db: None, who: str) -> None:
    answer = request.getfixturevalue(who).get("/learning/")

    assert "no-store" in answer["Cache-Control"]
    assert 'name="robots" content="noindex"' in answer.text


def test_history_that_is_off_can_be_turned_on(
    verified_learner: Client, learner_email: Email, filmed: LessonPage, now: datetime
) -> None:
    progress.mark(learner_email.pk, filmed, now=now)
    before = verified_learner.get("/learning/").text
    history.turn_off(learner_email.pk, now=now)
    after = verified_learner.get("/learning/").text

    assert "Turn off and delete my history" in before
    assert "Turn on my history" in after
    assert filmed.get_parent().title not in after


@pytest.mark.parametrize("count", [1, 6])
def test_many_courses_cost_what_one_does(
    verified_learner: Client,
    learner_email: Email,
    make_course: MakeCourse,
    make_lesson: MakeLesson,
    now: datetime,
    count: int,
    django_assert_num_queries: Any,
) -> None:
    ContentType.objects.get_for_models(*get_page_models())
    for _ in range(count):
        course = make_course(access=Level.PURCHASE)
        progress.mark(learner_email.pk, make_lesson(course), now=now)
        make_lesson(course)
        give(learner_email, course, now)

    with django_assert_num_queries(14), plans.watched() as statements:
        assert verified_learner.get("/learning/").status_code == 200

    assert plans.reads_of_what_grows(statements) == []

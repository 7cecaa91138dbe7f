"""Who gains or loses which lessons by a change of access, before it is approved; and how they keep them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from wagtail.models import Locale

from access.models import Email, Grant
from access.policy import Level
from conftest import CANARY
from courses.editing import access_change
from courses.editing.access_change import Circle
from courses.models import CoursePage, LessonPage
from courses.models.stage import Availability

MakeCourse = Callable[..., CoursePage]
MakeLesson = Callable[..., LessonPage]
SOON, OPEN = Availability.COMING_SOON, Availability.PUBLISHED


@pytest.fixture
def crowd(db: None, now: datetime) -> Callable[[CoursePage], None]:
    """Three verified people, one with a grant; a buyer who never verified; and some who do not count."""

    def gather(course: CoursePage) -> None:
        key = course.translation_key
        verified = {"verified_at": now}
        kinds = [verified, verified, verified, {}, {}, {**verified, "blocked_at": now}]
        people = [
            Email.objects.create(address=f"p{number}@example.org", asked_at=now, **fields)
            for number, fields in enumerate(kinds)
        ]
        for person in (people[0], people[3], people[5]):
            Grant.objects.create(email=person, course_key=key, source=Grant.Source.PURCHASE, granted_at=now)
        Grant.objects.create(
            email=people[1], course_key=key, source=Grant.Source.PURCHASE, granted_at=now, revoked_at=now
        )

    return gather


def effect(page: CoursePage | LessonPage, **fields: Any) -> access_change.Effect:
    """Of a draft with these changes."""
    draft = type(page).objects.get(pk=page.pk)
    for name, value in fields.items():
        setattr(draft, name, value)
    return access_change.effect(page, draft.save_revision())


@pytest.mark.parametrize(
    ("before", "after", "circles", "people"),
    [
        ({"access": Level.ANYONE}, {"access": Level.EMAIL}, (Circle.EVERYONE, Circle.VERIFIED), 3),
        ({"access": Level.ANYONE}, {"access": Level.PURCHASE}, (Circle.EVERYONE, Circle.GRANTED), 2),
        ({"access": Level.EMAIL}, {"access": Level.PURCHASE}, (Circle.VERIFIED, Circle.GRANTED), 2),
        ({"access": Level.EMAIL}, {"access": Level.ANYONE}, (Circle.VERIFIED, Circle.EVERYONE), 3),
        ({"access": Level.PURCHASE}, {"access": Level.EMAIL}, (Circle.GRANTED, Circle.VERIFIED), 2),
        ({"access": Level.PURCHASE}, {"access": Level.ANYONE}, (Circle.GRANTED, Circle.EVERYONE), 2),
        ({"access": Level.PURCHASE}, {"availability": SOON}, (Circle.GRANTED, Circle.NOBODY), 2),
        ({"access": Level.EMAIL}, {"availability": SOON}, (Circle.VERIFIED, Circle.NOBODY), 3),
        ({"access": Level.EMAIL, "availability": SOON}, {"availability": OPEN}, (Circle.NOBODY, Circle.VERIFIED), 3),
        ({"access": Level.PURCHASE, "availability": SOON}, {"availability": OPEN}, (Circle.NOBODY, Circle.GRANTED), 2),
    ],
)
def test_people_are_counted(
    make_course: MakeCourse,
    make_lesson: MakeLesson,
    crowd: Callable[[CoursePage], None],
    before: dict[str, Any],
    after: dict[str, Any],
    circles: tuple[Circle, Circle],
    people: int,
) -> None:
    course = make_course(**before)
    make_lesson(course, title="First")
    crowd(course)

    (change,) = effect(course, **after).changes

    assert ((change.before, change.after), change.people, change.lessons) == (circles, people, ("First",))
    assert change.sentence


def test_sentence_names_people_and_lessons(
    make_course: MakeCourse, make_lesson: MakeLesson, crowd: Callable[[CoursePage], None]
) -> None:
    course = make_course(access=Level.EMAIL)
    for title in ("First", "Second"):
        make_lesson(course, title=title)
    crowd(course)

    assert effect(course, access=Level.PURCHASE).sentences == [
        "2 lessons (First, Second): 2 people with a verified email lose access. 2 people with a grant keep it."
    ]


def test_unchanged_access_costs_nothing(email_lesson: LessonPage) -> None:
    assert email_lesson.course
    assert effect(email_lesson.course, title="Another").changes == []


def test_draft_course_costs_nothing(make_course: MakeCourse, make_lesson: MakeLesson) -> None:
    course = make_course(live=False)
    make_lesson(course)

    assert effect(course, access=Level.PURCHASE).changes == []


def test_draft_and_free_lessons_do_not_count(make_course: MakeCourse, make_lesson: MakeLesson) -> None:
    course = make_course(access=Level.EMAIL)
    make_lesson(course, live=False)
    make_lesson(course, is_free_preview=True)
    make_lesson(course, availability=SOON)

    assert effect(course, access=Level.PURCHASE).changes == []


def test_stricter_translation_goes_on_counting(
    make_course: MakeCourse, make_lesson: MakeLesson, french: Locale
) -> None:
    course = make_course(access=Level.PURCHASE)
    make_lesson(course)
    course.copy_for_translation(french, copy_parents=True, alias=False).save_revision().publish()

    assert effect(course, access=Level.ANYONE).changes == []


@pytest.mark.parametrize(
    ("is_free", "circles"), [(True, (Circle.GRANTED, Circle.EVERYONE)), (False, (Circle.EVERYONE, Circle.GRANTED))]
)
def test_free_preview_is_a_change_of_its_lesson(
    make_course: MakeCourse, make_lesson: MakeLesson, is_free: bool, circles: tuple[Circle, Circle]
) -> None:
    lesson = make_lesson(make_course(access=Level.PURCHASE), is_free_preview=not is_free)

    found = effect(lesson, is_free_preview=is_free)

    assert [(each.before, each.after) for each in found.changes] == [circles]
    assert not found.can_keep


def test_number_of_queries_does_not_grow(
    make_course: MakeCourse, make_lesson: MakeLesson, django_assert_max_num_queries: Any
) -> None:
    course = make_course(access=Level.EMAIL)
    for _ in range(9):
        make_lesson(course)
    course.access = Level.PURCHASE
    revision = course.save_revision()

    with django_assert_max_num_queries(8):
        access_change.effect(course, revision)


# To keep them


def test_those_who_would_lose_can_be_kept(
    make_course: MakeCourse, make_lesson: MakeLesson, crowd: Callable[[CoursePage], None], now: datetime
) -> None:
    course = make_course(access=Level.EMAIL)
    make_lesson(course)
    crowd(course)
    assert effect(course, access=Level.PURCHASE).can_keep

    assert access_change.keep(course, now=now) == 2
    assert access_change.keep(course, now=now) == 0
    assert not effect(course, access=Level.PURCHASE).can_keep


def test_kept_reader_goes_on_reading(
    verified_learner: Client, client: Client, email_lesson: LessonPage, now: datetime
) -> None:
    course = email_lesson.course
    assert course
    access_change.keep(course, now=now)
    course.access = Level.PURCHASE
    course.save_revision().publish()

    assert CANARY in verified_learner.get(email_lesson.url).text
    assert CANARY not in client.get(email_lesson.url).text
    assert Grant.objects.get().source == Grant.Source.GIFT

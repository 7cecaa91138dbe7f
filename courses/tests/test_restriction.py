"""The restriction of a lesson, from its course, alias, translations and origin; and what a visitor then gets."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from wagtail.models import Locale

from access import policy
from access.models import Email, Grant
from access.policy import Level, Status
from conftest import CANARY
from courses.models import CoursePage, LessonPage
from courses.models.stage import Availability
from home.models import HomePage

MakeCourse = Callable[..., CoursePage]
MakeLesson = Callable[..., LessonPage]


def again(lesson: LessonPage) -> LessonPage:
    found: LessonPage = LessonPage.objects.get(pk=lesson.pk)
    return found


def is_shut(client: Client, lesson: LessonPage) -> bool:
    """Whether the lesson's address answers without anything secret."""
    response = client.get(again(lesson).url)
    return CANARY not in response.content.decode()


def move(lesson: LessonPage, target: CoursePage | HomePage) -> None:
    again(lesson).move(type(target).objects.get(pk=target.pk), pos="last-child")


def make_alias(lesson: LessonPage, course: CoursePage) -> LessonPage:
    alias: LessonPage = lesson.create_alias(
        parent=CoursePage.objects.get(pk=course.pk), update_slug="alias", reset_translation_key=True
    )
    return alias


# Its own course


@pytest.mark.refusal("policy")
def test_lesson_of_an_email_course_is_shut_to_the_anonymous(client: Client, email_lesson: LessonPage) -> None:
    assert is_shut(client, email_lesson)


@pytest.mark.refusal("policy")
def test_lesson_of_a_paid_course_is_shut_to_the_anonymous(client: Client, paid_lesson: LessonPage) -> None:
    assert is_shut(client, paid_lesson)


@pytest.mark.refusal("policy")
def test_lesson_of_a_paid_course_is_shut_to_a_learner_who_did_not_buy(
    verified_learner: Client, paid_lesson: LessonPage
) -> None:
    assert is_shut(verified_learner, paid_lesson)


def test_lesson_of_an_open_course_opens(client: Client, open_lesson: LessonPage) -> None:
    assert not is_shut(client, open_lesson)


def test_lesson_of_an_email_course_opens_to_a_verified_learner(
    verified_learner: Client, email_lesson: LessonPage
) -> None:
    assert not is_shut(verified_learner, email_lesson)


def test_lesson_of_a_paid_course_opens_to_its_buyer(buyer: Client, paid_lesson: LessonPage) -> None:
    assert not is_shut(buyer, paid_lesson)


@pytest.mark.refusal("policy")
def test_tightened_course_shuts_its_lessons_at_once(client: Client, open_lesson: LessonPage) -> None:
    client.get(open_lesson.url)
    course = CoursePage.objects.get(slug="open")
    course.access = Level.PURCHASE
    course.save()

    assert is_shut(client, open_lesson)


# Free previews


@pytest.mark.parametrize("level", [Level.EMAIL, Level.PURCHASE])
def test_free_preview_opens_to_anyone(
    client: Client, make_course: MakeCourse, make_lesson: MakeLesson, level: Level
) -> None:
    lesson = make_lesson(make_course(access=level), is_free_preview=True)

    assert not is_shut(client, lesson)


@pytest.mark.refusal("policy")
def test_lifted_free_preview_shuts_at_once(client: Client, make_course: MakeCourse, make_lesson: MakeLesson) -> None:
    lesson = make_lesson(make_course(access=Level.EMAIL), is_free_preview=True)
    client.get(lesson.url)
    lesson.is_free_preview = False
    lesson.save_revision().publish()

    assert is_shut(client, lesson)


# Positions that are no course


@pytest.mark.refusal("policy")
def test_orphan_under_the_front_page_is_not_here(client: Client, open_lesson: LessonPage, home_page: HomePage) -> None:
    move(open_lesson, home_page)

    response = client.get(again(open_lesson).url)

    assert response.status_code == 404


def test_orphan_asks_for_what_nobody_has(open_lesson: LessonPage, home_page: HomePage) -> None:
    move(open_lesson, home_page)

    assert again(open_lesson).restriction() == policy.UNKNOWN


@pytest.mark.refusal("policy")
def test_unknown_access_of_the_course_shuts_its_lessons(client: Client, open_lesson: LessonPage) -> None:
    write_unknown_access(slug="open")

    response = client.get(open_lesson.url)

    assert response.status_code == 404


def test_database_takes_no_unknown_access(open_lesson: LessonPage) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        CoursePage.objects.filter(slug="open").update(access="everyone")


def write_unknown_access(*, slug: str) -> None:
    """As a later version's value would look to this one."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = 1")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE courses_coursepage DROP CONSTRAINT course_access_is_known")
        CoursePage.objects.filter(slug=slug).update(access="everyone")
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = 0")


# Moved and copied


@pytest.mark.refusal("policy")
def test_lesson_moved_into_a_paid_course_is_shut(
    client: Client, open_lesson: LessonPage, make_course: MakeCourse
) -> None:
    move(open_lesson, make_course(access=Level.PURCHASE))

    assert is_shut(client, open_lesson)


@pytest.mark.refusal("policy")
def test_copy_in_a_paid_course_is_shut_though_the_first_one_is_open(
    client: Client, open_lesson: LessonPage, make_course: MakeCourse
) -> None:
    copy = open_lesson.copy(to=make_course(access=Level.PURCHASE), keep_live=True)

    assert is_shut(client, copy)


def test_course_of_a_moved_lesson_is_the_new_one(open_lesson: LessonPage, make_course: MakeCourse) -> None:
    lesson = again(open_lesson)
    assert lesson.course is not None
    target = make_course()
    lesson.move(target, pos="last-child")
    lesson.refresh_from_db()

    assert lesson.course == target


# Aliases


@pytest.mark.refusal("policy")
def test_alias_under_an_open_course_stays_shut(
    client: Client, email_lesson: LessonPage, make_course: MakeCourse
) -> None:
    alias = make_alias(email_lesson, make_course(access=Level.ANYONE))

    assert is_shut(client, alias)


@pytest.mark.refusal("policy")
def test_alias_of_an_open_lesson_under_a_paid_course_is_shut(
    client: Client, open_lesson: LessonPage, make_course: MakeCourse
) -> None:
    alias = make_alias(open_lesson, make_course(access=Level.PURCHASE))

    assert is_shut(client, alias)


@pytest.mark.refusal("policy")
def test_alias_of_a_paid_lesson_is_shut_to_the_learner_of_an_email_course(
    verified_learner: Client, paid_lesson: LessonPage, make_course: MakeCourse
) -> None:
    alias = make_alias(paid_lesson, make_course(access=Level.EMAIL))

    assert is_shut(verified_learner, alias)


@pytest.mark.refusal("policy")
def test_alias_of_a_paid_lesson_in_another_paid_course_asks_for_both(
    buyer: Client, paid_lesson: LessonPage, make_course: MakeCourse
) -> None:
    alias = make_alias(paid_lesson, make_course(access=Level.PURCHASE))

    assert is_shut(buyer, alias)


@pytest.mark.refusal("policy")
def test_alias_of_an_alias_follows_to_the_first(
    client: Client, email_lesson: LessonPage, make_course: MakeCourse
) -> None:
    middle = make_alias(email_lesson, make_course(access=Level.ANYONE))
    alias = make_alias(middle, make_course(access=Level.ANYONE))

    assert is_shut(client, alias)


@pytest.mark.refusal("policy")
def test_alias_is_shut_while_its_source_is_unpublished(
    client: Client, open_lesson: LessonPage, make_course: MakeCourse
) -> None:
    alias = make_alias(open_lesson, make_course(access=Level.ANYONE))
    LessonPage.objects.filter(pk=open_lesson.pk).update(live=False)

    assert is_shut(client, alias)


def test_alias_of_a_paid_lesson_opens_to_its_buyer(
    buyer: Client, paid_lesson: LessonPage, make_course: MakeCourse
) -> None:
    alias = make_alias(paid_lesson, make_course(access=Level.ANYONE))

    assert not is_shut(buyer, alias)


# Translations


@pytest.fixture
def french_lesson(open_lesson: LessonPage, french: Locale) -> LessonPage:
    """The published translation of the open lesson, in the French course made for it."""
    return translated(open_lesson, french)


def translated(lesson: LessonPage, locale: Locale) -> LessonPage:
    """Translate the lesson and, first, every page above it that has no translation yet; all published."""
    for page in [*again(lesson).get_ancestors().filter(depth__gt=1).specific(), again(lesson)]:
        if not page.has_translation(locale):
            page.copy_for_translation(locale).save_revision().publish()
    translation: LessonPage = again(lesson).get_translation(locale)
    return translation


def tighten(course: CoursePage | None, level: Level) -> None:
    assert course is not None
    course = CoursePage.objects.get(pk=course.pk)
    course.access = level
    course.save_revision().publish()


def test_translation_of_an_open_lesson_opens(client: Client, french_lesson: LessonPage) -> None:
    assert not is_shut(client, french_lesson)


@pytest.mark.refusal("policy")
def test_original_is_shut_when_the_translated_course_asks_for_more(
    client: Client, open_lesson: LessonPage, french_lesson: LessonPage
) -> None:
    tighten(french_lesson.course, Level.EMAIL)

    assert is_shut(client, open_lesson)


@pytest.mark.refusal("policy")
def test_translation_is_shut_when_the_original_course_asks_for_more(
    client: Client, open_lesson: LessonPage, french_lesson: LessonPage
) -> None:
    tighten(open_lesson.course, Level.EMAIL)

    assert is_shut(client, french_lesson)


@pytest.mark.refusal("policy")
def test_translation_under_another_open_course_stays_shut(
    client: Client, email_lesson: LessonPage, french: Locale, make_course: MakeCourse
) -> None:
    page = translated(email_lesson, french)
    move(page, make_course(access=Level.ANYONE))
    tighten(CoursePage.objects.get(locale=french), Level.ANYONE)

    assert is_shut(client, page)


@pytest.mark.refusal("policy")
def test_free_preview_counts_only_if_every_translation_is_one(
    client: Client, french: Locale, make_course: MakeCourse, make_lesson: MakeLesson
) -> None:
    lesson = make_lesson(make_course(access=Level.EMAIL), is_free_preview=True)
    page = translated(lesson, french)
    page.is_free_preview = False
    page.save_revision().publish()

    assert is_shut(client, lesson)


def test_unpublished_translation_does_not_count(
    client: Client, open_lesson: LessonPage, french_lesson: LessonPage
) -> None:
    tighten(french_lesson.course, Level.EMAIL)
    assert french_lesson.course is not None
    CoursePage.objects.get(pk=french_lesson.course.pk).unpublish()
    again(french_lesson).unpublish()

    assert not is_shut(client, open_lesson)


def test_purchase_opens_the_translation(buyer: Client, paid_lesson: LessonPage, french: Locale) -> None:
    assert not is_shut(buyer, translated(paid_lesson, french))


def test_purchase_of_the_translation_opens_the_original(
    paid_lesson: LessonPage, french: Locale, learner_email: Email, sign_in: Callable[[Email], Client], now: datetime
) -> None:
    course = translated(paid_lesson, french).course
    assert course is not None
    Grant.objects.create(email=learner_email, course_key=course.translation_key, source="gift", granted_at=now)

    assert not is_shut(sign_in(learner_email), paid_lesson)


# Status


@pytest.mark.refusal("policy")
def test_unpublished_course_takes_its_lessons_along(client: Client, open_lesson: LessonPage) -> None:
    CoursePage.objects.get(slug="open").unpublish()

    response = client.get(open_lesson.url)

    assert response.status_code == 404


@pytest.mark.refusal("policy")
def test_unpublished_course_takes_its_lessons_along_for_staff(moderator: Client, open_lesson: LessonPage) -> None:
    CoursePage.objects.get(slug="open").unpublish()

    response = moderator.get(open_lesson.url)

    assert response.status_code == 404


@pytest.mark.refusal("policy")
def test_lesson_of_a_coming_soon_course_does_not_open(
    client: Client, make_course: MakeCourse, make_lesson: MakeLesson
) -> None:
    lesson = make_lesson(make_course(availability=Availability.COMING_SOON))

    assert is_shut(client, lesson)


@pytest.mark.refusal("policy")
def test_lesson_of_a_coming_soon_course_does_not_open_to_its_buyer(buyer: Client, paid_lesson: LessonPage) -> None:
    CoursePage.objects.filter(slug="paid").update(availability=Availability.COMING_SOON)

    assert is_shut(buyer, paid_lesson)


@pytest.mark.refusal("policy")
def test_free_preview_of_a_coming_soon_course_does_not_open(
    client: Client, make_course: MakeCourse, make_lesson: MakeLesson
) -> None:
    lesson = make_lesson(make_course(availability=Availability.COMING_SOON), is_free_preview=True)

    assert is_shut(client, lesson)


@pytest.mark.refusal("policy")
def test_coming_soon_lesson_of_a_published_course_does_not_open(
    client: Client, make_course: MakeCourse, make_lesson: MakeLesson
) -> None:
    lesson = make_lesson(make_course(), availability=Availability.COMING_SOON)

    assert is_shut(client, lesson)


def test_lesson_of_a_coming_soon_course_opens_to_its_editor(
    editor: Client, make_course: MakeCourse, make_lesson: MakeLesson
) -> None:
    lesson = make_lesson(make_course(availability=Availability.COMING_SOON))

    assert not is_shut(editor, lesson)


def test_draft_lesson_looks_like_a_missing_page(
    client: Client, make_course: MakeCourse, make_lesson: MakeLesson
) -> None:
    course = make_course(slug="open")
    make_lesson(course, slug="draft", live=False)

    draft, missing = client.get("/courses/open/draft/"), client.get("/courses/open/missing/")

    assert (draft.status_code, draft.content) == (missing.status_code, missing.content)
    assert draft.status_code == 404


# What it answers as a value


@pytest.mark.parametrize("level", list(Level))
def test_lesson_asks_what_its_course_asks(make_course: MakeCourse, make_lesson: MakeLesson, level: Level) -> None:
    lesson = make_lesson(make_course(access=level))

    assert again(lesson).restriction().level is level


def test_restriction_names_the_courses_to_buy_by_their_translation_key(paid_lesson: LessonPage) -> None:
    course = paid_lesson.course

    assert course is not None
    assert again(paid_lesson).restriction().courses == {course.translation_key}


def test_open_course_has_nothing_to_buy(open_lesson: LessonPage) -> None:
    assert again(open_lesson).restriction().courses == frozenset()


def test_lesson_is_published_like_its_course(open_lesson: LessonPage) -> None:
    assert again(open_lesson).restriction().status is Status.PUBLISHED

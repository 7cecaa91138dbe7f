"""A preview is what the visitor would be answered: compared, byte for byte, with what they then are answered."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from wagtail.models import Locale, Page

from access.models import Email, Grant
from access.policy import Level
from conftest import CANARY
from courses import preview_time
from courses.models import CourseIndexPage, CoursePage, LessonCaption, LessonChapter, LessonPage
from courses.models.stage import Availability
from courses.preview_time import Audience
from courses.tests.content import VTT, download, picture
from home.models import HomePage
from library.models import CustomDocument, CustomImage, Video

MakeCourse = Callable[..., CoursePage]
MakeLesson = Callable[..., LessonPage]
BANNER = re.compile(rb'<aside id="preview_banner".*?</aside>', re.DOTALL)
# Tokens, and the tag of the learner: the one of a preview is made up.
OWN = re.compile(rb'((?:name="csrfmiddlewaretoken" value|data-csrf|data-learner)=")[^"]+')
STAGES = [Availability.COMING_SOON, Availability.PUBLISHED]


def bare(content: bytes) -> bytes:
    return OWN.sub(rb"\1", content)


def previewed(page: Page, audience: Audience, at: datetime | None = None) -> tuple[int, bytes]:
    response = preview_time.preview(page, audience=audience, at=at)
    assert BANNER.search(response.content)
    return response.status_code, bare(BANNER.sub(b"", response.content))


def all_previews(page: Page, at: datetime | None = None) -> dict[Audience, tuple[int, bytes]]:
    """By audience, of the page's latest draft."""
    return {audience: previewed(latest(page), audience, at) for audience in Audience}


@pytest.fixture
def answers(sign_in: Callable[[Email], Client], now: datetime) -> Callable[[str], dict[Audience, tuple[int, bytes]]]:
    """What real visitors are answered at an address, by audience; the purchaser has bought every course."""

    def ask(url: str) -> dict[Audience, tuple[int, bytes]]:
        email, _ = Email.objects.get_or_create(
            address=preview_time.READER, defaults={"asked_at": now, "verified_at": now}
        )
        learner = sign_in(email)
        found = {Audience.ANONYMOUS: Client().get(url), Audience.EMAIL: learner.get(url)}
        for key in set(CoursePage.objects.values_list("translation_key", flat=True)):
            Grant.objects.create(email=email, course_key=key, source=Grant.Source.PURCHASE, granted_at=now)
        found[Audience.PURCHASER] = learner.get(url)
        Grant.objects.all().delete()
        for response in found.values():
            assert not BANNER.search(response.content)
        return {audience: (response.status_code, bare(response.content)) for audience, response in found.items()}

    return ask


def latest(page: Page) -> Page:
    return Page.objects.get(pk=page.pk).get_latest_revision_as_object()


def draft(page: Page, **fields: Any) -> Page:
    """Save a draft of the page with these fields, on top of a published revision."""
    found = latest(page)
    for name, value in fields.items():
        setattr(found, name, value)
    found.save_revision()
    return found


def schedule(page: Page, at: datetime, **fields: Any) -> None:
    draft(page, go_live_at=at, **fields)
    approve(page)


def approve(page: Page) -> None:
    Page.objects.get(pk=page.pk).get_latest_revision().publish()


@pytest.fixture
def pass_time(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Move the time to this moment, and release what is due."""

    def run(moment: datetime) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(timezone, "now", lambda: moment + timedelta(seconds=1))
            call_command("publish_scheduled")

    return run


@pytest.fixture
def later(now: datetime) -> datetime:
    return now + timedelta(days=30)


def published(page: Page) -> Any:
    page.save_revision().publish()
    return page


# Every audience, level, status and free preview


@pytest.mark.parametrize("is_free", [False, True])
@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("course_stage", STAGES)
@pytest.mark.parametrize("level", Level)
def test_draft_is_previewed_as_it_is_answered_once_approved(
    make_course: MakeCourse,
    make_lesson: MakeLesson,
    answers: Any,
    level: Level,
    course_stage: Availability,
    stage: Availability,
    is_free: bool,
) -> None:
    course = published(make_course(slug="course", access=level, availability=course_stage))
    lesson = published(make_lesson(course, slug="lesson"))
    make_lesson(course, slug="second", availability=stage)
    draft(lesson, title="Rewritten", slug="renamed", is_free_preview=is_free, availability=stage)
    found = all_previews(lesson)

    approve(lesson)

    assert found == answers("/courses/course/renamed/")


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("level", Level)
def test_course_is_previewed_as_it_is_answered_once_approved(
    make_course: MakeCourse, make_lesson: MakeLesson, answers: Any, level: Level, stage: Availability
) -> None:
    course = published(make_course(slug="course"))
    make_lesson(course, slug="lesson")
    make_lesson(course, slug="draft", live=False)
    draft(course, title="Rewritten", slug="renamed", access=level, availability=stage)
    found = all_previews(course)

    approve(course)

    assert found == answers("/courses/renamed/")


@pytest.mark.parametrize("level", Level)
def test_lesson_of_a_draft_course_is_previewed_as_if_both_were_approved(
    make_course: MakeCourse, make_lesson: MakeLesson, answers: Any, level: Level
) -> None:
    course = make_course(slug="course", live=False)
    lesson = make_lesson(course, slug="lesson", live=False)
    draft(course, title="Rewritten", slug="renamed", access=level)
    draft(lesson, title="First")
    found = all_previews(lesson)

    approve(course)
    approve(lesson)

    assert found == answers("/courses/renamed/lesson/")


def test_everything_a_lesson_shows_is_previewed(
    make_course: MakeCourse,
    make_lesson: MakeLesson,
    answers: Any,
    image: CustomImage,
    document: CustomDocument,
    video: Video,
) -> None:
    lesson = make_lesson(make_course(slug="course", access=Level.EMAIL), slug="lesson", live=False)
    body = [("rich_text", f"<p>{CANARY}</p>"), picture(image), download(document)]
    captions = [LessonCaption(language="en", label="English", vtt=VTT)]
    draft(lesson, video=video, body=body, captions=captions, chapters=[LessonChapter(start=2, title="Two")])
    found = all_previews(lesson)

    approve(lesson)

    assert found == answers("/courses/course/lesson/")


@pytest.mark.parametrize("path", ["/", "/courses/"])
def test_front_page_and_catalogue_are_previewed(
    home_page: HomePage, catalogue: CourseIndexPage, make_course: MakeCourse, answers: Any, path: str
) -> None:
    make_course(slug="soon", availability=Availability.COMING_SOON)
    make_course(slug="open")
    page = draft(home_page, headline="Learn.") if path == "/" else draft(catalogue, intro="All of them.")
    found = all_previews(page)

    approve(page)

    assert found == answers(path)


# At a date


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("stage", STAGES)
def test_what_is_scheduled_is_out_at_its_date(
    make_course: MakeCourse,
    make_lesson: MakeLesson,
    answers: Any,
    pass_time: Any,
    later: datetime,
    level: Level,
    stage: Availability,
) -> None:
    course = published(make_course(slug="course", availability=Availability.COMING_SOON))
    lesson = published(make_lesson(course, slug="lesson"))
    schedule(course, later, title="Released", slug="renamed", access=level, availability=stage)
    schedule(published(make_lesson(course, slug="second")), later, title="Renamed", minutes=9)
    schedule(make_lesson(course, slug="third", live=False), later)
    schedule(make_lesson(course, slug="fourth", live=False), later + timedelta(hours=1))
    draft(lesson, title="Rewritten")
    found = all_previews(lesson, later)

    approve(lesson)
    pass_time(later)

    assert found == answers("/courses/renamed/lesson/")


def test_what_is_scheduled_is_not_out_before(
    make_course: MakeCourse, make_lesson: MakeLesson, answers: Any, later: datetime
) -> None:
    course = published(make_course(slug="course", access=Level.EMAIL))
    lesson = published(make_lesson(course, slug="lesson"))
    schedule(course, later, access=Level.ANYONE, title="Released")
    schedule(make_lesson(course, slug="second", live=False), later)
    found = all_previews(lesson, later - timedelta(minutes=1))

    assert found == answers("/courses/course/lesson/")


def test_course_scheduled_to_be_released_is_previewed_with_what_is_out_by_then(
    make_course: MakeCourse, make_lesson: MakeLesson, answers: Any, pass_time: Any, later: datetime
) -> None:
    course = published(make_course(slug="course", availability=Availability.COMING_SOON))
    schedule(make_lesson(course, slug="lesson", live=False), later - timedelta(days=1))
    draft(course, availability=Availability.PUBLISHED, go_live_at=later)
    found = all_previews(course)  # without a date: once it is out

    approve(course)
    pass_time(later)

    assert found == answers("/courses/course/")


def test_draft_that_waits_for_its_date_leaves_the_live_version_till_then(
    make_course: MakeCourse, make_lesson: MakeLesson, answers: Any, later: datetime
) -> None:
    lesson = published(make_lesson(make_course(slug="course"), slug="lesson"))
    draft(lesson, title="Rewritten", go_live_at=later)
    found = all_previews(lesson, later - timedelta(days=1))

    assert found == answers("/courses/course/lesson/")


def test_new_page_that_waits_for_its_date_is_not_here_till_then(
    make_course: MakeCourse, make_lesson: MakeLesson, answers: Any, later: datetime
) -> None:
    lesson = make_lesson(make_course(slug="course"), slug="lesson", live=False)
    draft(lesson, go_live_at=later)
    found = all_previews(lesson, later - timedelta(days=1))

    approve(lesson)

    assert found == answers("/courses/course/lesson/")
    assert {status for status, _ in found.values()} == {404}


def test_what_ends_is_gone_after_its_end(
    make_course: MakeCourse, make_lesson: MakeLesson, answers: Any, pass_time: Any, later: datetime
) -> None:
    course = published(make_course(slug="course"))
    published(make_lesson(course, slug="first", expire_at=later - timedelta(days=1)))
    lesson = published(make_lesson(course, slug="lesson"))
    ended = published(make_lesson(course, slug="ended"))
    draft(ended, expire_at=later - timedelta(hours=1))
    gone = all_previews(ended, later)
    approve(ended)
    found = all_previews(lesson, later)

    pass_time(later)

    assert (found, gone) == (answers("/courses/course/lesson/"), answers("/courses/course/ended/"))


@pytest.mark.parametrize("path", ["/", "/courses/"])
def test_front_page_and_catalogue_show_what_is_out_by_then(
    home_page: HomePage,
    catalogue: CourseIndexPage,
    make_course: MakeCourse,
    make_lesson: MakeLesson,
    answers: Any,
    pass_time: Any,
    later: datetime,
    path: str,
) -> None:
    published(make_course(slug="ending", expire_at=later - timedelta(days=2)))
    soon = published(make_course(slug="soon", availability=Availability.COMING_SOON))
    schedule(soon, later - timedelta(days=1), availability=Availability.PUBLISHED, access=Level.EMAIL)
    schedule(make_course(slug="new", live=False), later)
    schedule(make_lesson(soon, slug="lesson", live=False), later)
    page = latest(home_page if path == "/" else catalogue)
    found = all_previews(page, later)

    pass_time(later)

    assert found == answers(path)


# Aliases and translations


def test_alias_follows_its_source(
    make_course: MakeCourse, make_lesson: MakeLesson, answers: Any, pass_time: Any, later: datetime
) -> None:
    source_course = published(make_course(slug="source", access=Level.PURCHASE))
    source = published(make_lesson(source_course, slug="lesson"))
    course = published(make_course(slug="course", access=Level.EMAIL))
    alias = source.create_alias(parent=course, update_slug="alias", reset_translation_key=True)
    schedule(source, later, title="Renamed", is_free_preview=True)
    schedule(source_course, later, access=Level.ANYONE)
    found = all_previews(alias, later), all_previews(course, later)

    pass_time(later)

    assert found == (answers("/courses/course/alias/"), answers("/courses/course/"))


def test_translation_that_comes_to_ask_for_more_counts(
    make_course: MakeCourse, make_lesson: MakeLesson, answers: Any, pass_time: Any, later: datetime, french: Locale
) -> None:
    course = published(make_course(slug="course"))
    lesson = published(make_lesson(course, slug="lesson"))
    for parent in (HomePage.objects.get(), CourseIndexPage.objects.get()):
        parent.copy_for_translation(french)
    translated = course.copy_for_translation(french)
    schedule(translated, later, access=Level.PURCHASE, slug="cours")
    found = all_previews(lesson, later)

    pass_time(later)

    assert found == answers("/courses/course/lesson/")
    assert CANARY.encode() not in found[Audience.EMAIL][1]

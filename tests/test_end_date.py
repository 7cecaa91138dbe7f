"""A page past its end date is gone for everybody at that moment, whether or not the scheduler has come round."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from wagtail.models import Page, ReferenceIndex

from access.models import Email, Grant
from access.policy import Level, Status
from courses import publishing_status
from courses.models import CoursePage, LessonCaption, LessonPage
from courses.tests.test_sitemaps import listed
from library.tests import factories
from release import waitlist

LISTS = ["/", "/courses/"]


@pytest.fixture
def course(make_course: Callable[..., CoursePage], settings: Any) -> CoursePage:
    settings.STRIPE_SECRET_KEY = "sk_test_of_nobody"
    return make_course(slug="ending", title="The ending course", access=Level.PURCHASE, price=4900, currency="EUR")


@pytest.fixture
def lesson(course: CoursePage, make_lesson: Callable[..., LessonPage]) -> LessonPage:
    image, document = factories.make_image(), factories.make_document()
    body = [("image", {"image": image, "caption": ""}), ("document", {"document": document, "label": ""})]
    video = factories.make_video()
    lesson = make_lesson(
        course, slug="ending-lesson", title="The ending lesson", body=body, video=video, is_free_preview=True
    )
    LessonCaption.objects.create(lesson=lesson, vtt="WEBVTT\n")
    ReferenceIndex.create_or_update_for_object(lesson)
    return lesson


@pytest.fixture
def learner(learner_email: Email, course: CoursePage, sign_in: Callable[[Email], Client], now: datetime) -> Client:
    Grant.objects.create(
        email=learner_email, course_key=course.translation_key, source=Grant.Source.PURCHASE, granted_at=now
    )
    return sign_in(learner_email)


def addresses(lesson: LessonPage) -> list[str]:
    image, document = lesson.body[0].value["image"], lesson.body[1].value["document"]
    return [
        lesson.url,
        f"/files/{lesson.pk}/picture/{image.pk}/480/",
        f"/files/{lesson.pk}/video/{lesson.video_id}/",
        f"/lessons/{lesson.pk}/captions/en.vtt",
        document.url,
    ]


def answers(client: Client, urls: list[str]) -> set[int]:
    found = set()
    for url in urls:
        response = client.get(url)
        found.add(response.status_code)
        response.getvalue()  # read to its end, or its file stays open
    return found


def end(page: Page, now: datetime) -> None:
    Page.objects.filter(pk=page.pk).update(expire_at=now - timedelta(hours=1))


@pytest.mark.parametrize("ended", ["lesson", "course"])
def test_neither_lesson_nor_its_files_answer_after_the_end(
    ended: str, course: CoursePage, lesson: LessonPage, client: Client, learner: Client, now: datetime
) -> None:
    assert answers(client, addresses(lesson)) == answers(learner, addresses(lesson)) == {200}

    end({"lesson": lesson, "course": course}[ended], now)

    assert answers(client, addresses(lesson)) == answers(learner, addresses(lesson)) == {404}


def test_no_list_names_what_has_ended(course: CoursePage, lesson: LessonPage, client: Client, now: datetime) -> None:
    def named(what: str, *urls: str) -> list[str]:
        return [url for url in urls if what in client.get(url).content.decode()]

    assert named("ending", *LISTS) == LISTS
    assert named("The ending lesson", course.url) == [course.url]
    assert listed(client) == [*LISTS, course.url, lesson.url]

    end(lesson, now)
    assert named("The ending lesson", course.url) == []
    assert listed(client) == [*LISTS, course.url]

    end(course, now)
    assert named("ending", *LISTS) == []
    assert listed(client) == LISTS


def test_an_ended_course_is_neither_sold_nor_waited_for(
    course: CoursePage,
    make_course: Callable[..., CoursePage],
    client: Client,
    learner_email: Email,
    now: datetime,
) -> None:
    soon = make_course(slug="soon", availability="coming_soon")
    urls = [f"/purchases/buy/{course.pk}/", f"/notify/{soon.pk}/"]
    assert answers(client, urls) == {200}

    end(course, now)
    end(soon, now)

    assert answers(client, urls) == {404}
    assert waitlist.opened(course.translation_key) is None
    assert answers(client, [course.url, soon.url]) == {404}


def test_the_admin_says_what_visitors_meet(course: CoursePage, lesson: LessonPage, now: datetime) -> None:
    end(course, now)

    said = publishing_status.status_for(course, now=now)
    assert (said.status, said.sentence) == (Status.DRAFT, "Went offline at its end date.")
    assert publishing_status.status_for(lesson, now=now).status is Status.DRAFT
    assert list(publishing_status.having(Status.DRAFT, CoursePage.objects.all())) == [course]
    assert list(publishing_status.having(Status.DRAFT, LessonPage.objects.all())) == [lesson]


@pytest.mark.parametrize("url", ["/", "/courses/"])
def test_home_and_catalogue_end_too(url: str, client: Client, home_page: Page, now: datetime) -> None:
    Page.objects.filter(depth__gte=2).update(expire_at=now - timedelta(seconds=1))

    assert client.get(url).status_code == 404

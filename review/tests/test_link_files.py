"""The files of a draft open through its review link, and through nothing else."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from wagtail.models import TaskState

from courses.models import CoursePage, LessonChapter, LessonPage
from courses.models.lesson import LessonCaption
from courses.tests.conftest import document, image, video
from courses.tests.content import VTT, download, picture
from library.tests import factories
from review.link import links
from review.models import ReviewLink
from tests.test_doors import counts, refuse_writes

__all__ = ["document", "image", "video"]
Submit = Callable[..., TaskState]
MakeLink = Callable[..., ReviewLink]


@pytest.fixture
def lesson(course: CoursePage, make_lesson: Any, image: Any, document: Any, video: Any, submit: Submit) -> LessonPage:
    """A draft in review, which shows one of each."""
    lesson: LessonPage = make_lesson(course, live=False, video=video, body=[picture(image), download(document)])
    lesson.captions.set([LessonCaption(language="en", label="English", vtt=VTT)])
    lesson.chapters.set([LessonChapter(start=2, title="Two")])
    submit(lesson)
    return lesson


def status(client: Client, address: str) -> int:
    response = client.get(address)
    b"".join(response)  # a file that is sent is closed once it was read
    return response.status_code


def paths(lesson: LessonPage, image: Any, document: Any, video: Any) -> dict[str, str]:
    below = f"files/{lesson.pk}/"
    return {
        "picture": f"{below}picture/{image.pk}/960/",
        "video": f"{below}video/{video.pk}/",
        "captions": f"{below}captions/en.vtt",
        "chapters": f"{below}chapters.vtt",
        "document": f"{below}documents/{document.pk}/{document.filename}",
    }


def test_frame_asks_for_its_files_through_the_link(
    client: Client, lesson: LessonPage, make_link: MakeLink, image: Any, document: Any, video: Any
) -> None:
    root = f"/review/{links.signed(make_link(lesson))}/"

    frame = client.get(f"{root}page/{lesson.pk}/").text

    for path in paths(lesson, image, document, video).values():
        assert f"{root}{path}" in frame
    for door in ("/files/", "/lessons/", "/documents/"):
        assert f'="{door}' not in frame
        assert f", {door}" not in frame


def test_files_of_the_draft_open_and_are_written_nowhere(
    client: Client, lesson: LessonPage, make_link: MakeLink, image: Any, document: Any, video: Any
) -> None:
    root, before = f"/review/{links.signed(make_link(lesson))}/", counts()

    with connection.execute_wrapper(refuse_writes):
        answers = {kind: client.get(root + path) for kind, path in paths(lesson, image, document, video).items()}

    assert {kind: answer.status_code for kind, answer in answers.items()} == dict.fromkeys(answers, 200)
    assert {answer["Cache-Control"] for answer in answers.values()} == {"private, no-store"}
    assert {answer["Referrer-Policy"] for answer in answers.values()} == {"no-referrer, strict-origin"}
    content = {kind: answer.getvalue() for kind, answer in answers.items()}
    assert content["captions"] == VTT.encode()
    assert content["picture"].startswith(b"RIFF")
    assert all(content.values())
    assert counts() == before


def test_video_is_sent_in_parts(client: Client, lesson: LessonPage, make_link: MakeLink, video: Any) -> None:
    address = f"/review/{links.signed(make_link(lesson))}/files/{lesson.pk}/video/{video.pk}/"

    response = client.get(address, headers={"Range": "bytes=0-1"})

    assert response.status_code == 206
    assert len(response.getvalue()) == 2


def test_files_open_without_the_link_to_nobody(
    client: Client, lesson: LessonPage, make_link: MakeLink, image: Any, document: Any, video: Any
) -> None:
    client.get(f"/review/{links.signed(make_link(lesson))}/page/{lesson.pk}/")

    for path in (
        f"/files/{lesson.pk}/picture/{image.pk}/960/",
        f"/files/{lesson.pk}/video/{video.pk}/",
        f"/lessons/{lesson.pk}/captions/en.vtt",
        f"/lessons/{lesson.pk}/chapters.vtt",
        f"/documents/{document.pk}/{document.filename}",
    ):
        assert status(client, path) in {403, 404}


@pytest.mark.refusal("link")
@pytest.mark.parametrize("kind", ["picture", "video", "captions", "chapters", "document"])
def test_files_are_shut_when_the_link_is(
    client: Client, lesson: LessonPage, make_link: MakeLink, image: Any, document: Any, video: Any, now: Any, kind: str
) -> None:
    link = make_link(lesson, created_at=now - timedelta(days=2), expires_at=now - timedelta(days=1))

    address = f"/review/{links.signed(link)}/{paths(lesson, image, document, video)[kind]}"

    assert status(client, address) == 410


@pytest.mark.refusal("link")
def test_files_that_the_draft_does_not_show_stay_shut(
    client: Client, lesson: LessonPage, make_link: MakeLink, image: Any, document: Any, video: Any
) -> None:
    others = factories.make_image(), factories.make_document(), factories.make_video()
    root, other = f"/review/{links.signed(make_link(lesson))}/", paths(lesson, *others)

    answers = [status(client, root + other[kind]) for kind in ("picture", "video", "document")]

    assert answers == [404, 404, 404]


@pytest.mark.refusal("link")
def test_files_of_another_page_stay_shut(
    client: Client, course: CoursePage, lesson: LessonPage, make_link: MakeLink, submit: Submit, video: Any
) -> None:
    submit(course)

    address = f"/review/{links.signed(make_link(course))}/files/{lesson.pk}/video/{video.pk}/"

    assert status(client, address) == 404


def test_size_that_pages_do_not_show_is_not_made(
    client: Client, lesson: LessonPage, make_link: MakeLink, image: Any
) -> None:
    address = f"/review/{links.signed(make_link(lesson))}/files/{lesson.pk}/picture/{image.pk}/4000/"

    assert status(client, address) == 404

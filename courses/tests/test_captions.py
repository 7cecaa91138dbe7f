"""Captions: WebVTT as editors paste it, and the view that delivers it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from courses.content import captions
from courses.models import CoursePage, LessonCaption, LessonPage
from courses.tests.content import VTT

MakeCourse = Callable[..., CoursePage]
MakeLesson = Callable[..., LessonPage]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1\n00:00:01,000 --> 00:00:04,000\nA SubRip file\n",
        "WEBVTT",
        "WEBVTT\n\nNo times at all\n",
        "WEBVTTX\n\n00:01.000 --> 00:04.000\nHello\n",
        "webvtt\n\n00:01.000 --> 00:04.000\nHello\n",
        "WEBVTT\n\n00:01 --> 00:04\nNo thousandths\n",
    ],
)
def test_captions_that_would_not_show_are_refused(text: str) -> None:
    assert captions.problem(text)


@pytest.mark.parametrize(
    "text",
    [
        "WEBVTT\n\n00:01.000 --> 00:04.000\nHello\n",
        "WEBVTT a title\r\n\r\n1\r\n00:00:01.000 --> 00:00:04.000 align:start\r\nHello\r\n",
        "\ufeffWEBVTT\n\n100:00:01.000 --> 100:00:04.000\nHello\n",
    ],
)
def test_captions_that_will_show_are_taken(text: str) -> None:
    assert captions.problem(text) is None


def caption(lesson: LessonPage, *, language: str = "en") -> str:
    lesson.captions.set([LessonCaption(language=language, label="English", vtt=VTT)])
    lesson.save_revision().publish()
    return f"/lessons/{lesson.pk}/captions/{language}.vtt"


@pytest.mark.refusal("policy")
def test_captions_of_a_gated_lesson_are_refused(client: Client, email_lesson: LessonPage) -> None:
    response = client.get(caption(email_lesson))

    assert response.status_code == 403


@pytest.mark.refusal("policy")
def test_captions_of_an_unpublished_lesson_are_not_here(client: Client, open_lesson: LessonPage) -> None:
    address = caption(open_lesson)
    LessonPage.objects.get(pk=open_lesson.pk).unpublish()

    assert client.get(address).status_code == 404


@pytest.mark.refusal("policy")
def test_etag_of_captions_opens_nothing(client: Client, email_lesson: LessonPage) -> None:
    response = client.get(caption(email_lesson), headers={"If-None-Match": "*"})

    assert response.status_code == 403


def test_captions_open_to_whoever_may_read_the_lesson(verified_learner: Client, email_lesson: LessonPage) -> None:
    response = verified_learner.get(caption(email_lesson))

    assert response.content.decode() == VTT


def test_captions_are_sent_as_webvtt(client: Client, open_lesson: LessonPage) -> None:
    response = client.get(caption(open_lesson))

    assert response["Content-Type"] == "text/vtt; charset=utf-8"


def test_gated_captions_are_kept_by_nobody(verified_learner: Client, email_lesson: LessonPage) -> None:
    response = verified_learner.get(caption(email_lesson))

    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("address", ["/lessons/{}/captions/de.vtt", "/lessons/999999/captions/en.vtt"])
def test_captions_that_nobody_wrote_are_not_here(client: Client, open_lesson: LessonPage, address: str) -> None:
    caption(open_lesson)

    assert client.get(address.format(open_lesson.pk)).status_code == 404


def test_number_too_large_for_a_database_is_not_here(client: Client, db: None) -> None:
    assert client.get(f"/lessons/{'9' * 30}/captions/en.vtt").status_code == 404


def test_captions_of_a_draft_show_to_staff(editor: Client, open_lesson: LessonPage) -> None:
    caption(open_lesson)
    open_lesson.captions.set([LessonCaption(language="en", label="English", vtt=VTT + "more")])
    open_lesson.save_revision()

    response = editor.get(f"/lessons/{open_lesson.pk}/captions/en.vtt")

    assert response.content.decode().endswith("more")


@pytest.mark.refusal("policy")
def test_captions_are_shut_to_staff_of_another_page(
    client: Client, email_lesson: LessonPage, django_user_model: Any
) -> None:
    user = django_user_model.objects.create_user("desk")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)

    assert client.get(caption(email_lesson)).status_code == 403


def test_replaced_captions_of_the_same_language_are_published(client: Client, open_lesson: LessonPage) -> None:
    address = caption(open_lesson)
    lesson = LessonPage.objects.get(pk=open_lesson.pk)
    lesson.captions.set([LessonCaption(language="en", label="English", vtt=VTT + "again")])
    lesson.save_revision().publish()

    assert client.get(address).content.decode().endswith("again")


# The text of captions


def test_captions_as_text_are_a_file_to_keep(client: Client, open_lesson: LessonPage) -> None:
    response = client.get(caption(open_lesson) + "?text")

    assert response.content.decode() == "canary-6f1d2c\n"
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="{open_lesson.slug}.en.txt"'


@pytest.mark.refusal("policy")
def test_captions_as_text_are_refused_alike(client: Client, email_lesson: LessonPage) -> None:
    assert client.get(caption(email_lesson) + "?text").status_code == 403

"""Fixtures for learning: a lesson with a video of a hundred seconds, what a player posts, and who posts it."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from courses.models import CoursePage, LessonPage
from learning.batch import Batch
from learning.models import LessonProgress
from library.tests.factories import make_video

SECONDS = 100


def posted(**changed: Any) -> dict[str, Any]:
    return {"played": [[0, 10]], "position": 10, "duration": SECONDS, **changed}


def send(client: Client, lesson: LessonPage | int, said: Any = None, **headers: str) -> Any:
    """Post it as a player does; bytes go out as they are."""
    body = said if isinstance(said, bytes) else json.dumps(posted() if said is None else said).encode()
    page_id = lesson if isinstance(lesson, int) else lesson.pk
    return client.post(f"/learning/progress/{page_id}/", body, content_type="application/json", headers=headers)


def batch(*played: tuple[float, float], position: float = 0, at: datetime) -> Batch:
    return Batch(played=played, position=position, at=at)


def fresh(page: LessonPage) -> LessonPage:
    """As the view finds it."""
    found: LessonPage = LessonPage.objects.select_related("video").get(pk=page.pk)
    return found


def stored(lesson: LessonPage) -> LessonProgress:
    return LessonProgress.objects.get(lesson_key=lesson.translation_key)


@pytest.fixture
def filmed(email_lesson: LessonPage) -> LessonPage:
    """The one lesson of a course for verified addresses, with a video."""
    email_lesson.video = make_video(duration=SECONDS - 0.4)
    email_lesson.save()
    return fresh(email_lesson)


@pytest.fixture
def course(filmed: LessonPage) -> CoursePage:
    found: CoursePage = CoursePage.objects.get(slug="gated")
    return found


@pytest.fixture
def add_lesson(course: CoursePage, make_lesson: Callable[..., LessonPage]) -> Callable[..., LessonPage]:
    """One more lesson, without a video, at the course's end."""
    return lambda **fields: make_lesson(course, **fields)

"""Slots: outside of them, all bytes of a page are the same for everyone who may read it."""

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from access.models import Email
from courses.models import CoursePage, LessonPage
from courses.models.stage import Availability

SLOT = re.compile(r"<!--slot ([\w-]+)-->.*?<!--/slot-->", re.DOTALL)
COURSE = {"next_step", "done"}
LESSON = {"resume", "progress", "done", "course_progress"}
PAGES = {
    "/": set[str](),
    "/courses/": set(),
    "/courses/?q=nothing": set(),
    "/courses/open/": COURSE,
    "/courses/gated/": COURSE,
    "/courses/paid/": COURSE,
    "/courses/soon/": {"done"},
    "/courses/open/lesson/": LESSON,
    "/courses/gated/lesson/": LESSON,
    "/courses/paid/lesson/": LESSON,
}


@pytest.fixture
def readers(
    client: Client,
    buyer: Client,
    sign_in: Callable[[Email], Client],
    admin_client: Client,
    open_lesson: LessonPage,
    email_lesson: LessonPage,
    make_course: Callable[..., CoursePage],
    make_lesson: Callable[..., LessonPage],
    now: datetime,
) -> list[Client]:
    make_lesson(make_course(slug="soon", availability=Availability.COMING_SOON))
    another = Email.objects.create(address="grace@example.org", asked_at=now, verified_at=now)
    return [client, buyer, sign_in(another), admin_client]


def test_all_that_speaks_of_a_visitor_stands_in_a_slot(readers: list[Client]) -> None:
    for url, own in PAGES.items():
        answers = [reader.get(url).text for reader in readers]
        allowed = [page for page in answers if 'id="gate_heading"' not in page]

        assert len({SLOT.sub(r"<!--\1-->", page) for page in allowed}) == 1, url
        assert all(set(SLOT.findall(page)) == {"account", *own} for page in allowed), url
        assert len(allowed) >= 2, url

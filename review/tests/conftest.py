"""A page in review, and the people around it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from wagtail.models import Page, TaskState

from access.policy import Level
from courses.models import CoursePage
from review import decisions
from review.models import ReviewLink

Submit = Callable[..., TaskState]


@pytest.fixture
def make_person(db: None) -> Callable[..., Any]:
    """An account, a member of this group."""

    def make(group: str = "", name: str = "") -> Any:
        name = name or group.lower()
        person = get_user_model().objects.create_user(name, f"{name}@example.org", "x", first_name=name.capitalize())
        if group:
            person.groups.add(Group.objects.get(name=group))
        return person

    return make


@pytest.fixture
def author(make_person: Callable[..., Any]) -> Any:
    return make_person("Editors", "author")


@pytest.fixture
def rita(make_person: Callable[..., Any]) -> Any:
    """A reviewer."""
    return make_person("Reviewers", "rita")


@pytest.fixture
def course(make_course: Callable[..., CoursePage]) -> CoursePage:
    course = make_course(slug="bees", title="Bees", access=Level.PURCHASE)
    course.save_revision().publish()
    course.refresh_from_db()
    return course


@pytest.fixture
def submit(author: Any) -> Submit:
    """Change the page and submit it; returns the review it waits for."""

    def make(page: Page, **fields: Any) -> TaskState:
        for name, value in {"title": "More bees", **fields}.items():
            setattr(page, name, value)
        page.save_revision(user=author)
        page.get_workflow().start(page, author)
        task_state = decisions.waiting(page)
        assert task_state is not None
        return task_state

    return make


@pytest.fixture
def make_link(now: datetime) -> Callable[..., ReviewLink]:
    def make(page: Page, **fields: Any) -> ReviewLink:
        given = {"mailbox": "zoe@example.org", "created_at": now, "expires_at": now + timedelta(days=7)}
        return ReviewLink.objects.create(page=page.page_ptr, **given | fields)

    return make

"""The dashboard's panel: what waits for whom, what goes live next, and what needs care."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import GroupApprovalTask, Page, Workflow, WorkflowTask

from courses.models import CoursePage
from home import dashboard

MakeCourse = Callable[..., CoursePage]


@pytest.fixture
def make_user(db: None) -> Callable[[str], Any]:
    """A member of a group, which may not exist yet; they get into the admin."""

    def make(group: str) -> Any:
        user = get_user_model().objects.create_user(group.lower(), "", "x")
        user.user_permissions.add(Permission.objects.get(codename="access_admin"))
        user.groups.add(Group.objects.get_or_create(name=group)[0])
        return user

    return make


def submit(page: Page, *, to: str, by: Any) -> Any:
    task = GroupApprovalTask.objects.create(name="Look")
    task.groups.add(Group.objects.get(name=to))
    workflow = Workflow.objects.create(name="Looking")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    page.save_revision()
    return workflow.start(page, by)


def schedule(page: Page, time: datetime) -> None:
    page.go_live_at = time
    page.save_revision(approved_go_live_at=time)


def titles(items: list[dashboard.Item]) -> list[str]:
    return [item.title for item in items]


def test_reviewer_finds_what_waits(make_course: MakeCourse, make_user: Callable[[str], Any]) -> None:
    editor, reviewer = make_user("Editors"), make_user("Reading")
    submit(make_course(title="Waits", live=False), to="Reading", by=editor)

    assert titles(dashboard.waiting(reviewer)) == ["Waits"]
    assert dashboard.waiting(editor) == []


def test_soonest_release_stands_first(make_course: MakeCourse, make_user: Callable[[str], Any], now: datetime) -> None:
    for title, days in (("Later", 2), ("Sooner", 1)):
        schedule(make_course(title=title, live=False), now + timedelta(days=days))

    coming, care = dashboard.planned(make_user("Editors"))

    assert titles(coming) == ["Sooner", "Later"]
    assert care == []


def test_what_will_not_go_on_by_itself_needs_care(
    make_course: MakeCourse, make_user: Callable[[str], Any], now: datetime
) -> None:
    editor = make_user("Editors")
    make_user("Reading")
    wish = make_course(title="Wish", live=False)
    wish.go_live_at = now + timedelta(days=1)
    wish.save_revision()
    schedule(make_course(title="Late", live=False), now - timedelta(hours=1))
    submit(make_course(title="Back", live=False), to="Reading", by=editor).current_task_state.reject()
    make_course(title="Quiet")

    coming, care = dashboard.planned(editor)

    assert coming == []
    assert sorted(titles(care)) == ["Back", "Late", "Wish"]


def test_plans_are_told_only_to_who_may_see_the_pages(
    make_course: MakeCourse, make_user: Callable[[str], Any], now: datetime
) -> None:
    schedule(make_course(live=False), now + timedelta(days=1))

    assert dashboard.planned(make_user("Reading")) == ([], [])


def test_dashboard_shows_it(make_course: MakeCourse, make_user: Callable[[str], Any], now: datetime) -> None:
    schedule(make_course(title="Bees", live=False), now + timedelta(days=1))
    client = Client()
    client.force_login(make_user("Editors"))

    text = client.get("/admin/").text

    assert "Your dashboard" in text
    assert "Bees" in text


def test_desk_costs_the_same_however_much_lies_on_it(
    make_course: MakeCourse, make_user: Callable[[str], Any], now: datetime
) -> None:
    editor = make_user("Editors")

    def cost() -> int:
        schedule(make_course(live=False), now + timedelta(days=1))
        with CaptureQueriesContext(connection) as queries:
            dashboard.planned(get_user_model().objects.get(pk=editor.pk))
        return len(queries)

    cost()
    once = cost()

    assert max(cost() for _ in range(4)) <= once

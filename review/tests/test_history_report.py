"""The report of what reviewers said: for whom, about what, and as a spreadsheet."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.test import Client

from courses.models import CoursePage
from review.models import ReviewNote

ADDRESS = "/admin/reports/reviews/"


@pytest.fixture
def log_in(db: None) -> Callable[[str], Client]:
    """A member of a group; "" is somebody without any right to pages."""

    def act(group: str) -> Client:
        user = get_user_model().objects.create_user("staff", "", "x")
        user.user_permissions.add(Permission.objects.get(codename="access_admin"))
        user.groups.set(Group.objects.filter(name=group))
        client = Client()
        client.force_login(user)
        return client

    return act


@pytest.fixture
def notes(make_course: Callable[..., CoursePage], now: datetime) -> list[ReviewNote]:
    course = make_course(title="Bees")
    said = [("comment", "=SUM(1)", "Ada"), ("return", "Mend the summary.", "bob@example.org"), ("approval", "", "Ada")]
    return [
        ReviewNote.objects.create(page=course, kind=kind, text=text, name=name, said_at=now)
        for kind, text, name in said
    ]


def test_editor_reads_what_reviewers_said(log_in: Callable[[str], Client], notes: list[ReviewNote]) -> None:
    answer = log_in("Editors").get(ADDRESS)

    assert list(answer.context["object_list"]) == notes[::-1]
    assert "Mend the summary." in answer.text
    assert "bob@example.org" in answer.text


def test_report_is_filtered_by_decision(log_in: Callable[[str], Client], notes: list[ReviewNote]) -> None:
    assert list(log_in("Editors").get(f"{ADDRESS}?kind=return").context["object_list"]) == [notes[1]]


@pytest.mark.parametrize("query", ["", "results/", "?export=csv", "?export=xlsx"])
@pytest.mark.usefixtures("notes")
def test_who_has_no_right_to_pages_reads_nothing(log_in: Callable[[str], Client], query: str) -> None:
    answer = log_in("").get(ADDRESS + query)

    assert (answer.status_code, answer["Location"]) == (302, "/admin/")


@pytest.mark.usefixtures("notes")
def test_export_is_safe_for_spreadsheets(log_in: Callable[[str], Client]) -> None:
    text = b"".join(log_in("Editors").get(f"{ADDRESS}?export=csv&kind=comment")).decode()

    assert text.splitlines()[0] == "When,Page,Decision,Reviewer,Comment,Revision"
    assert ",Bees,Comment,Ada,'=SUM(1)," in text.splitlines()[1]


@pytest.mark.usefixtures("notes")
def test_number_of_queries_does_not_grow(
    log_in: Callable[[str], Client], django_assert_max_num_queries: object
) -> None:
    client = log_in("Editors")
    client.get(ADDRESS)

    with django_assert_max_num_queries(25):  # type: ignore[operator]
        client.get(ADDRESS)

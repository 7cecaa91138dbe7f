"""What staff see of waitlists and of the scheduler's health, what they may export, and who may not."""

from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.test import Client
from wagtail.models import ModelLogEntry, Revision

from courses.models import CoursePage
from release import scheduler_heartbeat
from release.models import ClockRound, LateRelease, WaitlistEntry

MakeEntry = Callable[..., WaitlistEntry]
MakeClient = Callable[..., Client]
EVERYTHING = ["view_waitlistentry", "delete_waitlistentry", "export_waitlistentry"]
REPORT = "/admin/reports/waitlists/"
BECAUSE = {"reason": "They wrote to us."}


@pytest.fixture
def staff(db: None) -> MakeClient:
    """A browser in which an editor with these permissions more is logged in."""

    def make(*codenames: str) -> Client:
        user = get_user_model().objects.create_user("desk", "desk@example.org", "x")
        user.groups.add(Group.objects.get(name="Editors"))
        user.user_permissions.set(Permission.objects.filter(content_type__app_label="release", codename__in=codenames))
        client = Client()
        client.force_login(user)
        return client

    return make


@pytest.fixture
def desk(staff: MakeClient) -> Client:
    return staff(*EVERYTHING)


def people(course: CoursePage) -> str:
    return f"{REPORT}{course.translation_key}/"


# Who may not


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    "page", ["", "results/", "?export=csv", "{key}/", "{key}/results/", "{key}/?export=xlsx", "{pk}/remove/"]
)
def test_an_editor_finds_nothing(
    staff: MakeClient, soon_course: CoursePage, make_entry: MakeEntry, page: str, method: str
) -> None:
    entry = make_entry(soon_course)
    url = REPORT + page.format(key=soon_course.translation_key, pk=entry.pk)

    answer = getattr(staff(), method)(url, BECAUSE if method == "post" else None)

    assert (answer.status_code, answer.get("Location")) == (302, "/admin/")
    assert WaitlistEntry.objects.exists()


@pytest.mark.parametrize("page", ["", "{key}/"])
def test_who_may_only_look_is_offered_no_export_and_no_removal(
    staff: MakeClient, soon_course: CoursePage, make_entry: MakeEntry, page: str
) -> None:
    entry = make_entry(soon_course)
    client, url = staff("view_waitlistentry"), REPORT + page.format(key=soon_course.translation_key)

    text = client.get(url).text

    assert "export=csv" not in text
    assert "/remove/" not in text
    assert client.get(f"{url}?export=csv").status_code == 302
    assert client.post(f"{REPORT}{entry.pk}/remove/", BECAUSE).status_code == 302
    assert WaitlistEntry.objects.exists()


def test_the_menu_shows_it_to_those_who_may(desk: Client) -> None:
    assert REPORT in desk.get("/admin/").text


# The report


def test_counts_by_course(
    desk: Client, soon_course: CoursePage, make_entry: MakeEntry, make_course: Callable[..., CoursePage], now: datetime
) -> None:
    make_course(title="Nobody waits")
    people: dict[str, dict[str, Any]] = {
        "ada": {},
        "bob": {},
        "eve": {"confirmed_at": None},
        "joe": {"sent_at": now},
        "sue": {"parked_at": now},
    }
    for name, fields in people.items():
        make_entry(soon_course, f"{name}@example.org", **fields)

    lines = b"".join(desk.get(f"{REPORT}?export=csv")).decode().splitlines()

    assert lines == ["Course,Waiting,Not confirmed,Notified,Failed", "Soon & sure,2,1,1,1"]
    assert "Soon &amp; sure" in desk.get(REPORT).text


def test_the_people_of_a_course(
    desk: Client, soon_course: CoursePage, make_entry: MakeEntry, make_course: Callable[..., CoursePage]
) -> None:
    make_entry(soon_course)
    make_entry(make_course(), "elsewhere@example.org")

    text = desk.get(people(soon_course)).text

    assert "ada@example.org" in text
    assert "elsewhere@example.org" not in text


def test_a_course_that_is_not_there(desk: Client, soon_course: CoursePage) -> None:
    key = soon_course.translation_key
    soon_course.delete()

    assert desk.get(f"{REPORT}{key}/").status_code == 404


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_export_is_safe_for_spreadsheets(
    desk: Client, soon_course: CoursePage, make_entry: MakeEntry, kind: str
) -> None:
    CoursePage.objects.filter(pk=soon_course.pk).update(title="=cmd|'/c calc'!A1")
    for name in ["=cmd", "+1", "-1", "plain"]:
        make_entry(soon_course, f"{name}@example.org")

    cells = [first_cells(desk.get(f"{url}?export={kind}"), kind) for url in (REPORT, people(soon_course))]

    assert cells == [
        ["'=cmd|'/c calc'!A1"],
        ["plain@example.org", "'-1@example.org", "'+1@example.org", "'=cmd@example.org"],
    ]


def first_cells(answer: Any, kind: str) -> list[str]:
    content = b"".join(answer)
    if kind == "csv":
        return [line.split(",")[0] for line in content.decode().splitlines()[1:]]
    rows = openpyxl.load_workbook(BytesIO(content)).active.iter_rows(min_row=2, values_only=True)
    return [str(row[0]) for row in rows]


def test_the_export_of_people_is_logged(desk: Client, soon_course: CoursePage, make_entry: MakeEntry) -> None:
    make_entry(soon_course)

    desk.get(f"{people(soon_course)}?export=csv")

    entry = ModelLogEntry.objects.get(action="access.export")
    assert (entry.data["about"], entry.user_display_name) == ("Soon & sure, 1", "desk")


def test_somebody_is_taken_off_and_it_is_logged(desk: Client, soon_course: CoursePage, make_entry: MakeEntry) -> None:
    entry, kept = make_entry(soon_course), make_entry(soon_course, "bob@example.org")

    answer = desk.post(f"{REPORT}{entry.pk}/remove/", BECAUSE)

    assert answer["Location"] == REPORT
    assert list(WaitlistEntry.objects.all()) == [kept]
    logged = ModelLogEntry.objects.get(action="release.remove")
    assert (logged.data["reason"], logged.data["about"]) == ("They wrote to us.", "Soon & sure")
    assert "ada" not in logged.label


def test_removal_asks_for_a_reason(desk: Client, soon_course: CoursePage, make_entry: MakeEntry) -> None:
    url = f"{REPORT}{make_entry(soon_course).pk}/remove/"

    assert desk.get(url).status_code == 200
    assert desk.post(url, {"reason": " "}).status_code == 200
    assert WaitlistEntry.objects.exists()


# The scheduler


def test_a_clock_that_never_ran_is_said(desk: Client) -> None:
    assert "The scheduler has never run" in desk.get("/admin/").text


def test_a_clock_that_stands_still_is_said(desk: Client, now: datetime) -> None:
    scheduler_heartbeat.begin(now=now - timedelta(minutes=6))

    assert "The scheduler hasn’t run since" in desk.get("/admin/").text


def test_a_clock_that_runs_says_nothing(desk: Client, now: datetime) -> None:
    scheduler_heartbeat.begin(now=now - timedelta(minutes=6))
    scheduler_heartbeat.begin(now=now)
    scheduler_heartbeat.end(now=now)

    assert "standstill" not in desk.get("/admin/").text
    assert ClockRound.objects.get().ended_at == now


def test_late_and_overdue_pages_are_said(
    desk: Client, soon_course: CoursePage, make_course: Callable[..., CoursePage], now: datetime
) -> None:
    scheduler_heartbeat.begin(now=now)
    due_at = datetime(2026, 3, 2, 9, tzinfo=now.tzinfo)
    LateRelease.objects.create(page=soon_course, due_at=due_at, released_at=now)
    stuck = make_course(title="Stuck", live=False)
    stuck.save_revision(approved_go_live_at=now - timedelta(hours=1))

    text = desk.get("/admin/").text

    assert "though it was due Mon 2 Mar 2026 09:00 UTC" in text
    assert "Stuck" in text
    assert "Was due to go live" in text


def test_the_editor_of_a_scheduled_page_hears_that_the_clock_stands_still(
    admin_client: Client, soon_course: CoursePage, now: datetime
) -> None:
    url = f"/admin/pages/{soon_course.pk}/edit/"
    before = admin_client.get(url).text

    Revision.objects.for_instance(soon_course).update(approved_go_live_at=now + timedelta(hours=1))

    assert "The scheduler has never run" not in before
    assert "The scheduler has never run" in admin_client.get(url).text


def test_the_editor_of_a_page_that_was_late_hears_it(
    admin_client: Client, soon_course: CoursePage, now: datetime
) -> None:
    LateRelease.objects.create(page=soon_course, due_at=now - timedelta(hours=3), released_at=now)

    assert "the scheduler wasn’t running" in admin_client.get(f"/admin/pages/{soon_course.pk}/edit/").text

"""The reports about courses, their exports, and who may see them; and the page that lets readers keep a course."""

import io
from collections.abc import Callable
from datetime import datetime
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import GroupPagePermission, PageLogEntry

from access.models import Email, Grant
from access.policy import Level
from courses.models import CoursePage, LessonPage

MakeCourse = Callable[..., CoursePage]
MakeLesson = Callable[..., LessonPage]
HEALTH, ACCESS = "/admin/reports/content-health/", "/admin/reports/access/"


@pytest.fixture
def reviewer(db: None) -> Client:
    """Somebody who gets into the admin, but has no right to any page."""
    user = get_user_model().objects.create_user("reviewer", "", "x")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client = Client()
    client.force_login(user)
    return client


def lines(answer: Any) -> list[str]:
    return b"".join(answer).decode().splitlines()


# Who may


@pytest.mark.parametrize("address", [HEALTH, ACCESS])
@pytest.mark.parametrize("query", ["", "results/", "?export=csv", "?export=xlsx"])
def test_who_has_no_right_to_pages_sees_no_report(reviewer: Client, address: str, query: str) -> None:
    answer = reviewer.get(address + query)

    assert (answer.status_code, answer["Location"]) == (302, "/admin/")


def test_reports_stand_in_the_menu_for_editors_only(editor: Client, reviewer: Client) -> None:
    assert HEALTH in editor.get("/admin/").text
    assert HEALTH not in reviewer.get("/admin/").text


@pytest.mark.parametrize("address", [HEALTH, ACCESS])
def test_report_tells_only_of_pages_one_may_see(make_course: MakeCourse, address: str) -> None:
    mine, other = make_course(title="Mine"), make_course(title="Other")
    group = Group.objects.create(name="Mine")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    change = Permission.objects.get(content_type__app_label="wagtailcore", codename="change_page")
    GroupPagePermission.objects.create(group=group, page=mine, permission=change)
    user = get_user_model().objects.create_user("author", "", "x")
    user.groups.add(group)
    author = Client()
    author.force_login(user)

    text = author.get(address).text

    assert mine.title in text
    assert other.title not in text


# Content health


def test_content_health_names_what_to_mend(editor: Client, make_course: MakeCourse, make_lesson: MakeLesson) -> None:
    lesson = make_lesson(make_course(title="Course"), title="Hollow", body=[])

    rows = editor.get(HEALTH).context["object_list"]

    assert [(row.page.title, row.check.code.value) for row in rows] == [("Course", "description"), ("Hollow", "empty")]
    assert f"/admin/pages/{lesson.pk}/edit/#body-root" in editor.get(HEALTH).text


def test_content_health_by_check(editor: Client, make_course: MakeCourse, make_lesson: MakeLesson) -> None:
    make_lesson(make_course(), body=[])

    rows = editor.get(f"{HEALTH}?check=empty").context["object_list"]

    assert [row.check.code.value for row in rows] == ["empty"]


def test_unknown_check_is_no_error(editor: Client, make_course: MakeCourse) -> None:
    make_course()

    assert editor.get(f"{HEALTH}?check=nonsense").status_code == 200


def test_content_health_is_exported_safely(editor: Client, make_course: MakeCourse) -> None:
    make_course(title="=1+1")

    answer = lines(editor.get(f"{HEALTH}?export=csv"))

    assert answer[0] == "Title,Status,Check,What to fix"
    assert answer[1].startswith("'=1+1,Published,No description,")


def test_content_health_costs_the_same_however_many(
    editor: Client, make_course: MakeCourse, make_lesson: MakeLesson
) -> None:
    def cost() -> int:
        make_lesson(make_course())
        with CaptureQueriesContext(connection) as queries:
            editor.get(HEALTH)
        return len(queries)

    cost()
    once = cost()

    assert max(cost() for _ in range(4)) <= once


# Access overview


def test_access_overview_counts(
    editor: Client, make_course: MakeCourse, make_lesson: MakeLesson, learner_email: Email, now: datetime
) -> None:
    paid = make_course(title="Paid", access=Level.PURCHASE)
    make_lesson(paid, is_free_preview=True)
    make_lesson(paid)
    make_lesson(paid, live=False)
    for source in (Grant.Source.GIFT, Grant.Source.STAFF):
        Grant.objects.create(email=learner_email, course_key=paid.translation_key, source=source, granted_at=now)
    make_course(title="Mail", access=Level.EMAIL)
    make_course(title="Open")
    make_course(title="Draft", live=False)

    rows = editor.get(ACCESS).context["object_list"]

    assert [(row.title, row.lesson_count, row.free_count, row.readers, row.grant_count) for row in rows] == [
        ("Paid", 2, 1, 1, 1),
        ("Mail", 0, 0, 1, 0),
        ("Open", 0, 0, None, 0),
        ("Draft", 0, 0, 0, 0),
    ]


def test_access_overview_is_exported(editor: Client, make_course: MakeCourse) -> None:
    make_course(title="Paid", access=Level.PURCHASE)

    answer = editor.get(f"{ACCESS}?export=xlsx&access=purchase")

    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer))).active
    assert [[cell.value for cell in row] for row in sheet.rows][1] == [
        "Paid",
        "Published",
        "Purchase",
        0,
        0,
        0,
        0,
        "Live.",
    ]


# Letting readers keep a course


@pytest.fixture
def tightened(email_lesson: LessonPage, learner_email: Email) -> CoursePage:
    """A course whose draft asks for a purchase, with one person who would lose it."""
    course = email_lesson.course
    assert course
    course.access = Level.PURCHASE
    course.save_revision()
    return course


@pytest.fixture
def keeper(make_staff: Callable[[str], Client]) -> Client:
    client = make_staff("Moderators")
    user = get_user_model().objects.get()
    user.user_permissions.add(Permission.objects.get(content_type__app_label="access", codename="add_grant"))
    return client


def keep_url(course: CoursePage) -> str:
    return f"/admin/courses/{course.pk}/keep-readers/"


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("group", ["Editors", "Moderators"])
def test_who_may_not_give_grants_keeps_nobody(
    make_staff: Callable[[str], Client], tightened: CoursePage, group: str, method: str
) -> None:
    staff = make_staff(group)

    assert getattr(staff, method)(keep_url(tightened)).status_code == 302
    assert keep_url(tightened) not in staff.get(f"/admin/pages/{tightened.pk}/edit/").text
    assert not Grant.objects.exists()


def test_readers_are_kept_and_it_is_logged(keeper: Client, tightened: CoursePage, learner_email: Email) -> None:
    assert keep_url(tightened) in keeper.get(f"/admin/pages/{tightened.pk}/edit/").text
    assert "1 person with a verified email lose access" in keeper.get(keep_url(tightened)).text

    keeper.post(keep_url(tightened))

    assert Grant.objects.get().email == learner_email
    assert PageLogEntry.objects.get(action="courses.keep_readers").data == {"count": 1}
    assert "granted to 1 of its learners" in keeper.get(f"/admin/pages/{tightened.pk}/history/").text


def test_looking_gives_nothing(keeper: Client, tightened: CoursePage) -> None:
    keeper.get(keep_url(tightened))

    assert not Grant.objects.exists()


@pytest.mark.usefixtures("learner_email")
def test_nothing_is_given_where_nobody_loses(keeper: Client, email_lesson: LessonPage) -> None:
    assert email_lesson.course

    keeper.post(keep_url(email_lesson.course))

    assert not Grant.objects.exists()

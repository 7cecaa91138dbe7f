"""Previews in the admin: who may see them, what they are asked with, and that they leave nothing behind."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import GroupPagePermission, Page, Site
from wagtail.users.models import UserProfile

from access.gate import decisions, serving
from access.models import Email
from access.policy import ANONYMOUS, OPEN, Decision
from conftest import CANARY
from courses import preview_time
from courses.models import CoursePage, LessonPage
from courses.preview_time import Audience
from library.models import CustomImage

MakeCourse = Callable[..., CoursePage]
MakeLesson = Callable[..., LessonPage]
WRITES = ("INSERT", "UPDATE", "DELETE")


@pytest.fixture
def lesson(email_lesson: LessonPage) -> LessonPage:
    email_lesson.save_revision().publish()
    return LessonPage.objects.get(pk=email_lesson.pk)


def view_draft(client: Client, page: Page, **query: str) -> Any:
    return client.get(f"/admin/pages/{page.pk}/view_draft/", query)


# Whose eyes, and when


@pytest.mark.parametrize(("mode", "is_read"), [("anonymous", False), ("email", True), ("purchaser", True), ("", True)])
def test_mode_is_the_audience(editor: Client, lesson: LessonPage, mode: str, is_read: bool) -> None:
    query = {"mode": mode} if mode else {}

    assert (CANARY in view_draft(editor, lesson, **query).content.decode()) is is_read


@pytest.mark.refusal("policy")
def test_preview_as_anyone_shows_the_gate_to_those_who_may_edit(editor: Client, lesson: LessonPage) -> None:
    shown = view_draft(editor, lesson, mode="anonymous").content.decode()

    assert CANARY not in shown
    assert 'name="email"' in shown


def test_date_is_in_the_time_zone_of_whoever_looks(editor: Client, lesson: LessonPage, now: datetime) -> None:
    live_with_the_zone("Asia/Tokyo")
    release = (now + timedelta(days=10)).replace(hour=12, minute=0, second=0, microsecond=0)
    CoursePage.objects.get(slug="gated").save_revision().publish()
    course = CoursePage.objects.get(slug="gated")
    course.title, course.go_live_at = "Released", release
    course.save_revision().publish()
    in_tokyo = release + timedelta(hours=9)

    before, after = (
        view_draft(editor, lesson, at=f"{moment:%Y-%m-%dT%H:%M}").content.decode()
        for moment in (in_tokyo - timedelta(minutes=1), in_tokyo)
    )

    assert "Released" not in before
    assert "Released" in after
    assert f"{in_tokyo:%H:%M} JST" in after


def test_preview_speaks_as_to_a_visitor_and_its_banner_as_to_the_editor(editor: Client, lesson: LessonPage) -> None:
    live_with_the_zone("Asia/Tokyo", language="de")

    shown = view_draft(editor, lesson).content.decode()

    assert '<html lang="en">' in shown


@pytest.mark.parametrize(
    "query",
    [
        {"mode": "staff"},
        {"at": "tomorrow"},
        {"at": "2027-02-30T09:00"},
        {"at": "0001-01-01T00:00"},
        {"at": "275760-09-13T00:00"},
        {"at": "9999-12-31T23:59"},
    ],
)
def test_what_no_panel_sends_is_a_bad_request(editor: Client, lesson: LessonPage, query: dict[str, str]) -> None:
    assert view_draft(editor, lesson, **query).status_code == 400


def test_no_moment_is_before_now(lesson: LessonPage, now: datetime) -> None:
    shown = preview_time.preview(lesson, audience=Audience.EMAIL, at=now - timedelta(days=400))

    assert "· now" in shown.content.decode()


def test_banner_says_whose_eyes_and_when(editor: Client, lesson: LessonPage) -> None:
    shown = view_draft(editor, lesson, mode="email", at="2127-03-03T09:00").content.decode()

    assert "<strong>As: Signed in with email</strong> · on Mon 3 Mar 2127, 09:00 UTC" in shown


def test_banner_says_why_nobody_sees_the_page(editor: Client, lesson: LessonPage) -> None:
    lesson.go_live_at = timezone.now() + timedelta(days=10)
    LessonPage.objects.filter(pk=lesson.pk).update(live=False)
    lesson.live = False

    response = preview_time.preview(lesson, audience=Audience.EMAIL, at=timezone.now())

    assert response.status_code == 404
    assert "out yet" in response.content.decode()


def test_banner_says_that_the_course_is_a_draft(make_course: MakeCourse, make_lesson: MakeLesson) -> None:
    lesson = make_lesson(make_course(live=False))

    assert "Its course isn’t published yet." in preview_time.preview(lesson, audience=Audience.EMAIL).content.decode()


def test_drafts_can_be_looked_at_together(make_course: MakeCourse, make_lesson: MakeLesson) -> None:
    course = make_course(live=False)
    lesson = make_lesson(course, live=False, title="Only a draft")

    shown = preview_time.preview(course, audience=Audience.ANONYMOUS, along_with=[lesson])

    assert "Only a draft" in shown.content.decode()


def test_picture_that_was_never_published_is_previewed(editor: Client, image: CustomImage, lesson: LessonPage) -> None:
    course = CoursePage.objects.get(slug="gated")
    course.thumbnail = image
    address = f"/files/{course.pk}/picture/{image.pk}/960/"

    assert f'src="{address}"' in preview_time.preview(course, audience=Audience.ANONYMOUS).content.decode()
    assert editor.get(address).getvalue()[8:12] == b"WEBP"
    assert Client().get(address).status_code == 404


@pytest.mark.parametrize("model", ["coursepage", "lessonpage"])
def test_panel_asks_for_the_moment(editor: Client, lesson: LessonPage, model: str) -> None:
    page = lesson if model == "lessonpage" else lesson.get_parent()

    shown = editor.get(f"/admin/pages/{page.pk}/edit/").content.decode()

    assert "At this time (UTC)" in shown
    assert '<option value="purchaser" selected>Someone who bought the course</option>' in shown


# Who may not


def stranger_to_the_page(lesson: LessonPage) -> Client:
    """Somebody who may edit another course, and not this one."""
    group = Group.objects.create(name="Others")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    course = LessonPage.objects.exclude(pk=lesson.pk).get().get_parent()
    GroupPagePermission.objects.create(
        group=group, page=course, permission=Permission.objects.get(codename="change_page")
    )
    user = get_user_model().objects.create_user("other")
    user.groups.add(group)
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize(
    "address",
    [
        "/admin/pages/{page}/view_draft/",
        "/admin/pages/{page}/edit/preview/",
        "/admin/pages/add/courses/lessonpage/{parent}/preview/",
        "/admin/pages/{page}/revisions/{revision}/view/",
    ],
)
@pytest.mark.parametrize("query", ["", "?mode=email", "?mode=purchaser&at=2127-03-03T09:00"])
def test_preview_is_refused_to_those_who_may_not_edit_the_page(
    lesson: LessonPage, open_lesson: LessonPage, address: str, query: str
) -> None:
    client = stranger_to_the_page(lesson)
    revision = lesson.latest_revision_id
    url = address.format(page=lesson.pk, parent=lesson.get_parent().pk, revision=revision) + query

    response = client.get(url)

    assert response.status_code in {302, 403}
    assert CANARY not in response.content.decode()
    assert client.post(url, {"title": "x"}).status_code in {302, 403, 405}


@pytest.mark.refusal("policy")
@pytest.mark.parametrize("query", ["mode=purchaser&at=2127-03-03T09:00", "preview=1&is_dummy=1&audience=email"])
def test_public_page_knows_no_preview(client: Client, lesson: LessonPage, query: str) -> None:
    headers = {"X-Preview": "1", "X-Audience": "purchaser"}

    response = client.get(f"{lesson.url}?{query}", headers=headers)

    assert CANARY not in response.content.decode()
    assert "preview_banner" not in response.content.decode()


# What it leaves behind: nothing


@pytest.mark.parametrize("audience", Audience)
def test_preview_writes_nothing(lesson: LessonPage, image: CustomImage, audience: Audience) -> None:
    course = CoursePage.objects.get(slug="gated")
    course.thumbnail, course.go_live_at = image, timezone.now() + timedelta(days=1)
    course.save_revision().publish()
    drafted = [page.get_latest_revision_as_object() for page in (lesson, CoursePage.objects.get(slug="gated"))]

    for page in drafted:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            preview_time.preview(page, audience=audience, at=timezone.now() + timedelta(days=2))

        assert [query for query in queries.captured_queries if query["sql"].startswith(WRITES)] == []


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("name", ["open_lesson", "email_lesson"])
def test_preview_is_kept_by_nobody_and_sets_no_cookie(
    request: pytest.FixtureRequest, editor: Client, audience: Audience, name: str
) -> None:
    page = request.getfixturevalue(name)
    names = set(editor.cookies)

    response = view_draft(editor, page, mode=audience.value)

    kept = set(response["Cache-Control"].split(", "))
    assert {"private", "no-store"} <= kept
    assert "public" not in kept
    assert set(response.cookies) == set()
    assert set(editor.cookies) == names
    assert not response.has_header("ETag")


def test_preview_needs_no_session_of_the_editor(
    editor: Client, lesson: LessonPage, learner_email: Email, settings: Any
) -> None:
    """Though the editor is staff of the page, and is signed in as a learner in this browser."""
    from access.sessions import learner_sessions

    editor.cookies[settings.LEARNER_COOKIE] = learner_sessions.start(learner_email, token=None, now=timezone.now())

    shown = view_draft(editor, lesson, mode="anonymous").content.decode()

    assert CANARY not in shown
    assert learner_email.address not in shown


def test_preview_sends_no_form_and_is_framed_by_us_alone(editor: Client, lesson: LessonPage) -> None:
    response = view_draft(editor, lesson, mode="anonymous")

    assert "form-action 'none'" in response["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert "unsafe-inline" not in response["Content-Security-Policy"]


def test_preview_is_made_where_only_https_is_answered(lesson: LessonPage, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT, settings.SECURE_PROXY_SSL_HEADER = True, ("HTTP_X_FORWARDED_PROTO", "https")
    Site.objects.update(port=443)
    Site.clear_site_root_paths_cache()

    assert preview_time.preview(lesson, audience=Audience.EMAIL).status_code == 200


# The locks


def test_preview_on_which_nothing_was_decided_is_refused(lesson: LessonPage) -> None:
    with patch.object(serving, "answer", lambda request, page: None):
        response = preview_time.preview(lesson, audience=Audience.PURCHASER)

    assert response.status_code == 403
    assert CANARY not in response.content.decode()


def test_preview_on_which_another_page_was_allowed_is_refused(lesson: LessonPage) -> None:
    def answer(request: Any, page: Page) -> None:
        decisions.record(
            request, decisions.Note(page_id=0, restriction=OPEN, visitor=ANONYMOUS, decision=Decision.ALLOW)
        )

    with patch.object(serving, "answer", answer):
        response = preview_time.preview(lesson, audience=Audience.PURCHASER)

    assert response.status_code == 403


def live_with_the_zone(zone: str, *, language: str = "") -> None:
    user = get_user_model().objects.get(username="editors")
    profile = UserProfile.get_for_user(user)
    profile.current_time_zone, profile.preferred_language = zone, language
    profile.save()

"""The visitor of a request: nobody without a cookie, and staff by their rights to the page."""

from datetime import datetime
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, Group, Permission, User
from django.test import Client, RequestFactory
from wagtail.models import GroupPagePermission, Page

from access.models import Email
from access.sessions import learner_sessions, visitor


@pytest.fixture
def ask(rf: RequestFactory, settings: Any) -> Any:
    """A request of this user, with the cookie of the admin."""

    def make(user: Any, *, has_cookie: bool = True) -> Any:
        request = rf.get("/")
        request.user = user
        if has_cookie:
            request.COOKIES[settings.SESSION_COOKIE_NAME] = "x"
        return request

    return make


@pytest.fixture
def editor(db: None) -> User:
    user = User.objects.create_user("editor")
    user.groups.add(Group.objects.get(name="Editors"))
    return user


@pytest.mark.parametrize("name", ["LEARNER_COOKIE", "SESSION_COOKIE_NAME"])
def test_an_open_page_is_kept_for_all_but_those_who_bring_a_session(
    client: Client, open_lesson: Page, settings: Any, name: str
) -> None:
    client.cookies["theme"] = "dark"
    shared = client.get(open_lesson.url)
    client.cookies[getattr(settings, name)] = "x" * 32

    own = client.get(open_lesson.url)

    assert shared["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert own["Cache-Control"] == "private, no-store"
    assert all("Cookie" in answer["Vary"] for answer in (shared, own))


def test_the_learner_is_looked_up_once_a_request(
    rf: RequestFactory, learner_email: Email, now: datetime, settings: Any, django_assert_num_queries: Any
) -> None:
    request = rf.get("/")
    request.COOKIES[settings.LEARNER_COOKIE] = learner_sessions.start(learner_email, token=None, now=now)

    with django_assert_num_queries(1):
        found = [visitor.visitor_for(request).email for _ in range(3)]

    assert found == [learner_email.address] * 3


def test_without_a_cookie_nothing_is_looked_up(rf: RequestFactory, open_lesson: Page) -> None:
    request = rf.get("/")  # code that asks it for its user fails: it has none

    assert visitor.learner(request) is None
    assert visitor.staff(request) is None
    assert visitor.visitor_for(request, open_lesson) == visitor.visitor_for(request)


def test_staff_are_known_by_their_rights_to_the_page(ask: Any, editor: User, open_lesson: Page) -> None:
    stranger = User.objects.create_user("stranger")

    assert visitor.visitor_for(ask(editor), open_lesson).is_page_staff
    assert not visitor.visitor_for(ask(stranger), open_lesson).is_page_staff
    assert not visitor.visitor_for(ask(editor)).is_page_staff
    assert not visitor.visitor_for(ask(editor, has_cookie=False), open_lesson).is_page_staff


def test_who_may_only_publish_is_staff_of_the_page(ask: Any, open_lesson: Page) -> None:
    publishers = Group.objects.create(name="Only publishers")
    may_publish = Permission.objects.get(codename="publish_page")
    GroupPagePermission.objects.create(group=publishers, page=open_lesson.get_parent(), permission=may_publish)
    user = User.objects.create_user("publisher")
    user.groups.add(publishers)

    assert visitor.is_staff_of(ask(user), open_lesson)


@pytest.mark.parametrize("has_left", [True, False])
def test_an_account_that_was_closed_is_nobody(ask: Any, editor: User, open_lesson: Page, has_left: bool) -> None:
    editor.is_active = not has_left
    editor.save()

    assert visitor.is_staff_of(ask(editor), open_lesson) is not has_left
    assert (visitor.staff(ask(editor)) == editor) is not has_left


def test_staff_are_those_who_may_use_the_admin(ask: Any, editor: User) -> None:
    assert visitor.staff(ask(editor)) == editor
    assert visitor.staff(ask(User.objects.create_user("stranger"))) is None
    assert visitor.staff(ask(AnonymousUser())) is None
    assert visitor.staff(ask(editor, has_cookie=False)) is None

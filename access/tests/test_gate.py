"""The gate, tried from outside by every kind of visitor."""

import base64
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from wagtail.models import Page

from access.models import Email, Grant
from access.policy import Level
from conftest import CANARY

FORMS = [CANARY, base64.b64encode(CANARY.encode()).decode().rstrip("="), quote(CANARY)]


def leaks(content: bytes) -> bool:
    return any(form.encode() in content for form in FORMS)


@pytest.mark.refusal("policy")
def test_the_anonymous_meet_the_gate(client: Client, email_lesson: Page) -> None:
    response = client.get(email_lesson.url)

    assert response.status_code == 200
    assert not leaks(response.content)
    assert email_lesson.summary in response.text
    assert 'name="email"' in response.text


@pytest.mark.refusal("policy")
def test_an_address_is_not_a_purchase(verified_learner: Client, paid_lesson: Page) -> None:
    response = verified_learner.get(paid_lesson.url)

    assert not leaks(response.content)
    assert "on sale yet" in response.text


def test_a_verified_learner_reads(verified_learner: Client, email_lesson: Page) -> None:
    assert leaks(verified_learner.get(email_lesson.url).content)


def test_a_buyer_reads(buyer: Client, paid_lesson: Page) -> None:
    assert leaks(buyer.get(paid_lesson.url).content)


@pytest.mark.refusal("policy")
def test_a_revoked_grant_acts_on_the_next_request(buyer: Client, paid_lesson: Page, now: Any) -> None:
    assert leaks(buyer.get(paid_lesson.url).content)

    Grant.objects.update(revoked_at=now)

    assert not leaks(buyer.get(paid_lesson.url).content)


@pytest.mark.refusal("policy")
def test_a_tightened_course_acts_on_the_next_request(client: Client, open_lesson: Page) -> None:
    assert leaks(client.get(open_lesson.url).content)

    course = open_lesson.course
    course.access = Level.EMAIL
    course.save_revision().publish()

    assert not leaks(client.get(open_lesson.url).content)


@pytest.mark.refusal("policy")
def test_an_unpublished_course_takes_its_lessons_with_it(buyer: Client, paid_lesson: Page) -> None:
    paid_lesson.course.unpublish()

    assert buyer.get(paid_lesson.url).status_code == 404


@pytest.mark.refusal("policy")
@pytest.mark.parametrize("suffix", ["?is_preview=1", "?preview=1", "?as_of=2030-01-01", "?x=1#y", "?format=json"])
def test_no_query_opens(client: Client, email_lesson: Page, suffix: str) -> None:
    assert not leaks(client.get(email_lesson.url + suffix).content)


@pytest.mark.refusal("policy")
@pytest.mark.parametrize(
    "headers",
    [
        {"X-Preview": "1"},
        {"User-Agent": "Googlebot/2.1"},
        {"X-Original-URL": "/"},
        {"X-Rewrite-URL": "/"},
        {"Accept": "application/json"},
        {"Cookie": "learner=x; learner=y"},
        {"Authorization": "Bearer x"},
    ],
)
def test_no_header_opens(client: Client, email_lesson: Page, headers: dict[str, str]) -> None:
    response = client.get(email_lesson.url, headers=headers)

    assert 'name="email"' in response.text
    assert not leaks(response.content)


@pytest.mark.refusal("policy")
@pytest.mark.parametrize("headers", [{"If-None-Match": "*"}, {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}])
def test_a_conditional_request_gets_no_oracle(client: Client, email_lesson: Page, headers: dict[str, str]) -> None:
    response = client.get(email_lesson.url, headers=headers)

    assert response.status_code == 200
    assert "ETag" not in response.headers
    assert 'name="email"' in response.text


@pytest.mark.refusal("policy")
@pytest.mark.parametrize(
    "headers", [{}, {"HX-Boosted": "true"}, {"HX-History-Restore-Request": "true"}, {"HX-Target": "main"}]
)
def test_htmx_is_sent_to_the_gate(client: Client, email_lesson: Page, headers: dict[str, str]) -> None:
    response = client.get(email_lesson.url, headers={"HX-Request": "true", **headers})

    assert response.status_code == 403
    assert response["HX-Redirect"] == email_lesson.url
    assert response.content == b""


@pytest.mark.refusal("policy")
@pytest.mark.parametrize("path", ["/courses%2Fgated/lesson/", "/courses/g%61ted/lesson/", "/%63ourses/gated/lesson/"])
def test_an_encoded_path_is_the_same_page(client: Client, email_lesson: Page, path: str) -> None:
    response = client.get(path)

    assert 'name="email"' in response.text
    assert not leaks(response.content)


@pytest.mark.parametrize(
    "path",
    [
        "/courses/gated/lesson/;x/",
        "/courses/gated/lesson%00/",
        "/courses/open/../gated/lesson/",
        "/courses\\gated\\lesson/",
        "/courses/gated/lesson/%2e%2e/",
        "/courses/gated/lesson/\uff0f/",
    ],
)
def test_a_strange_path_is_not_found(client: Client, email_lesson: Page, path: str) -> None:
    response = client.get(path)

    assert response.status_code == 404
    assert not leaks(response.content)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_pages_answer_get_and_head_only(client: Client, email_lesson: Page, open_lesson: Page, method: str) -> None:
    for page in (email_lesson, open_lesson):
        response = getattr(client, method)(page.url)

        assert response.status_code == 405
        assert not leaks(response.content)


@pytest.mark.parametrize("method", ["PROPFIND", "FOO"])
def test_an_odd_method_echoes_nothing(client: Client, email_lesson: Page, method: str) -> None:
    response = client.generic(method, email_lesson.url, headers={"X-Marker": "echo-me"})

    assert response.status_code == 405
    assert b"echo-me" not in response.content


def test_options_names_the_methods_and_no_more(client: Client, email_lesson: Page) -> None:
    response = client.options(email_lesson.url)

    assert sorted(response["Allow"].split(", ")) == ["GET", "HEAD", "OPTIONS"]
    assert response.content == b""


@pytest.mark.parametrize("method", ["get", "head", "options", "post", "trace"])
def test_a_draft_is_like_a_missing_page(
    client: Client, make_course: Callable[..., Any], make_lesson: Callable[..., Any], method: str
) -> None:
    make_lesson(make_course(slug="draft", live=False), slug="lesson")

    answers = [
        getattr(client, method)(path) for path in ("/courses/draft/", "/courses/draft/lesson/", "/courses/none/")
    ]

    assert {answer.status_code for answer in answers} == {404}


@pytest.mark.parametrize("who", ["verified_learner", "client"])
def test_what_is_gated_is_kept_by_nobody(request: pytest.FixtureRequest, email_lesson: Page, who: str) -> None:
    response = request.getfixturevalue(who).get(email_lesson.url)

    assert response["Cache-Control"] == "private, no-store"


def test_without_the_middleware_the_door_is_shut(
    client: Client, email_lesson: Page, open_lesson: Page, settings: Any
) -> None:
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "EmailGate" not in name]

    for page in (email_lesson, open_lesson):
        response = client.get(page.url)

        assert response.status_code == 403
        assert not leaks(response.content)


def test_a_note_about_one_page_opens_no_other(client: Client, email_lesson: Page, open_lesson: Page, rf: Any) -> None:
    from access.gate import decisions

    request = rf.get("/")
    decisions.record(request, decisions.decide_for(request, open_lesson))

    assert not decisions.is_shut(request, open_lesson)
    assert decisions.is_shut(request, email_lesson)


def test_an_editor_reads_what_they_may_edit(client: Client, paid_lesson: Page) -> None:
    editor = User.objects.create_user("editor")
    editor.groups.add(Group.objects.get(name="Editors"))
    client.force_login(editor)

    assert leaks(client.get(paid_lesson.url).content)


@pytest.mark.refusal("policy")
def test_a_login_without_rights_reads_nothing_more(client: Client, paid_lesson: Page) -> None:
    client.force_login(User.objects.create_user("nobody"))

    assert not leaks(client.get(paid_lesson.url).content)


@pytest.mark.refusal("policy")
@pytest.mark.parametrize("cookie", ["", "x", "\x00", "null", "a" * 5000, "' OR 1=1 --", "\xff\xfe"])
def test_a_forged_cookie_opens_nothing(client: Client, email_lesson: Page, settings: Any, cookie: str) -> None:
    client.cookies[settings.LEARNER_COOKIE] = cookie

    response = client.get(email_lesson.url)

    assert response.status_code == 200
    assert not leaks(response.content)


def test_head_says_what_get_says(client: Client, email_lesson: Page) -> None:
    response = client.head(email_lesson.url)

    assert response.status_code == 200
    assert response.content == b""


def test_a_session_is_no_staff_login(verified_learner: Client, learner_email: Email) -> None:
    response = verified_learner.get("/admin/")

    assert response.status_code == 302
    assert response["Location"].startswith("/admin/login/")

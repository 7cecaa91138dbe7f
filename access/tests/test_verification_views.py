"""What the pages of a verification show, and what they hand on to the next one."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from wagtail.models import Page

from access.models import Email, EmailVerificationToken, LearnerSession
from courses.models import LessonPage

ADDRESS = "ada@example.org"
NO_WORKER = {"default": {"BACKEND": "django.tasks.backends.dummy.DummyBackend"}}


def ask(client: Client, page: Any = None, **fields: Any) -> str:
    form = {"email": ADDRESS, **({"page": page.pk} if page else {}), **fields}
    location: str = client.post("/access/ask/", form)["Location"]
    return location


def link(mailoutbox: list[Any]) -> str:
    (found,) = re.findall(r"http://localhost:8000(/access/confirm/[\w-]+/)", mailoutbox[-1].body)
    return str(found)


# The gate


def test_the_gate_hands_on_its_page_and_the_second(client: Client, email_lesson: LessonPage) -> None:
    gate = client.get(f"{email_lesson.url}?t=90").context

    assert gate["form"].initial == {"page": email_lesson.pk, "second": "90"}
    assert (gate["asks"], gate["action"], gate["visitor_email"]) == ("needs_email", "/access/ask/", None)


def test_the_gate_offers_the_courses_that_are_missing(verified_learner: Client, paid_lesson: LessonPage) -> None:
    assert paid_lesson.course is not None

    gate = verified_learner.get(paid_lesson.url).context

    assert gate["missing_courses"] == {paid_lesson.course.translation_key}
    assert (gate["asks"], gate["visitor_email"], gate["page_id"]) == ("needs_purchase", ADDRESS, paid_lesson.pk)


@pytest.mark.parametrize(("page", "template"), [("email_lesson", "gate"), ("open_lesson", "session"), ("", "session")])
def test_a_bad_address_comes_back_where_it_was_typed(
    client: Client, home_page: Page, request: pytest.FixtureRequest, page: str, template: str
) -> None:
    form = {"email": "nonsense", "page": request.getfixturevalue(page).pk if page else ""}

    answer = client.post("/access/ask/", form)

    assert answer.status_code == 422
    assert f"access/{template}.html" in [each.name for each in answer.templates]
    assert re.search(r'<input type="email"[^>]* autofocus', answer.text)


# Waiting


def test_the_waiting_page_asks_again_for_the_same(client: Client, email_lesson: LessonPage) -> None:
    waiting = client.get(ask(client, email_lesson, second="90")).context

    assert waiting["resend_form"].initial == {"email": ADDRESS, "page": email_lesson.pk, "second": 90}
    assert (waiting["action"], waiting["change_url"]) == ("/access/ask/", f"{email_lesson.url}?t=90")
    assert (waiting["email"], waiting["page_title"]) == (ADDRESS, email_lesson.title)
    assert waiting["dev_mail_url"] == "/dev/mail/"  # on one's own machine


def test_a_request_without_a_page_leads_to_the_account_page(client: Client, home_page: Page) -> None:
    waiting = client.get(ask(client)).context

    assert (waiting["change_url"], waiting["page_title"]) == ("/access/", "")


def test_a_page_that_was_withdrawn_meanwhile_is_not_named(client: Client, email_lesson: LessonPage) -> None:
    location = ask(client, email_lesson)
    email_lesson.unpublish()

    waiting = client.get(location).context

    assert (waiting["page_title"], waiting["change_url"]) == ("", "/access/")


def test_another_browser_is_shown_nothing_of_the_request(client: Client, email_lesson: LessonPage) -> None:
    waiting = client.get(ask(Client(), email_lesson)).context

    assert [waiting[name] for name in ("room", "email", "resend_form", "page_title")] == [None, None, None, ""]
    assert waiting["change_url"] == "/access/"


@pytest.mark.parametrize(("seen", "is_news"), [("sent", False), ("queued", True), ("", True)])
def test_the_tab_is_told_what_it_has_not_seen(
    client: Client, email_lesson: LessonPage, seen: str, is_news: bool
) -> None:
    status = client.get(f"{ask(client, email_lesson)}status/", {"seen": seen})

    assert status.context["room"].state == "sent"
    assert ("hx-swap-oob" in status.text) is is_news


def test_a_code_typed_before_its_mail_went_out_is_told_to_wait(
    client: Client, email_lesson: LessonPage, settings: Any
) -> None:
    settings.TASKS = NO_WORKER
    location = ask(client, email_lesson)

    answer = client.post(location, {"code": "000000"})

    assert answer.status_code == 422
    assert "hasn’t been sent yet" in answer.text
    assert EmailVerificationToken.objects.get().tries == 0


def test_whoever_types_or_presses_too_often_is_told(
    client: Client, email_lesson: LessonPage, mailoutbox: list[Any], settings: Any
) -> None:
    location = ask(client, email_lesson)
    settings.LIMITS_PER_NETWORK = [(0, 60)]
    settings.LIMIT_LOOPBACK = True

    answers = [client.post(location, {"code": "000000"}), client.post(link(mailoutbox))]

    assert [(answer.status_code, answer["Retry-After"]) for answer in answers] == [(429, "61")] * 2
    assert [answer.context["wait"] for answer in answers] == ["2\N{NO-BREAK SPACE}minutes"] * 2
    assert not LearnerSession.objects.exists()


# Confirming


@pytest.mark.parametrize("asked_here", [True, False])
def test_the_address_is_asked_for_where_the_mail_was_not(
    client: Client, email_lesson: LessonPage, mailoutbox: list[Any], asked_here: bool
) -> None:
    ask(client if asked_here else Client(), email_lesson)

    page = client.get(link(mailoutbox))

    assert ('name="email"' in page.text) is not asked_here
    assert page.context["action"] == link(mailoutbox)


def test_whoever_presses_elsewhere_finds_the_field_before_them(
    client: Client, email_lesson: LessonPage, mailoutbox: list[Any]
) -> None:
    ask(Client(), email_lesson)

    first, pressed = client.get(link(mailoutbox)), client.post(link(mailoutbox), {"email": " "})

    assert (first.status_code, pressed.status_code) == (200, 403)
    assert ["autofocus" in answer.text for answer in (first, pressed)] == [False, True]
    assert "requested on another device" in pressed.text


def test_a_bad_address_typed_elsewhere_is_told_beside_the_field(
    client: Client, email_lesson: LessonPage, mailoutbox: list[Any]
) -> None:
    ask(Client(), email_lesson)

    answer = client.post(link(mailoutbox), {"email": "nonsense"})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["email"]
    assert 'name="email"' in answer.text


def test_a_link_without_its_secret_says_to_open_it_again(client: Client, home_page: Page) -> None:
    answer = client.get("/access/confirm/")

    assert answer.status_code == 404
    assert "Open the link in the email again" in answer.text
    assert answer.context["action_url"] == "/access/"
    assert answer["Referrer-Policy"] == "no-referrer, strict-origin"


def test_an_unknown_link_leads_to_the_account_page(client: Client, home_page: Page) -> None:
    answer = client.post("/access/confirm/never-was/")

    assert (answer.status_code, answer.context["action_url"]) == (404, "/access/")
    assert "don’t recognise this link" in answer.text


# The account page


def test_this_browser_stands_first_among_the_learners_own(learner_email: Email, sign_in: Any, now: datetime) -> None:
    clients = [sign_in(learner_email) for _ in range(3)]
    rows = list(LearnerSession.objects.order_by("pk"))
    for number, row in enumerate(rows):
        LearnerSession.objects.filter(pk=row.pk).update(seen_at=now + timedelta(seconds=number))

    account = clients[0].get("/access/").context

    assert account["sessions"] == [rows[0], rows[2], rows[1]]
    assert (account["session_id"], account["visitor_email"], account["action"]) == (
        rows[0].pk,
        ADDRESS,
        "/access/ask/",
    )


def test_a_stranger_finds_no_browsers_there(client: Client, learner_email: Email, sign_in: Any) -> None:
    sign_in(learner_email)

    account = client.get("/access/").context

    assert [account[name] for name in ("sessions", "session_id", "visitor_email")] == [[], None, None]


def test_ending_another_browser_keeps_this_one_signed_in(learner_email: Email, sign_in: Any, settings: Any) -> None:
    _, laptop = sign_in(learner_email), sign_in(learner_email)
    first, last = LearnerSession.objects.order_by("pk")

    answer = laptop.post("/access/sign-out/", {"which": str(first.pk)})

    assert (answer.status_code, answer["Location"]) == (303, "/access/")
    assert settings.LEARNER_COOKIE not in answer.cookies
    assert list(LearnerSession.objects.filter(revoked_at=None)) == [last]


@pytest.mark.parametrize("which", ["", "own"])
def test_signing_out_ends_this_browser_alone(learner_email: Email, sign_in: Any, settings: Any, which: str) -> None:
    sign_in(learner_email)
    laptop = sign_in(learner_email)
    first, last = LearnerSession.objects.order_by("pk")

    answer = laptop.post("/access/sign-out/", {"which": str(last.pk) if which else ""})

    assert (answer.status_code, answer["Location"]) == (303, "/access/")
    assert answer.cookies[settings.LEARNER_COOKIE].value == ""
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert list(LearnerSession.objects.filter(revoked_at=None)) == [first]


# Staying signed in


@pytest.mark.parametrize(
    ("allowed", "ticked", "days", "is_kept"), [(30, True, 30, True), (30, False, 7, False), (0, True, 7, False)]
)
def test_who_asks_to_stay_signed_in_does_where_the_site_allows_it(
    client: Client,
    email_lesson: LessonPage,
    mailoutbox: list[Any],
    settings: Any,
    allowed: int,
    ticked: bool,
    days: int,
    is_kept: bool,
) -> None:
    settings.LEARNER_KEEP_SECONDS = allowed * 24 * 3600
    ask(client, email_lesson)
    page = client.get(link(mailoutbox)).text

    answer = client.post(link(mailoutbox), {"keep": "on"} if ticked else {})

    session = LearnerSession.objects.get()
    assert (f"on this device for {allowed} days" in page) == bool(allowed)
    assert (session.is_kept, session.until - session.created_at) == (is_kept, timedelta(days=days))
    assert answer.cookies[settings.LEARNER_COOKIE]["max-age"] == days * 24 * 3600


def test_a_wrong_code_leaves_the_tick_where_it_was(client: Client, email_lesson: LessonPage) -> None:
    waiting = ask(client, email_lesson)

    assert 'name="keep" class="mt-1 size-5 shrink-0" aria-describedby="keep_help"\n           checked>' in (
        client.post(waiting, {"code": "x", "keep": "on"}).text
    )

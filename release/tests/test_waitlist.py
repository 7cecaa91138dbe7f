"""The waitlist: a person subscribes, confirms by the gate's own email, and leaves; nobody else does it for them."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from access import privacy
from access.models import Email, EmailVerificationToken
from access.sessions.clients import Browser
from access.verification import tokens
from courses.models import CoursePage, LessonPage
from courses.models.stage import Availability
from release import notify, waitlist
from release.models import WaitlistEntry
from release.tests.conftest import put
from release.waitlist import WaitlistStatus

MakeEntry = Callable[..., WaitlistEntry]
CONFIRM = re.compile(r"/access/confirm/[\w-]+/")
LEAVE = re.compile(r"/notify/leave/[^\s]+/")
CODE = re.compile(r"^(\d{6})$", re.MULTILINE)
ADA = {"email": "ada@example.org"}


def url(course: Page) -> str:
    return f"/notify/{course.pk}/"


def link(pattern: re.Pattern[str]) -> str:
    return pattern.findall(str(mail.outbox[-1].body))[0]


def is_confirmed() -> bool:
    return WaitlistEntry.objects.confirmed().exists()


# Asking and confirming


def test_a_stranger_asks_confirms_and_is_on_the_list(client: Client, soon_course: CoursePage) -> None:
    asked = client.post(url(soon_course), ADA)
    landed = client.post(link(CONFIRM), follow=True)

    assert asked.status_code == 303
    assert landed.redirect_chain == [(url(soon_course), 303)]
    assert "You’re on the waitlist" in landed.text
    assert is_confirmed()


def test_the_code_confirms_it_too(client: Client, soon_course: CoursePage) -> None:
    waiting = client.post(url(soon_course), ADA)["Location"]

    landed = client.post(waiting, {"code": link(CODE)})

    assert landed["Location"] == url(soon_course)
    assert is_confirmed()


def test_the_mail_says_what_it_is_for_and_how_to_leave(client: Client, soon_course: CoursePage) -> None:
    client.post(url(soon_course), ADA)

    (message,) = mail.outbox
    assert message.subject == "Get notified when “Soon & sure” opens"
    assert "Soon & sure" in message.body
    assert LEAVE.search(str(message.body))
    assert [len(found.findall(str(message.body))) for found in (CONFIRM, CODE)] == [1, 1]


def test_asking_alone_confirms_nothing(client: Client, soon_course: CoursePage) -> None:
    client.post(url(soon_course), ADA)

    client.get(link(CONFIRM))

    assert WaitlistEntry.objects.exists()
    assert not is_confirmed()


def test_the_waiting_page_asks_again_where_it_was_asked(client: Client, soon_course: CoursePage) -> None:
    waiting = client.post(url(soon_course), ADA)["Location"]

    assert f'action="{url(soon_course)}"' in client.get(waiting).text


def test_whoever_left_and_asks_again_at_once_is_on_the_list(client: Client, soon_course: CoursePage) -> None:
    client.post(url(soon_course), ADA)
    client.post(url(soon_course), ADA)
    assert EmailVerificationToken.objects.count() == 1
    waitlist.leave(ADA["email"], soon_course)

    client.post(url(soon_course), ADA)
    client.post(link(CONFIRM))

    assert is_confirmed()


def test_a_verified_learner_joins_with_one_press(
    verified_learner: Client, soon_course: CoursePage, mailoutbox: list[Any]
) -> None:
    answer = verified_learner.post(url(soon_course), {"which": "join"})

    assert (answer.status_code, answer["Location"]) == (303, url(soon_course))
    assert is_confirmed()
    assert mailoutbox == []


def test_a_verified_learner_asks_for_another_address_by_mail(
    verified_learner: Client, soon_course: CoursePage, mailoutbox: list[Any]
) -> None:
    verified_learner.post(url(soon_course), {"email": "bob@example.org"})

    assert [message.to for message in mailoutbox] == [["bob@example.org"]]
    assert not is_confirmed()


def test_a_session_that_has_ended_joins_nobody(client: Client, soon_course: CoursePage) -> None:
    assert client.post(url(soon_course), {"which": "join"}).status_code == 422
    assert not WaitlistEntry.objects.exists()


def test_what_was_confirmed_outlives_its_mail(client: Client, soon_course: CoursePage, now: datetime) -> None:
    client.post(url(soon_course), ADA)
    client.post(link(CONFIRM))

    waitlist.let_go(now=now + timedelta(days=100))
    privacy.let_go(now=now + timedelta(days=100))

    assert not EmailVerificationToken.objects.exists()
    assert is_confirmed()


def test_from_the_form_to_the_mail_at_release(client: Client, soon_course: CoursePage, now: datetime) -> None:
    client.post(url(soon_course), ADA)
    client.post(link(CONFIRM))
    put(soon_course, Availability.PUBLISHED)

    assert notify.send_due(now=now) == 1
    assert mail.outbox[-1].to == ["ada@example.org"]
    assert waitlist.standing("ada@example.org", soon_course) is WaitlistStatus.TOLD


# In somebody else's name


def answer_of(client: Client, course: Page, address: str) -> tuple[Any, ...]:
    response = client.post(url(course), {"email": address})
    body = re.sub(r"[0-9a-f-]{36}", "", response["Location"])
    return response.status_code, body, tuple(response.headers), tuple(response.cookies)


def test_known_and_unknown_addresses_get_the_same_answer(
    soon_course: CoursePage, make_entry: MakeEntry, now: datetime
) -> None:
    make_entry(soon_course, "waits@example.org")
    make_entry(soon_course, "told@example.org", sent_at=now)
    Email.objects.create(address="known@example.org", asked_at=now, verified_at=now)
    Email.objects.create(address="blocked@example.org", asked_at=now, blocked_at=now)

    names = ["waits", "told", "known", "blocked", "new"]
    answers = {answer_of(Client(), soon_course, f"{name}@example.org") for name in names}

    assert len(answers) == 1


@pytest.mark.parametrize("purpose", ["read", "review"])
def test_a_victims_other_mails_do_not_confirm_an_attackers_wish(
    soon_course: CoursePage, email_lesson: LessonPage, purpose: str
) -> None:
    Client().post(url(soon_course), ADA)
    browser, later = Browser(asker="victim", network="192.0.2.7"), timezone.now()

    for page in (soon_course, email_lesson):
        asked_for = EmailVerificationToken.Purpose(purpose)
        tokens.request_verification("ada@example.org", page=page, browser=browser, now=later, purpose=asked_for)
        tokens.confirm(link(CONFIRM).split("/")[3], typed="", browser=browser, now=later)

    waitlist.settle(WaitlistEntry.objects.all(), now=later)
    assert EmailVerificationToken.objects.filter(spent_at__isnull=False).count() == 2
    assert not is_confirmed()


def test_a_wish_for_another_course_is_not_confirmed(
    client: Client, soon_course: CoursePage, make_course: Callable[..., CoursePage]
) -> None:
    other = make_course(slug="other", availability=Availability.COMING_SOON)
    Client().post(url(soon_course), ADA)

    client.post(url(other), ADA)
    client.post(link(CONFIRM))

    assert waitlist.standing("ada@example.org", soon_course) is WaitlistStatus.APART
    assert waitlist.standing("ada@example.org", other) is WaitlistStatus.WAITING


def test_asking_in_somebodys_name_does_not_undo_their_own_wish(client: Client, soon_course: CoursePage) -> None:
    client.post(url(soon_course), ADA)
    mine = link(CONFIRM)
    Client().post(url(soon_course), ADA)

    client.post(mine)

    assert is_confirmed()


def test_a_proof_from_before_leaving_confirms_no_new_wish(client: Client, soon_course: CoursePage) -> None:
    client.post(url(soon_course), ADA)
    client.post(link(CONFIRM))
    client.post(url(soon_course), {"which": "leave"})

    Client().post(url(soon_course), ADA)

    assert WaitlistEntry.objects.exists()
    assert not is_confirmed()


@pytest.mark.refusal("token")
def test_another_browser_types_the_address_first(client: Client, soon_course: CoursePage) -> None:
    client.post(url(soon_course), ADA)

    answer = Client().post(link(CONFIRM))

    assert answer.status_code == 403
    assert not is_confirmed()


@pytest.mark.refusal("throttle")
def test_the_limits_of_the_gate_hold_here(soon_course: CoursePage, mailoutbox: list[Any]) -> None:
    for _ in range(3):
        Client().post(url(soon_course), ADA)

    answer = Client().post(url(soon_course), ADA)

    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert len(mailoutbox) == 3


@pytest.mark.refusal("address")
@pytest.mark.parametrize("typed", ["a@x.io,b@y.io", "a@x.io\r\nBcc: v@x.io"])
def test_what_is_no_address_is_refused(client: Client, soon_course: CoursePage, typed: str) -> None:
    answer = client.post(url(soon_course), {"email": typed})

    assert answer.status_code == 422
    assert not WaitlistEntry.objects.exists()


def test_a_mistyped_address_is_told_beside_the_field(client: Client, soon_course: CoursePage) -> None:
    assert "That doesn’t look like an email address" in client.post(url(soon_course), {"email": "nonsense"}).text


# Where nobody can wait


def test_there_is_nothing_to_wait_for_in_an_open_course(client: Client, email_lesson: LessonPage) -> None:
    course = email_lesson.get_parent()

    assert "This course is open" in client.get(url(course)).text
    assert client.post(url(course), ADA)["Location"] == url(course)
    assert not WaitlistEntry.objects.exists()


@pytest.mark.parametrize("number", ["0", "1", "999999", "9" * 30])
def test_what_is_no_course_is_not_found(client: Client, soon_course: CoursePage, number: str) -> None:
    assert client.get(f"/notify/{number}/").status_code == 404
    assert client.post(f"/notify/{number}/", ADA).status_code == 404


def test_a_draft_and_a_lesson_are_not_found(
    client: Client, soon_course: CoursePage, make_lesson: Callable[..., LessonPage]
) -> None:
    lesson = make_lesson(soon_course)
    soon_course.unpublish()

    assert client.get(url(soon_course)).status_code == 404
    assert client.get(url(lesson)).status_code == 404


def test_who_waits_at_an_alias_waits_for_its_course(
    verified_learner: Client, soon_course: CoursePage, catalogue: Page
) -> None:
    alias = soon_course.create_alias(parent=catalogue, update_slug="alias")

    verified_learner.post(url(alias), {"which": "join"})

    assert WaitlistEntry.objects.get().course_key == soon_course.translation_key


# Leaving


def test_the_link_in_the_mail_leaves_without_a_login(client: Client, soon_course: CoursePage) -> None:
    client.post(url(soon_course), ADA)
    client.post(link(CONFIRM))
    leave = LEAVE.findall(str(mail.outbox[0].body))[0]

    answer = Client(enforce_csrf_checks=True).post(leave, {"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    assert not WaitlistEntry.objects.exists()
    assert Client().post(leave).status_code == 200


def test_opening_the_link_changes_nothing(client: Client, soon_course: CoursePage, make_entry: MakeEntry) -> None:
    entry = make_entry(soon_course)
    right = waitlist.leave_url(entry.email_id, entry.course_key)

    shown = {client.get(each).text.replace(each.split("8000")[-1], "") for each in (right, "/notify/leave/wrong/")}

    assert client.head(right).status_code == 200
    assert len(shown) == 1
    assert WaitlistEntry.objects.exists()


def test_a_link_leaves_one_course_alone(
    client: Client, soon_course: CoursePage, make_entry: MakeEntry, make_course: Callable[..., CoursePage]
) -> None:
    entry = make_entry(soon_course)
    kept = [make_entry(make_course()), make_entry(soon_course, "bob@example.org")]

    client.post(waitlist.leave_url(entry.email_id, entry.course_key))

    assert set(WaitlistEntry.objects.all()) == set(kept)


@pytest.mark.parametrize("change", [lambda link: link[:-4] + "xxx/", lambda _: "/notify/leave/%00/"])
def test_a_link_that_was_changed_leaves_nothing(
    client: Client, soon_course: CoursePage, make_entry: MakeEntry, change: Callable[[str], str]
) -> None:
    entry = make_entry(soon_course)

    answer = client.post(change(waitlist.leave_url(entry.email_id, entry.course_key)))

    assert answer.status_code == 404
    assert WaitlistEntry.objects.exists()


def test_a_learner_leaves_on_the_page(verified_learner: Client, soon_course: CoursePage, make_entry: MakeEntry) -> None:
    make_entry(soon_course)
    kept = make_entry(soon_course, "bob@example.org")

    verified_learner.post(url(soon_course), {"which": "leave", "email": "bob@example.org"})

    assert list(WaitlistEntry.objects.all()) == [kept]


# What is kept


def test_a_learner_gets_their_wishes_with_their_data(
    verified_learner: Client, soon_course: CoursePage, make_entry: MakeEntry
) -> None:
    make_entry(soon_course)

    (wish,) = verified_learner.post("/access/data/", {"which": "export"}).json()["waitlists"]

    assert wish["course"] == "Soon & sure"


def test_erasing_ends_their_wishes(verified_learner: Client, soon_course: CoursePage, make_entry: MakeEntry) -> None:
    make_entry(soon_course)

    verified_learner.post("/access/data/", {"which": "erase"})

    assert not WaitlistEntry.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"confirmed_at": None, "asked_at": timedelta(days=-8)},
        {"sent_at": timedelta(days=-31)},
        {"parked_at": timedelta(days=-31)},
    ],
)
def test_what_nobody_needs_is_let_go(
    soon_course: CoursePage, make_entry: MakeEntry, now: datetime, fields: dict[str, timedelta | None]
) -> None:
    kept = make_entry(soon_course, "bob@example.org", asked_at=now - timedelta(days=900))
    make_entry(soon_course, **{name: now + passed if passed else None for name, passed in fields.items()})

    waitlist.let_go(now=now)

    assert list(WaitlistEntry.objects.all()) == [kept]


def test_wishes_go_with_their_course(soon_course: CoursePage, make_entry: MakeEntry, now: datetime) -> None:
    make_entry(soon_course)
    soon_course.delete()

    waitlist.let_go(now=now)

    assert not WaitlistEntry.objects.exists()

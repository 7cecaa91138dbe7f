"""A blocked address gets no email and opens nothing, and no answer says so."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from wagtail.models import Page

from access.limits import blocking
from access.models import Email, EmailVerificationToken, GateSettings, LearnerSession
from access.sessions import learner_sessions
from conftest import CANARY


@pytest.fixture
def lists(db: None) -> GateSettings:
    lists = GateSettings(blocked_addresses="Eve@Example.org\n", blocked_domains=" spam.example\nBÜCHER.example")
    lists.full_clean()
    lists.save()
    return lists


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("eve@example.org", True),
        ("ada@example.org", False),
        ("ada@spam.example", True),
        ("ada@mail.spam.example", True),
        ("ada@notspam.example", False),
        ("ada@xn--bcher-kva.example", True),
    ],
)
def test_the_lists_are_kept_in_their_one_form(lists: GateSettings, address: str, expected: bool) -> None:
    assert blocking.is_blocked(address) is expected


@pytest.mark.parametrize("fields", [{"blocked_addresses": "ada"}, {"blocked_domains": "ada@example.org"}])
def test_a_line_that_is_none_is_told(db: None, fields: dict[str, str]) -> None:
    with pytest.raises(ValidationError) as refused:
        GateSettings(**fields).full_clean()

    assert list(refused.value.message_dict) == list(fields)


def test_who_asks_is_never_told(lists: GateSettings, email_lesson: Page, mailoutbox: list[Any]) -> None:
    answers = []
    for address in ("eve@example.org", "ada@example.org"):
        browser = Client()
        asked = [browser.post("/access/ask/", {"email": address, "page": email_lesson.pk}) for _ in range(5)]
        shown = browser.get(asked[0]["Location"]).text
        words = " ".join(re.sub(r"<[^>]+>", " ", shown.replace(address, "")).split())
        answers.append(([answer.status_code for answer in asked], words.split("minute")[0][:200]))

    assert answers[0][0] == answers[1][0] == [303] * 5
    assert [mail.to for mail in mailoutbox] == [["ada@example.org"]]


def test_a_blocked_domain_ends_its_sessions_and_links(
    verified_learner: Client, email_lesson: Page, mailoutbox: list[Any]
) -> None:
    verified_learner.post("/access/ask/", {"email": "ada@example.org", "page": email_lesson.pk})
    (link,) = re.findall(r"/access/confirm/[\w-]+/", mailoutbox[0].body)

    GateSettings.objects.create(blocked_domains="example.org")

    assert CANARY not in verified_learner.get(email_lesson.url).text
    assert verified_learner.post(link).status_code == 410
    assert CANARY not in verified_learner.get(email_lesson.url).text


@pytest.mark.parametrize("how", ["address", "list", "domain"])
def test_mail_of_an_address_that_was_blocked_since_is_not_spent(
    client: Client, email_lesson: Page, mailoutbox: list[Any], now: Any, how: str
) -> None:
    """Neither its link nor its code opens anything, and both work again once it is unblocked."""
    waiting = client.post("/access/ask/", {"email": "ada@example.org", "page": email_lesson.pk})["Location"]
    (link,) = re.findall(r"/access/confirm/[\w-]+/", mailoutbox[0].body)
    (code,) = re.findall(r"^(\d{6})$", mailoutbox[0].body, re.MULTILINE)
    if how == "address":
        blocking.block(Email.objects.get(), now=now)
    else:
        lists = {"list": {"blocked_addresses": "ada@example.org"}, "domain": {"blocked_domains": "example.org"}}
        GateSettings.objects.create(**lists[how])

    refused = [client.post(link), client.post(waiting, {"code": code})]

    assert [response.status_code for response in refused] == [410, 410]
    assert not LearnerSession.objects.exists()
    assert EmailVerificationToken.objects.get().spent_at is None
    GateSettings.objects.all().delete()
    Email.objects.update(blocked_at=None)
    assert client.post(link)["Location"] == email_lesson.url


def test_the_waiting_tab_of_a_blocked_address_looks_like_any_other(lists: GateSettings, email_lesson: Page) -> None:
    shown = []
    for address in ("eve@example.org", "ada@example.org"):
        browser = Client()
        waiting = browser.post("/access/ask/", {"email": address, "page": email_lesson.pk})["Location"]
        status = browser.get(f"{waiting}status/").text.replace(waiting, "")
        wrong = browser.post(waiting, {"code": "000000"})
        shown.append((status, wrong.status_code, "4 tries left" in wrong.text))

    assert shown[0] == shown[1]


def test_blocking_acts_on_the_next_request(
    verified_learner: Client, learner_email: Email, email_lesson: Page, now: Any
) -> None:
    assert CANARY in verified_learner.get(email_lesson.url).text

    Email.objects.filter(pk=learner_email.pk).update(blocked_at=now)

    assert CANARY not in verified_learner.get(email_lesson.url).text


def test_an_address_is_blocked_once_and_alone(learner_email: Email, now: Any) -> None:
    other = Email.objects.create(address="grace@example.org", asked_at=now)
    secrets = [learner_sessions.start(email, token=None, now=now) for email in (learner_email, other)]
    later = now + timedelta(hours=1)

    assert [blocking.block(learner_email, now=moment) for moment in (now, later)] == [True, False]

    assert Email.objects.get(pk=learner_email.pk).blocked_at == now
    assert LearnerSession.objects.get(revoked_at__isnull=False).revoked_at == now
    assert [blocking.is_blocked(email.address) for email in (learner_email, other)] == [True, False]
    assert [learner_sessions.find(secret, now=now) is None for secret in secrets] == [True, False]


def test_unblocking_says_whether_it_was_blocked(learner_email: Email, now: Any) -> None:
    other = Email.objects.create(address="grace@example.org", asked_at=now, blocked_at=now)
    blocking.block(learner_email, now=now)

    assert [blocking.unblock(learner_email) for _ in range(2)] == [True, False]

    assert [blocking.is_blocked(email.address) for email in (learner_email, other)] == [False, True]


def test_lists_end_the_sessions_of_those_on_them_alone(db: None, now: Any) -> None:
    addresses = ["eve@example.org", "a@spam.example", "b@mail.spam.example", "c@notspam.example", "ada@example.org"]
    for address in addresses:
        learner_sessions.start(Email.objects.create(address=address, asked_at=now), token=None, now=now)
    earlier = now - timedelta(hours=1)
    LearnerSession.objects.filter(email__address="a@spam.example").update(revoked_at=earlier)
    lists = GateSettings(blocked_addresses="eve@example.org", blocked_domains="spam.example\nx.example")

    lists.save()

    revoked = dict(LearnerSession.objects.values_list("email__address", "revoked_at"))
    just_now = revoked["eve@example.org"]
    assert just_now >= now
    assert revoked == dict(zip(addresses, [just_now, earlier, just_now, None, None], strict=True))


def test_empty_lines_are_left_out_and_each_is_kept_once(lists: GateSettings) -> None:
    lists.blocked_addresses = "\n eve@example.org \nEVE@example.org\n\nada@example.org"

    lists.clean()

    assert lists.blocked_addresses == "ada@example.org\neve@example.org"

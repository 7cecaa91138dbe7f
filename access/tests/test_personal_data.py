"""Personal data: exported for its person, erased for them, and deleted by itself in time."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from wagtail.models import Page

from access import privacy
from access.models import Email, EmailVerificationToken, Grant, LearnerSession
from access.sessions import learner_sessions
from conftest import CANARY

MONTH = timedelta(days=31)


def test_a_learner_downloads_their_own_data(verified_learner: Client, learner_email: Email) -> None:
    response = verified_learner.post("/access/data/", {"which": "export"})

    assert response["Content-Disposition"].startswith("attachment")
    assert response.json()["address"] == learner_email.address
    assert len(response.json()["browsers"]) == 1
    assert "digest" not in response.text
    assert "no-store" in response["Cache-Control"]


def test_a_stranger_gets_nobodys_data(client: Client, learner_email: Email) -> None:
    response = client.post("/access/data/", {"which": "export", "address": learner_email.address})

    assert response.status_code == 303
    assert response.content == b""


def test_a_learner_erases_themselves(verified_learner: Client, email_lesson: Page) -> None:
    response = verified_learner.post("/access/data/", {"which": "erase"})

    assert response.status_code == 303
    assert not Email.objects.exists()
    assert not LearnerSession.objects.exists()
    assert CANARY not in verified_learner.get(email_lesson.url).text


def test_a_grant_outlives_its_person_without_them(buyer: Client, paid_lesson: Page) -> None:
    buyer.post("/access/data/", {"which": "erase"})

    assert Grant.objects.get().email is None


def test_erasing_is_no_way_around_a_block(learner_email: Email, now: datetime) -> None:
    Email.objects.update(blocked_at=now)

    assert not privacy.erase(learner_email.address)


def test_an_address_never_verified_is_let_go(db: None, now: datetime, settings: Any) -> None:
    Email.objects.create(
        address="new@example.org", asked_at=now - timedelta(days=settings.KEEP_UNVERIFIED_DAYS, seconds=1)
    )
    Email.objects.create(address="newer@example.org", asked_at=now - timedelta(days=1))

    privacy.let_go(now=now)

    assert [email.address for email in Email.objects.all()] == ["newer@example.org"]


def test_one_who_was_given_a_course_is_kept(db: None, now: datetime) -> None:
    email = Email.objects.create(address="new@example.org", asked_at=now - MONTH)
    Grant.objects.create(email=email, course_key=uuid4(), source=Grant.Source.GIFT, granted_at=now - MONTH)

    privacy.let_go(now=now)

    assert Email.objects.exists()


def test_ended_sessions_and_requests_are_let_go(learner_email: Email, now: datetime) -> None:
    learner_sessions.start(learner_email, token=None, now=now - 2 * MONTH)
    kept = learner_sessions.start(learner_email, token=None, now=now)
    EmailVerificationToken.objects.create(
        email=learner_email, sent_to=learner_email.address, asker_digest="x", asked_at=now - MONTH, send_after=now
    )

    privacy.let_go(now=now)

    assert LearnerSession.objects.count() == 1
    assert learner_sessions.find(kept, now=now) is not None
    assert not EmailVerificationToken.objects.exists()
    assert Email.objects.exists()


def test_the_command_exports_and_erases(verified_learner: Client, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("personal_data", "export", "ADA@example.org")
    call_command("personal_data", "erase", "ada@example.org")

    assert '"known": true' in capsys.readouterr().out
    assert not Email.objects.exists()


@pytest.mark.parametrize("address", ["nonsense", "nobody@example.org"])
def test_the_command_says_what_is_wrong(db: None, address: str) -> None:
    with pytest.raises(CommandError):
        call_command("personal_data", "erase", address)


def test_the_export_tells_everything_of_one_person_oldest_first(
    learner_email: Email, email_lesson: Page, now: datetime
) -> None:
    stranger = Email.objects.create(address="zoe@example.org", asked_at=now - MONTH)
    keys, moments = [uuid4(), uuid4()], [now, now - timedelta(hours=1)]
    for email in (stranger, learner_email):
        for key, at in zip(keys, moments, strict=True):
            usual = {"sent_to": email.address, "page": email_lesson, "asker_digest": "x", "send_after": at}
            EmailVerificationToken.objects.create(email=email, asked_at=at, **usual)
            learner_sessions.start(email, token=None, browser=f"{email.pk}", now=at)
            Grant.objects.create(email=email, course_key=key, source=Grant.Source.STAFF, granted_at=at)

    said = privacy.export(learner_email.address)

    assert (said["known"], said["first_asked"], said["first_verified"], said["blocked"]) == (True, now, now, None)
    assert [mail["asked_at"] for mail in said["mails"]] == moments[::-1]
    assert {mail["page__title"] for mail in said["mails"]} == {email_lesson.title}
    assert {each["is_kept"] for each in said["browsers"]} == {False}
    assert [(each["browser"], each["created_at"]) for each in said["browsers"]] == [
        (f"{learner_email.pk}", at) for at in moments[::-1]
    ]
    assert [grant["course_key"] for grant in said["grants"]] == keys[::-1]


def test_the_export_says_of_whom_nothing_is_known(learner_email: Email) -> None:
    assert privacy.export("zoe@example.org") == {"address": "zoe@example.org", "known": False}


def test_erasing_leaves_everybody_else_as_they_were(learner_email: Email, now: datetime) -> None:
    other = Email.objects.create(address="zoe@example.org", asked_at=now)
    for email in (learner_email, other):
        Grant.objects.create(email=email, course_key=uuid4(), source=Grant.Source.STAFF, granted_at=now)

    assert privacy.erase(learner_email.address)
    assert not privacy.erase(learner_email.address)

    assert list(Email.objects.all()) == [other]
    assert [grant.email for grant in Grant.objects.order_by("pk")] == [None, other]


def test_one_of_whom_nothing_but_the_address_is_kept_is_erased(learner_email: Email) -> None:
    assert privacy.erase(learner_email.address)


def test_an_address_is_let_go_only_where_nobody_needs_it(db: None, now: datetime, settings: Any) -> None:
    old = now - timedelta(days=settings.KEEP_UNVERIFIED_DAYS, seconds=1)
    fields: dict[str, dict[str, datetime]] = {
        "gone": {},
        "asked once": {},
        "asked again": {},
        "verified": {"verified_at": now},
        "blocked": {"blocked_at": now},
        "given a course": {},
        "new": {"asked_at": now},
    }
    emails = {
        name: Email.objects.create(**{"address": f"{name}@example.org", "asked_at": old, **others})
        for name, others in fields.items()
    }
    for name, at in {"asked once": old, "asked again": now}.items():
        usual = {"sent_to": emails[name].address, "asker_digest": "x", "send_after": at}
        EmailVerificationToken.objects.create(email=emails[name], asked_at=at, **usual)
    key = uuid4()
    Grant.objects.create(email=emails["given a course"], course_key=key, source=Grant.Source.STAFF, granted_at=old)

    privacy.let_go(now=now)

    kept = set(Email.objects.all())
    assert {name for name, email in emails.items() if email not in kept} == {"gone", "asked once"}


def test_what_ended_is_let_go_after_some_days(learner_email: Email, now: datetime, settings: Any) -> None:
    day = timedelta(days=1)
    old, young = (now - timedelta(days=settings.KEEP_ENDED_DAYS, seconds=seconds) for seconds in (1, -1))
    ends = {
        "over": {"until": old},
        "just over": {"until": young},
        "signed out": {"until": now + day, "revoked_at": old},
        "just signed out": {"until": now + day, "revoked_at": young},
        "signed in": {"until": now + day},
    }
    for name, fields in ends.items():
        LearnerSession.objects.create(
            email=learner_email, key_digest=name, browser=name, created_at=old - day, seen_at=old, **fields
        )
    for at in (old, young):
        usual = {"sent_to": learner_email.address, "asker_digest": "x", "send_after": at}
        EmailVerificationToken.objects.create(email=learner_email, asked_at=at, **usual)

    privacy.let_go(now=now)

    kept = LearnerSession.objects.order_by("pk").values_list("browser", flat=True)
    assert list(kept) == ["just over", "just signed out", "signed in"]
    assert EmailVerificationToken.objects.get().asked_at == young

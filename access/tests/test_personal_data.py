"""What is kept about a person: given out to them, erased for them, and let go of by itself."""

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

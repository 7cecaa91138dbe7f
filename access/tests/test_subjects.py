"""Subjects of emails with a code: they show it where it opens a lesson, never where it decides or moves something."""

from datetime import datetime
from typing import Any

import pytest

from access.models import Email, EmailVerificationToken
from access.verification import messages

Purpose = EmailVerificationToken.Purpose


@pytest.fixture
def token(learner_email: Email, now: datetime) -> EmailVerificationToken:
    return EmailVerificationToken(email=learner_email, sent_to=learner_email.address, asked_at=now, send_after=now)


def write(token: EmailVerificationToken, purpose: Purpose, now: datetime) -> Any:
    token.purpose = purpose
    return messages.verification(token, secret="secret", code="123456", expires_at=now)


@pytest.mark.parametrize("purpose", [Purpose.READ, Purpose.BUY])
def test_code_to_sign_in_or_buy_is_in_the_subject(
    purpose: Purpose, token: EmailVerificationToken, now: datetime
) -> None:
    assert "123 456" in write(token, purpose, now).subject


@pytest.mark.parametrize("purpose", [Purpose.NOTIFY, Purpose.REVIEW, Purpose.MOVE])
def test_any_other_code_is_not(purpose: Purpose, token: EmailVerificationToken, now: datetime) -> None:
    message = write(token, purpose, now)

    assert "123456" in message.body
    assert "123" not in message.subject


@pytest.mark.parametrize("purpose", Purpose)
def test_setting_takes_codes_out_of_all_subjects(
    purpose: Purpose, token: EmailVerificationToken, now: datetime, settings: Any
) -> None:
    settings.CODE_IN_SUBJECT = False

    assert "123" not in write(token, purpose, now).subject

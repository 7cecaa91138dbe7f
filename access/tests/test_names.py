"""What a row calls itself where staff or a log name it: never a secret."""

from datetime import UTC, datetime

from access.models import Email, EmailVerificationToken, Grant, LearnerSession, PasswordResetMail, ThrottleSlot

AT = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)


def test_each_row_has_a_name() -> None:
    rows = [
        (Email(address="ada@example.org"), "ada@example.org"),
        (Grant(email_id=7, course_key="key", source="gift"), "7: key (gift)"),
        (LearnerSession(email_id=7, created_at=AT, key_digest="secret"), "7, 2026-06-01 09:30"),
        (PasswordResetMail(queued_at=AT), "2026-06-01 09:30"),
        (ThrottleSlot(rule="ask/900", number=2), "ask/900 2"),
        (EmailVerificationToken(sent_to="ada@example.org", asked_at=AT), "ada@example.org, 2026-06-01 09:30"),
    ]

    assert [str(row) for row, _ in rows] == [name for _, name in rows]

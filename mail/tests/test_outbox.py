"""An email that is owed is sent once by the process that claims its row, is tried again, and is given up loudly.

The rows are password resets: any would do.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.db import connection

from access.models import PasswordResetMail
from mail import messages, outbox
from mail.models import MAX_SENDS

ADDRESS = "ada@example.org"
MINUTE = timedelta(minutes=1)


class Broken(Exception):
    def __init__(self) -> None:
        super().__init__(f"550 {ADDRESS} is unknown")


def build(row: PasswordResetMail, _now: datetime) -> list[EmailMessage]:
    return [messages.from_text("Hello", "World", to=row.address)]


def fail(_row: PasswordResetMail, _now: datetime) -> list[EmailMessage]:
    raise Broken


def send_due(build: Callable[..., Any], *, now: datetime, **options: Any) -> int:
    return outbox.send_due(PasswordResetMail.objects.order_by("pk"), build, now=now, **options)


def send(row: PasswordResetMail, build: Callable[..., Any], *, now: datetime, **options: Any) -> bool:
    sent = outbox.send(PasswordResetMail.objects.filter(pk=row.pk), build, now=now, **options)
    row.refresh_from_db()
    return sent


@pytest.fixture
def row(db: None, now: datetime) -> PasswordResetMail:
    return PasswordResetMail.objects.create(address=ADDRESS, queued_at=now)


def test_a_row_is_sent_once(row: PasswordResetMail, now: datetime, mailoutbox: list[Any]) -> None:
    assert send(row, build, now=now)
    assert not send(row, build, now=now + timedelta(days=1))
    assert send_due(build, now=now + timedelta(days=1)) == 0

    assert [message.to for message in mailoutbox] == [[ADDRESS]]
    assert (row.sends, row.sent_at, row.parked_at) == (1, now, None)


def test_a_claimed_row_is_left_to_its_worker_until_the_claim_is_over(
    row: PasswordResetMail, now: datetime, mailoutbox: list[Any]
) -> None:
    seen = []

    def die(row: PasswordResetMail, moment: datetime) -> Any:
        """Others find it while it is sent; then the process is killed, which nothing here can catch."""
        seen.append(send_due(build, now=moment))
        seen.append(send_due(build, now=moment + outbox.LEASE - MINUTE))
        raise SystemExit

    with pytest.raises(SystemExit):
        send(row, die, now=now)
    assert (seen, mailoutbox) == ([0, 0], [])
    row.refresh_from_db()
    assert row.send_after == now + timedelta(minutes=5)

    assert send_due(build, now=now + outbox.LEASE) == 1
    assert len(mailoutbox) == 1


def test_of_two_that_find_a_row_one_claims_it(row: PasswordResetMail, now: datetime) -> None:
    """The other has claimed it in between, and is still at it."""
    built: list[int] = []
    let_in: list[str] = []

    def die(row: PasswordResetMail, _now: datetime) -> Any:
        built.append(row.sends)
        raise SystemExit

    def let_another_in(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if sql.startswith("UPDATE") and not let_in:
            let_in.append("another")
            with pytest.raises(SystemExit):
                send(row, die, now=now)
        return execute(sql, *rest)

    with connection.execute_wrapper(let_another_in):
        assert not send(row, die, now=now)

    assert built == [1]


def test_what_fails_is_tried_again_later_each_time(row: PasswordResetMail, now: datetime, caplog: Any) -> None:
    waits, moment = [], now
    for _ in range(MAX_SENDS):
        assert not send(row, fail, now=moment)
        assert row.send_after is not None
        assert send_due(build, now=row.send_after - timedelta(seconds=1)) == 0
        waits.append((row.send_after - moment).total_seconds())
        moment = row.send_after

    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600]
    assert (row.sends, row.sent_at, row.parked_at) == (MAX_SENDS, None, moment - outbox.LAST_RETRY)
    assert send_due(build, now=now + timedelta(days=1)) == 0
    assert [record.levelno for record in caplog.records] == [logging.WARNING] * (MAX_SENDS - 1) + [logging.ERROR]
    assert caplog.messages[-1] == f"PasswordResetMail {row.pk} was not mailed (try {MAX_SENDS}): Broken"
    assert ADDRESS not in caplog.text


def test_one_that_fails_does_not_stop_the_others(row: PasswordResetMail, now: datetime, mailoutbox: list[Any]) -> None:
    PasswordResetMail.objects.create(address="bob@example.org", queued_at=now)

    assert send_due(lambda each, at: fail(each, at) if each == row else build(each, at), now=now) == 1

    assert [message.to for message in mailoutbox] == [["bob@example.org"]]


def test_a_worker_that_hung_leaves_alone_what_another_has_claimed(row: PasswordResetMail, now: datetime) -> None:
    def hang(row: PasswordResetMail, moment: datetime) -> Any:
        later = moment + outbox.LEASE
        assert not send(row, fail, now=later, if_not_sent={"address": "second@example.org"})
        raise Broken

    assert not send(row, hang, now=now, if_not_sent={"address": "first@example.org"})

    assert (row.sends, row.address) == (2, "second@example.org")
    assert row.send_after == now + outbox.LEASE + 2 * outbox.FIRST_RETRY


def test_what_nobody_is_to_be_told_is_parked_in_silence(row: PasswordResetMail, now: datetime, caplog: Any) -> None:
    assert not send(row, lambda _row, _now: None, now=now)

    assert (row.sent_at, row.parked_at, caplog.records) == (None, now, [])
    assert send_due(build, now=now + timedelta(days=1)) == 0


def test_what_needs_no_message_is_done(row: PasswordResetMail, now: datetime, mailoutbox: list[Any]) -> None:
    assert send(row, lambda _row, _now: [], now=now)

    assert (row.sent_at, mailoutbox) == (now, [])


def test_a_row_deleted_while_it_is_sent_is_nobodys_trouble(row: PasswordResetMail, now: datetime) -> None:
    def delete(row: PasswordResetMail, moment: datetime) -> Any:
        PasswordResetMail.objects.all().delete()
        return build(row, moment)

    assert send_due(delete, now=now) == 1
    assert send_due(build, now=now) == 0


def test_a_round_sends_so_many_and_takes_so_long(
    row: PasswordResetMail, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow round claims by the time it has reached: else a claim would be over before its mail is sent."""
    for number in range(3):
        PasswordResetMail.objects.create(address=f"{number}@example.org", queued_at=now)
    ticks = iter([0.0, 30.0, 40.0, 40.5])
    moments = []

    def note(row: PasswordResetMail, moment: datetime) -> Any:
        moments.append(moment)
        return []

    assert send_due(note, now=now, limit=1) == 1
    monkeypatch.setattr(outbox, "time", SimpleNamespace(monotonic=lambda: next(ticks)))
    assert send_due(note, now=now) == 2

    assert moments[1:] == [now + timedelta(seconds=seconds) for seconds in (30, 40)]
    assert PasswordResetMail.objects.queued().count() == 1


def test_a_message_has_one_line_of_subject_and_the_same_name_at_every_try(settings: Any) -> None:
    settings.SITE_URL = "https://courses.example.org"

    message = messages.from_text("One\r\nBcc: all@example.org", "Text", to=ADDRESS, name="gift.1.2")

    assert message.subject == "One Bcc: all@example.org"
    assert message.extra_headers == {
        "Auto-Submitted": "auto-generated",
        "Message-ID": "<gift.1.2@courses.example.org>",
    }
    assert "Message-ID" not in messages.from_text("One", "Text", to=ADDRESS).extra_headers


def test_building_a_message_fetches_nothing(settings: Any, tmp_path: Path) -> None:
    """Its style is in the template: a stylesheet from elsewhere would be looked for, and here refused."""
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    (tmp_path / "note.txt").write_text("Hello")
    (tmp_path / "note.html").write_text('<link rel="stylesheet" href="http://127.0.0.1:9/x.css"><p>Hello</p>')

    message = messages.build("note", "Hello", {}, to=ADDRESS)

    assert "<p>Hello</p>" in str(message.alternatives[0][0])


@pytest.mark.parametrize(
    "address",
    ["", "ada", "ada@example.org\nBcc: all@example.org", "ada@example.org\r\n", "ada@example.org, bob@example.org"],
)
def test_what_is_no_address_is_nobody_to_reply_to(address: str) -> None:
    message = messages.from_text("One", "Text", to=ADDRESS, reply_to=address).message()

    assert {"Reply-To", "Bcc"}.isdisjoint(message.keys())


def test_an_answer_goes_to_who_is_named() -> None:
    message = messages.from_text("One", "Text", to=ADDRESS, reply_to="bob@example.org").message()

    assert message["Reply-To"] == "bob@example.org"


@pytest.mark.parametrize(("reply_to", "told"), [("bob@example.org", "bob@example.org"), ("nobody", "")])
def test_a_template_is_told_whom_to_answer_and_keeps_its_rules(
    settings: Any, tmp_path: Path, reply_to: str, told: str
) -> None:
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    (tmp_path / "note.txt").write_text("{{ reply_to }}|{{ blanks }}|")
    (tmp_path / "note.html").write_text("<style>@media (prefers-color-scheme: dark) { p { color: #fff } }</style><p>x")

    message = messages.build("note", "Hello", {"reply_to": "all@example.org"}, to=ADDRESS, reply_to=reply_to)

    assert message.body == f"{told}|{'\u00a0\u200c' * 120}|\n"
    assert "@media" in str(message.alternatives[0][0])

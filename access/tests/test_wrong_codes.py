"""Who guesses at codes finds none, and turns them off for nobody who is known, nor for long."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.test import Client

from access.models import Email, EmailVerificationToken, LearnerSession
from access.models.tokens import MAX_TRIES
from access.sessions import clients, token_secrets
from access.sessions.clients import Browser
from access.verification import errors, tokens

CODE, CODES = "123456", 1_000_000
DAY = 24 * 3600
Mail = Callable[..., EmailVerificationToken]


@pytest.fixture
def mail(db: None, now: datetime) -> Mail:
    """A mailed request of `asker` for `address`."""
    numbers = count()

    def make(address: str = "", *, asker: str = "stranger", at: datetime = now) -> EmailVerificationToken:
        address = address or f"victim{next(numbers)}@example.org"
        email, _ = Email.objects.get_or_create(address=address, defaults={"asked_at": at})
        token = EmailVerificationToken.objects.create(
            email=email,
            sent_to=address,
            asker_digest=token_secrets.digest(asker),
            asked_at=at,
            send_after=at,
            sent_at=at,
            digest=token_secrets.digest(f"link to {next(numbers)}"),
            expires_at=at + timedelta(minutes=15),
        )
        EmailVerificationToken.objects.filter(pk=token.pk).update(
            code_digest=token_secrets.code_digest(CODE, owner=token.pk)
        )
        token.refresh_from_db()
        return token

    return make


@pytest.fixture
def guess(mail: Mail, now: datetime) -> Callable[..., bool]:
    """A wrong code for somebody's mail, from that network; whether it was looked at."""

    def make(network: str, *, token: EmailVerificationToken | None = None, at: datetime = now) -> bool:
        token = token or mail(at=at)
        browser = Browser(asker="stranger", network=network)
        try:
            tokens.confirm_code(token.pk, "000000", browser=browser, now=at)
        except errors.WrongCode:
            return True
        except errors.CodesPaused:
            return False
        raise AssertionError

    return make


def most_in_a_day(limits: list[tuple[int, int]]) -> int:
    """How many tries pass at most in any day: a span of so many seconds holds so many."""
    return min(many * -(-DAY // seconds) for many, seconds in limits)


def test_guessing_at_large_succeeds_less_than_once_in_a_thousand_days() -> None:
    """By an attacker who asks for as many emails as the site sends, from as many networks as there are; who moreover
    has a browser in which one of the victims was verified once, and so is known."""
    strangers = most_in_a_day(site_settings.LIMITS_WRONG_CODES_FOR_ALL)
    in_one_known_browser = MAX_TRIES * most_in_a_day(site_settings.LIMITS_PER_ADDRESS)

    assert (strangers + in_one_known_browser) / CODES < 1 / 1000


@pytest.mark.refusal("throttle")
def test_networks_together_guess_no_more_than_the_site_allows(guess: Callable[..., bool], caplog: Any) -> None:
    looked_at = [guess(f"192.0.2.{number}") for number in range(60)]

    assert looked_at == [True] * 36 + [False] * 24
    assert [record.levelname for record in caplog.records].count("ERROR") == 1


@pytest.mark.refusal("throttle")
def test_one_network_guesses_ten_times_an_hour(guess: Callable[..., bool]) -> None:
    looked_at = [guess("192.0.2.7") for _ in range(12)]

    assert looked_at == [True] * 10 + [False] * 2
    assert guess("192.0.2.8")


@pytest.fixture
def paused(guess: Callable[..., bool]) -> None:
    """An hour's worth of wrong codes came from everywhere."""
    while guess(f"192.0.2.{token_secrets.new()}"):
        pass


@pytest.mark.usefixtures("paused")
def test_codes_go_on_working_where_the_address_was_proved(mail: Mail, now: datetime) -> None:
    token = mail("ada@example.org", asker="ada")
    nobody = Browser(asker="ada", network="198.51.100.7")
    proofs = tuple(clients.proofs_with(nobody, "ada@example.org").split("~"))
    known = Browser(asker="ada", network="198.51.100.7", proofs=proofs)

    with pytest.raises(errors.CodesPaused):
        tokens.confirm_code(token.pk, CODE, browser=nobody, now=now)
    with pytest.raises(errors.WrongCode):
        tokens.confirm_code(token.pk, "000000", browser=known, now=now)
    assert tokens.confirm_code(token.pk, CODE, browser=known, now=now)


@pytest.mark.usefixtures("paused")
def test_links_go_on_working(mail: Mail, now: datetime) -> None:
    token, secret = mail("ada@example.org", asker="ada"), token_secrets.new()
    EmailVerificationToken.objects.filter(pk=token.pk).update(digest=token_secrets.digest(secret))
    browser = Browser(asker="ada", network="198.51.100.7")
    for _ in range(MAX_TRIES + 1):  # a code that is not looked at is no try
        with pytest.raises(errors.CodesPaused):
            tokens.confirm_code(token.pk, CODE, browser=browser, now=now)

    assert tokens.confirm(secret, typed="", browser=browser, now=now)


@pytest.mark.usefixtures("paused")
def test_an_hour_later_codes_work_for_everybody(mail: Mail, now: datetime) -> None:
    later = now + timedelta(hours=1)
    token = mail(asker="ada", at=later)

    assert tokens.confirm_code(token.pk, CODE, browser=Browser(asker="ada", network="198.51.100.7"), now=later)


def test_right_codes_cost_nothing(mail: Mail, now: datetime) -> None:
    """A whole school signs in."""
    browser = Browser(asker="ada", network="192.0.2.7")
    settings_limit = site_settings.LIMITS_PER_NETWORK[0][0]
    for _ in range(settings_limit):
        tokens.confirm_code(mail(asker="ada").pk, CODE, browser=browser, now=now)

    assert LearnerSession.objects.count() == settings_limit > 10


def test_whoever_must_use_the_link_is_told(
    client: Client, asker: str, mail: Mail, settings: Any, paused: None, learner_email: Email
) -> None:
    token = mail("ada@example.org", asker=asker)

    answer = client.post(f"/access/waiting/{token.pk}/", {"code": CODE})

    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 3600
    assert "Use the link in the email." in answer.text


def test_verifying_makes_the_browser_known(
    client: Client, asker: str, mail: Mail, settings: Any, now: datetime
) -> None:
    for address in ("ada@example.org", "grace@example.org"):
        assert client.post(f"/access/waiting/{mail(address, asker=asker).pk}/", {"code": CODE}).status_code == 303

    cookie = client.cookies[settings.PROOFS_COOKIE]
    browser = Browser(asker=asker, network="", proofs=tuple(cookie.value.split("~")))

    assert [browser.has_proved(f"{name}@example.org") for name in ("ada", "grace", "eve")] == [True, True, False]
    assert "example" not in cookie.value
    assert cookie["httponly"]
    assert cookie["max-age"] == 15_552_000  # half a year


@pytest.mark.parametrize("proof", ["", "1", "1:1abcde:x", ":::", "9" * 5000, "é"])
def test_forged_proof_proves_nothing(proof: str) -> None:
    assert not Browser(asker="", network="", proofs=(proof,)).has_proved("ada@example.org")


def test_proofs_end(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    proof = clients.proofs_with(Browser(asker="", network=""), "ada@example.org")
    browser = Browser(asker="", network="", proofs=(proof,))

    for seconds, is_known in ((clients.PROOF_SECONDS - 60, True), (clients.PROOF_SECONDS + 60, False)):
        monkeypatch.setattr("django.core.signing.time.time", lambda seconds=seconds: now.timestamp() + seconds)
        assert browser.has_proved("ada@example.org") is is_known


def test_the_last_few_addresses_are_remembered() -> None:
    browser = Browser(asker="", network="")
    for number in range(7):
        proofs = clients.proofs_with(browser, f"ada{number % 6}@example.org").split("~")
        browser = Browser(asker="", network="", proofs=tuple(proofs))

    assert [number for number in range(6) if browser.has_proved(f"ada{number}@example.org")] == [0, 2, 3, 4, 5]


def test_deleting_ones_data_forgets_the_browser(verified_learner: Client, settings: Any) -> None:
    verified_learner.cookies[settings.PROOFS_COOKIE] = "something"

    verified_learner.post("/access/data/", {"which": "erase"})

    assert verified_learner.cookies[settings.PROOFS_COOKIE].value == ""

"""A mailed link opens one browser, once, in its life, for the address it went to."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from wagtail.models import Page

from access.limits import throttle
from access.models import Email, EmailVerificationToken, LearnerSession
from access.models.tokens import MAX_TRIES
from access.sessions import learner_sessions, token_secrets
from access.sessions.clients import Browser
from access.verification import errors, tokens

Purpose = EmailVerificationToken.Purpose
HERE, ELSEWHERE = "the asking browser", "another browser"
LIFE = timedelta(minutes=15)
CODE = "123456"
Mailed = Callable[..., str]


@pytest.fixture
def mailed(learner_email: Email, now: datetime) -> Mailed:
    """A link that was mailed: its secret."""

    def make(email: Email = learner_email, *, page: Any = None) -> str:
        secret = token_secrets.new()
        token = EmailVerificationToken.objects.create(
            email=email,
            sent_to=email.address,
            page=page,
            asker_digest=token_secrets.digest(HERE),
            asked_at=now,
            send_after=now,
            sent_at=now,
            digest=token_secrets.digest(secret),
            expires_at=now + LIFE,
        )
        EmailVerificationToken.objects.filter(pk=token.pk).update(
            code_digest=token_secrets.code_digest(CODE, owner=token.pk)
        )
        return secret

    return make


def confirm(secret: str, now: datetime, *, asker: str = HERE, typed: str = "") -> tokens.Opened:
    return tokens.confirm(secret, typed=typed, browser=Browser(asker=asker, network="192.0.2.7"), now=now)


def test_the_asking_browser_needs_one_press(mailed: Mailed, now: datetime) -> None:
    opened = confirm(mailed(), now)

    learner = learner_sessions.find(opened.session_secret, now=now)
    assert learner is not None
    assert learner.email == "ada@example.org"


def test_confirming_verifies_the_address(now: datetime, mailed: Mailed) -> None:
    new = Email.objects.create(address="new@example.org", asked_at=now)

    confirm(mailed(new), now)

    new.refresh_from_db()
    assert new.verified_at == now


def test_another_browser_opens_with_the_address(mailed: Mailed, now: datetime) -> None:
    opened = confirm(mailed(), now, asker=ELSEWHERE, typed=" ADA@example.org ")

    assert learner_sessions.find(opened.session_secret, now=now) is not None


@pytest.mark.refusal("token")
def test_another_browser_needs_the_address(mailed: Mailed, now: datetime) -> None:
    with pytest.raises(errors.OtherBrowser):
        confirm(mailed(), now, asker=ELSEWHERE)

    assert not LearnerSession.objects.exists()


@pytest.mark.refusal("token")
def test_a_browser_without_a_secret_is_another(mailed: Mailed, now: datetime) -> None:
    with pytest.raises(errors.OtherBrowser):
        confirm(mailed(), now, asker="")


@pytest.mark.refusal("token")
def test_a_wrong_address_is_refused(mailed: Mailed, now: datetime) -> None:
    with pytest.raises(errors.WrongAddress):
        confirm(mailed(), now, asker=ELSEWHERE, typed="eve@example.org")


@pytest.mark.refusal("token")
def test_five_wrong_addresses_burn_the_link(mailed: Mailed, now: datetime) -> None:
    secret = mailed()
    for _ in range(MAX_TRIES):
        with pytest.raises(errors.WrongAddress):
            confirm(secret, now, asker=ELSEWHERE, typed="eve@example.org")

    with pytest.raises(errors.TokenUsedUp):
        confirm(secret, now)


@pytest.mark.refusal("token")
def test_a_spent_link_is_refused(mailed: Mailed, now: datetime) -> None:
    secret = mailed()
    confirm(secret, now)

    with pytest.raises(errors.TokenSpent):
        confirm(secret, now)


@pytest.mark.refusal("token")
def test_an_expired_link_is_refused(mailed: Mailed, now: datetime) -> None:
    with pytest.raises(errors.TokenExpired):
        confirm(mailed(), now + LIFE)


def test_a_link_lives_to_its_last_second(mailed: Mailed, now: datetime) -> None:
    assert confirm(mailed(), now + LIFE - timedelta(seconds=1))


@pytest.mark.refusal("token")
def test_using_one_link_burns_the_others(mailed: Mailed, now: datetime) -> None:
    older, newest = mailed(), mailed()
    confirm(newest, now)

    with pytest.raises(errors.TokenBurnt):
        confirm(older, now)


def test_a_link_that_was_used_burns_no_stranger(mailed: Mailed, now: datetime) -> None:
    other = Email.objects.create(address="grace@example.org", asked_at=now)
    secret = mailed(other)
    confirm(mailed(), now)

    assert confirm(secret, now)


@pytest.mark.refusal("token")
def test_an_address_changed_since_is_refused(mailed: Mailed, learner_email: Email, now: datetime) -> None:
    secret = mailed()
    learner_email.address = "moved@example.org"
    learner_email.save()

    with pytest.raises(errors.TokenBurnt):
        confirm(secret, now)


def test_a_link_that_never_was_is_unknown(db: None, now: datetime) -> None:
    with pytest.raises(errors.TokenUnknown):
        confirm(token_secrets.new(), now)


@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_a_cut_or_altered_link_is_unknown(mailed: Mailed, now: datetime, data: st.DataObject) -> None:
    secret = mailed()
    place = data.draw(st.integers(0, len(secret) - 1))
    other = data.draw(st.text(max_size=2).filter(lambda text: text != secret[place]))

    for altered in (secret[:place], secret[:place] + other + secret[place + 1 :]):
        with pytest.raises((errors.TokenUnknown, throttle.Throttled)):
            confirm(altered, now)


def confirm_code(code: str, now: datetime, *, asker: str = HERE) -> tokens.Opened:
    token = EmailVerificationToken.objects.latest("asked_at")
    return tokens.confirm_code(token.pk, code, browser=Browser(asker=asker, network="192.0.2.7"), now=now)


def test_the_code_opens_the_tab_that_asked(mailed: Mailed, now: datetime) -> None:
    mailed()

    opened = confirm_code(CODE, now)

    assert learner_sessions.find(opened.session_secret, now=now) is not None


def test_the_fifth_try_may_still_be_right(mailed: Mailed, now: datetime) -> None:
    mailed()
    for _ in range(MAX_TRIES - 1):
        with pytest.raises(errors.WrongCode):
            confirm_code("000000", now)

    assert confirm_code(CODE, now)


@pytest.mark.refusal("token")
def test_a_wrong_code_is_refused(mailed: Mailed, now: datetime) -> None:
    mailed()

    with pytest.raises(errors.WrongCode):
        confirm_code("000000", now)


@pytest.mark.refusal("token")
def test_five_wrong_codes_end_code_and_link(mailed: Mailed, now: datetime) -> None:
    secret = mailed()
    for _ in range(MAX_TRIES):
        with pytest.raises(errors.WrongCode):
            confirm_code("000000", now)

    with pytest.raises(errors.TokenUsedUp):
        confirm_code(CODE, now)
    with pytest.raises(errors.TokenUsedUp):
        confirm(secret, now)


def test_in_another_browser_the_code_is_unknown(mailed: Mailed, now: datetime) -> None:
    mailed()

    with pytest.raises(errors.TokenUnknown):
        confirm_code(CODE, now, asker=ELSEWHERE)


@pytest.mark.refusal("token")
def test_the_link_burns_the_code(mailed: Mailed, now: datetime) -> None:
    confirm(mailed(), now)

    with pytest.raises(errors.TokenSpent):
        confirm_code(CODE, now)


@pytest.mark.refusal("token")
def test_the_code_burns_the_link(mailed: Mailed, now: datetime) -> None:
    secret = mailed()
    confirm_code(CODE, now)

    with pytest.raises(errors.TokenSpent):
        confirm(secret, now)


@pytest.mark.refusal("token")
def test_an_expired_code_is_refused(mailed: Mailed, now: datetime) -> None:
    mailed()

    with pytest.raises(errors.TokenExpired):
        confirm_code(CODE, now + LIFE)


def test_a_code_typed_before_its_mail_costs_no_try(now: datetime, db: None, settings: Any) -> None:
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.dummy.DummyBackend"}}
    token = tokens.request_verification("ada@example.org", page=None, browser=Browser(asker=HERE, network=""), now=now)

    with pytest.raises(errors.NotSentYet):
        confirm_code("000000", now)

    token.refresh_from_db()
    assert token.tries == 0


def test_a_code_survives_a_new_secret_key(mailed: Mailed, now: datetime, settings: Any) -> None:
    mailed()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another-key-" + "y" * 40, [settings.SECRET_KEY]

    assert confirm_code(CODE, now)


@pytest.mark.refusal("token")
def test_a_forgotten_secret_key_shuts(mailed: Mailed, now: datetime, settings: Any) -> None:
    mailed()
    settings.SECRET_KEY = "another-key-" + "y" * 40

    with pytest.raises(errors.WrongCode):
        confirm_code(CODE, now)


@pytest.mark.refusal("token")
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_thirty_guesses_at_once_are_five_tries(now: datetime, mailed: Mailed, settings: Any) -> None:
    mailed()
    settings.LIMITS_PER_NETWORK = []

    def guess(number: int) -> bool:
        try:
            confirm_code(f"{number:06d}", now)
        except errors.WrongCode:
            return True
        except errors.TokenUsedUp:
            return False
        finally:
            connection.close()
        raise AssertionError

    with ThreadPoolExecutor(10) as pool:
        looked_at = sum(pool.map(guess, range(30)))

    assert looked_at == MAX_TRIES


def test_asking_again_within_a_minute_is_the_same_request(now: datetime, db: None) -> None:
    browser = Browser(asker=HERE, network="192.0.2.7")

    first = tokens.request_verification("ada@example.org", page=None, browser=browser, now=now)
    again = tokens.request_verification("ada@example.org", page=None, browser=browser, now=now + timedelta(seconds=59))
    later = tokens.request_verification("ada@example.org", page=None, browser=browser, now=now + timedelta(seconds=60))

    assert first == again != later
    assert EmailVerificationToken.objects.count() == 2


@pytest.mark.refusal("throttle")
def test_dots_and_tags_are_one_mailbox_for_the_limit(now: datetime, db: None) -> None:
    for address in ("ada@example.org", "a.da@example.org", "ada+x@example.org"):
        ask(address, now)

    with pytest.raises(throttle.Throttled):
        ask("a.d.a+y@example.org", now)


@pytest.mark.refusal("throttle")
def test_the_whole_site_has_a_limit_that_raises_one_alert(now: datetime, db: None, settings: Any, caplog: Any) -> None:
    settings.LIMITS_FOR_ALL = [(2, 3600)]
    for number in range(2):
        ask(f"ada{number}@example.org", now, client=f"192.0.2.{number}")

    for seconds in (0, 1, 2, 3599):
        with pytest.raises(throttle.Throttled):
            ask("grace@example.org", now + timedelta(seconds=seconds), client=f"192.0.2.{seconds % 100}")

    assert [record.levelname for record in caplog.records].count("ERROR") == 1


@pytest.mark.refusal("throttle")
def test_guessing_is_limited(db: None, now: datetime) -> None:
    for _ in range(30):
        with pytest.raises(errors.TokenUnknown):
            confirm(token_secrets.new(), now)

    with pytest.raises(throttle.Throttled):
        confirm(token_secrets.new(), now)


@pytest.mark.refusal("throttle")
def test_a_fourth_mail_in_a_quarter_of_an_hour_is_refused(db: None, now: datetime) -> None:
    for number in range(3):
        ask("ada@example.org", now, client=f"192.0.2.{number}")

    with pytest.raises(throttle.Throttled):
        ask("ada@example.org", now, client="192.0.2.9")

    assert EmailVerificationToken.objects.count() == 3


@pytest.mark.refusal("throttle")
def test_an_eleventh_mail_in_a_day_is_refused(db: None, now: datetime) -> None:
    for number in range(10):
        ask("ada@example.org", now + number * timedelta(hours=1))

    with pytest.raises(throttle.Throttled):
        ask("ada@example.org", now + timedelta(hours=23))


@pytest.mark.refusal("throttle")
def test_one_network_asks_thirty_times(db: None, now: datetime) -> None:
    for number in range(30):
        ask(f"ada{number}@example.org", now)

    with pytest.raises(throttle.Throttled):
        ask("another@example.org", now)


@pytest.mark.parametrize("is_limited", [True, False])
def test_loopback_is_outside_the_network_limit_where_settings_say_so(
    db: None, now: datetime, settings: Any, is_limited: bool
) -> None:
    settings.LIMIT_LOOPBACK = is_limited
    refused = 0
    for number in range(31):
        try:
            ask(f"ada{number}@example.org", now, client="127.0.0.1")
        except throttle.Throttled:
            refused += 1

    assert refused == int(is_limited)


def test_asking_mails_one_link(db: None, now: datetime, mailoutbox: list[Any]) -> None:
    ask("ada@example.org", now)

    assert [mail.to for mail in mailoutbox] == [["ada@example.org"]]


@pytest.mark.refusal("token")
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_eight_at_once_open_one_browser(now: datetime, mailed: Mailed) -> None:
    secret = mailed()

    def press(_: int) -> bool:
        try:
            confirm(secret, now)
        except errors.TokenRefused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        opened = list(pool.map(press, range(8)))

    assert sum(opened) == 1
    assert LearnerSession.objects.count() == 1


def ask(address: str, now: datetime, *, client: str = "192.0.2.7") -> EmailVerificationToken:
    """Each time from another browser, so that it is another request."""
    browser = Browser(asker=token_secrets.new(), network=client)
    return tokens.request_verification(address, page=None, browser=browser, now=now)


REQUEST = {"page": None, "browser": Browser(asker=HERE, network="192.0.2.7")}


def request_mail(now: datetime, **fields: Any) -> EmailVerificationToken:
    return tokens.request_verification(**{"address": "ada@example.org", **REQUEST, "now": now, **fields})


@pytest.mark.parametrize(
    ("fields", "ended"),
    [
        ({"address": "zoe@example.org"}, {}),
        ({"browser": Browser(asker=ELSEWHERE, network="192.0.2.7")}, {}),
        ({"purpose": Purpose.GIFT}, {}),
        ({"same": Q(second=1)}, {}),
        ({}, {"spent_at": 0}),
        ({}, {"burnt_at": 0}),
        ({}, {"parked_at": 0}),
        ({}, {"tries": MAX_TRIES}),
    ],
)
def test_only_the_same_request_is_given_back_and_only_while_it_is_open(
    db: None, now: datetime, fields: dict[str, Any], ended: dict[str, int]
) -> None:
    first = request_mail(now)
    moments = {name: value if name == "tries" else now for name, value in ended.items()}
    EmailVerificationToken.objects.update(**moments)

    assert request_mail(now, **fields) != first
    assert EmailVerificationToken.objects.count() == 2


def test_a_request_made_again_leads_to_where_it_was_made_last(
    db: None, now: datetime, email_lesson: Page, open_lesson: Page
) -> None:
    other = request_mail(now, address="zoe@example.org", page=open_lesson, second=7)
    token = request_mail(now, page=open_lesson, second=30)

    assert (token.page_id, token.second) == (open_lesson.pk, 30)
    assert request_mail(now, page=email_lesson, second=90) == token

    places = {each.pk: (each.page_id, each.second) for each in EmailVerificationToken.objects.all()}
    assert places == {token.pk: (email_lesson.pk, 90), other.pk: (open_lesson.pk, 7)}


def test_what_is_consented_to_leads_to_the_page_it_was_asked_for(
    db: None, now: datetime, email_lesson: Page, open_lesson: Page
) -> None:
    asked = {"purpose": Purpose.NOTIFY, "page": open_lesson}
    first = request_mail(now, **asked)

    assert request_mail(now, **asked) == first
    assert request_mail(now, **{**asked, "page": email_lesson}) != first


def test_what_belongs_to_a_request_is_written_once(db: None, now: datetime) -> None:
    written: list[EmailVerificationToken] = []

    tokens_made = [request_mail(now, record=written.append) for _ in range(2)]

    assert written == tokens_made[:1]


def test_a_mailbox_that_is_full_raises_no_alert(db: None, now: datetime, caplog: Any) -> None:
    for number in range(3):
        ask("ada@example.org", now, client=f"192.0.2.{number}")

    with pytest.raises(throttle.Throttled):
        ask("ada@example.org", now, client="192.0.2.9")

    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


def test_the_alert_comes_again_after_an_hour(db: None, now: datetime, settings: Any, caplog: Any) -> None:
    settings.LIMITS_FOR_ALL = [(1, 86_400)]
    ask("ada@example.org", now)

    alerts = []
    for seconds in (0, 3599, 3600):
        with pytest.raises(throttle.Throttled):
            ask("zoe@example.org", now + timedelta(seconds=seconds))
        alerts.append([record.levelname for record in caplog.records].count("ERROR"))

    assert alerts == [1, 1, 2]


def test_verifying_again_keeps_the_first_time_and_touches_nobody_else(
    mailed: Mailed, learner_email: Email, now: datetime
) -> None:
    Email.objects.create(address="zoe@example.org", asked_at=now)
    burnt = request_mail(now)
    earlier = now - timedelta(minutes=1)
    EmailVerificationToken.objects.filter(pk=burnt.pk).update(burnt_at=earlier)

    confirm(mailed(), now + timedelta(minutes=1))

    assert list(Email.objects.order_by("pk").values_list("verified_at", flat=True)) == [now, None]
    burnt.refresh_from_db()
    assert burnt.burnt_at == earlier


def test_a_wrong_code_counts_against_its_own_mail(mailed: Mailed, learner_email: Email, now: datetime) -> None:
    mailed(Email.objects.create(address="zoe@example.org", asked_at=now))
    token = EmailVerificationToken.objects.get()
    mailed()

    with pytest.raises(errors.WrongCode):
        tokens.confirm_code(token.pk, "000000", browser=Browser(asker=HERE, network="192.0.2.7"), now=now)

    assert list(EmailVerificationToken.objects.filter(tries=1)) == [token]


def test_the_session_bears_the_name_of_the_browser(mailed: Mailed, now: datetime) -> None:
    browser = Browser(asker=HERE, network="192.0.2.7", name="Firefox, Linux")

    tokens.confirm(mailed(), typed="", browser=browser, now=now)

    assert LearnerSession.objects.get().browser == "Firefox, Linux"


@pytest.mark.parametrize(
    ("meanwhile", "refusal"),
    [
        ("spent_at", errors.TokenSpent),
        ("burnt_at", errors.TokenBurnt),
        ("tries", errors.TokenUsedUp),
        ("expires_at", errors.TokenExpired),
    ],
)
@pytest.mark.parametrize("way", ["by link", "by code", "by link elsewhere"])
def test_what_ends_between_looking_and_acting_is_refused(
    mailed: Mailed, now: datetime, meanwhile: str, refusal: type[Exception], way: str
) -> None:
    secret = mailed()
    press = {
        "by link": partial(confirm, secret, now),
        "by code": partial(confirm_code, CODE, now),
        "by link elsewhere": partial(confirm, secret, now, asker=ELSEWHERE, typed="ada@example.org"),
    }
    ended = {meanwhile: MAX_TRIES if meanwhile == "tries" else now}
    done: list[str] = []

    def another_is_quicker(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith("UPDATE") and not done:
            done.append(sql)
            EmailVerificationToken.objects.update(**ended)
        return execute(sql, *rest)

    # The link alone uses no try, so it is spent as long as it lives.
    expected = nullcontext() if (way, meanwhile) == ("by link", "tries") else pytest.raises(refusal)
    with connection.execute_wrapper(another_is_quicker), expected:
        press[way]()

    assert done


@pytest.mark.parametrize("purpose", Purpose)
def test_a_private_request_waits_on_a_page_of_its_own_only(db: None, now: datetime, purpose: Purpose) -> None:
    token, browser = request_mail(now, purpose=purpose), Browser(asker=HERE, network="192.0.2.7")

    by_default = tokens.find_request(token.pk, browser=browser)
    by_purpose = {each: tokens.find_request(token.pk, browser=browser, purpose=each) for each in Purpose}

    assert by_default == (None if purpose in {Purpose.REVIEW, Purpose.GIFT} else token)
    assert by_purpose == {each: token if each is purpose else None for each in Purpose}

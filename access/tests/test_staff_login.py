"""Nobody guesses the password of staff at leisure, and nobody shuts them out by guessing."""

import math
import re
from collections.abc import Callable, Iterator
from itertools import count, repeat
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.test import Client
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from tests import production

DOORS = ["/admin/login/", "/_util/login/"]
PASSWORD = "a password of its own"
DAY = 24 * 3600
SECURITY = Path(__file__).resolve().parents[2] / "SECURITY.md"


@pytest.fixture
def owner(db: None) -> User:
    return User.objects.create_superuser("owner", "owner@example.org", PASSWORD)


@pytest.fixture
def networks() -> Iterator[Client]:
    """Browsers without an end, each in a network of its own."""
    return (Client(REMOTE_ADDR=f"198.51.{number // 250}.{number % 250 + 1}") for number in count())


@pytest.fixture
def few(settings: Any) -> None:
    """Limits that are soon used up: three tries at a name from one place, five from everywhere."""
    settings.LOGINS_PER_NAME_AND_PLACE, settings.LOGINS_PER_NAME = [(3, 600)], [(5, DAY)]


def try_password(client: Client, password: str = "wrong", *, name: str = "owner", door: str = DOORS[0]) -> int:
    return client.post(door, {"username": name, "password": password, "next": "/admin/"}).status_code


def leave(client: Client) -> None:
    """Sign out, and keep the other cookies, as a browser does."""
    client.post("/admin/logout/")


def attack(networks: Iterator[Client], *, name: str = "owner", tries: int = 6) -> list[int]:
    return [try_password(next(networks), name=name) for _ in range(tries)]


@pytest.mark.refusal("throttle")
@pytest.mark.parametrize("door", DOORS)
def test_guessing_at_a_name_from_one_network_is_limited(client: Client, owner: User, door: str) -> None:
    assert [try_password(client, door=door) for _ in range(10)] == [200] * 10

    refused = client.post(door, {"username": "owner", "password": PASSWORD})

    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 600
    assert "Try again in 10\N{NO-BREAK SPACE}minutes" in refused.text or "try again in 10" in refused.text


@pytest.mark.refusal("throttle")
def test_the_doors_share_their_limits(client: Client, owner: User, few: None) -> None:
    assert [try_password(client, door=door) for door in [*DOORS, *DOORS, *DOORS]] == [200, 200, 200, 429, 429, 429]


@pytest.mark.refusal("throttle")
def test_one_network_cannot_try_many_names(client: Client, db: None, settings: Any) -> None:
    settings.LOGINS_PER_NETWORK = [(4, 600)]

    assert [try_password(client, name=f"name{number}") for number in range(5)] == [200] * 4 + [429]


@pytest.mark.refusal("throttle")
def test_one_network_alone_cannot_bar_a_name_elsewhere(
    client: Client, networks: Iterator[Client], owner: User, few: None
) -> None:
    assert [try_password(client) for _ in range(6)] == [200] * 3 + [429] * 3

    assert try_password(next(networks), PASSWORD) == 302


@pytest.mark.refusal("throttle")
def test_guesses_from_everywhere_come_to_an_end(networks: Iterator[Client], owner: User, few: None) -> None:
    assert attack(networks, tries=7) == [200] * 5 + [429] * 2

    assert try_password(next(networks), PASSWORD) == 429  # even the right one is not looked at


@pytest.mark.refusal("throttle")
def test_spelling_a_name_differently_gives_no_more_guesses(networks: Iterator[Client], owner: User, few: None) -> None:
    names = ["owner", "Owner", "OWNER ", "\N{FULLWIDTH LATIN SMALL LETTER O}wner", "owNer", "Owner"]

    assert [try_password(next(networks), name=name) for name in names] == [200] * 5 + [429]


@pytest.mark.parametrize("door", DOORS)
def test_the_owner_gets_in_with_a_browser_that_is_known(
    client: Client, networks: Iterator[Client], owner: User, few: None, door: str
) -> None:
    assert try_password(client, PASSWORD, door=door) == 302
    leave(client)
    attack(networks)
    attack(repeat(Client()))  # from the same network, too

    assert try_password(client, PASSWORD, door=door) == 302
    assert client.get("/admin/").status_code == 200


@pytest.mark.refusal("throttle")
def test_a_known_browser_has_a_limit_of_its_own(client: Client, owner: User, few: None) -> None:
    """Or the thief of its cookie could guess without end."""
    try_password(client, PASSWORD)
    leave(client)

    assert [try_password(client) for _ in range(4)] == [200] * 3 + [429]


def test_a_browser_known_under_one_name_is_not_under_another(
    client: Client, networks: Iterator[Client], owner: User, few: None
) -> None:
    User.objects.create_superuser("other", "other@example.org", PASSWORD)
    try_password(client, PASSWORD, name="other")
    leave(client)
    attack(networks)

    assert try_password(client, PASSWORD) == 429
    assert try_password(client, PASSWORD, name="other") == 302


FORGED: list[Callable[[str], str]] = [lambda real: real[:-1], lambda real: "", lambda real: "ü:\x7f:", str.swapcase]


@pytest.mark.parametrize("change", FORGED)
def test_a_forged_cookie_makes_no_browser_known(
    client: Client, networks: Iterator[Client], owner: User, settings: Any, few: None, change: Callable[[str], str]
) -> None:
    try_password(client, PASSWORD)
    leave(client)
    client.cookies[settings.STAFF_BROWSER_COOKIE] = change(client.cookies[settings.STAFF_BROWSER_COOKIE].value)
    attack(networks)

    assert try_password(client, PASSWORD) == 429


def test_a_new_password_makes_every_other_browser_unknown(
    client: Client, networks: Iterator[Client], owner: User, few: None
) -> None:
    here, other = next(networks), client
    for browser in (here, other):
        try_password(browser, PASSWORD)
    name = {f"name_email-{field}": owner.email for field in ("email", "first_name", "last_name")}
    look = {"theme-theme": "system", "theme-density": "default", "theme-contrast": "system"}
    new = {f"password-new_password{number}": "quite another password" for number in (1, 2)}
    here.post("/admin/account/", {**name, **look, **new, "password-old_password": PASSWORD})
    leave(here)
    leave(other)
    attack(networks)

    assert try_password(here, "quite another password") == 302
    assert try_password(other, "quite another password") == 429


def test_a_mailed_link_lets_the_owner_in_and_makes_their_browser_known(
    client: Client, networks: Iterator[Client], owner: User, few: None
) -> None:
    attack(networks)
    key = f"{urlsafe_base64_encode(force_bytes(owner.pk))}/{default_token_generator.make_token(owner)}"
    form = client.get(f"/admin/password_reset/confirm/{key}/")["Location"]

    chosen = client.post(form, {"new_password1": "quite another password", "new_password2": "quite another password"})

    assert chosen["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200
    leave(client)
    assert try_password(client, "quite another password") == 302


@pytest.mark.parametrize("door", DOORS)
def test_names_that_nobody_has_are_answered_alike(
    networks: Iterator[Client], owner: User, few: None, door: str
) -> None:
    def answers(name: str) -> list[tuple[int, str]]:
        found = [next(networks).post(door, {"username": name, "password": "wrong"}) for _ in range(6)]
        return [(each.status_code, re.sub(r"\b\w{64}\b", "", each.text).replace(name, "")) for each in found]

    assert answers("owner") == answers("nobody")


def test_the_cookie_is_for_the_server_alone_and_set_at_a_login_only(
    owner: User, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    production.apply(settings, monkeypatch)
    client = Client(headers={"host": production.HOST})
    form = {"username": "owner", "password": "wrong"}
    assert "staff_browser" not in str(client.post("/admin/login/", form, secure=True).cookies)

    cookies = client.post("/admin/login/", {**form, "password": PASSWORD}, secure=True).cookies

    cookie = cookies["__Host-staff_browser"]
    assert (cookie["httponly"], cookie["secure"], cookie["samesite"], cookie["path"]) == (True, True, "Lax", "/")
    assert cookie["max-age"] == settings.STAFF_BROWSER_SECONDS > 90 * DAY
    assert owner.password not in cookie.value
    assert "__Host-staff_browser" not in client.get("/admin/", secure=True).cookies


def guesses_a_day(limits: list[tuple[int, int]]) -> int:
    return min(allowed * math.ceil(DAY / seconds) for allowed, seconds in limits)


def test_the_bound_is_what_we_say_it_is(settings: Any) -> None:
    everywhere, here = guesses_a_day(settings.LOGINS_PER_NAME), guesses_a_day(settings.LOGINS_PER_NAME_AND_PLACE)
    said = " ".join(SECURITY.read_text().split())

    assert f"at most {everywhere} guesses a day at one name" in said
    assert f"{here} of them from one network" in said
    assert f"another {here} in each browser" in said
    assert everywhere > 3 * here  # or a network or two could use up the name for everybody else
    assert (everywhere + here) * 365 < 100_000

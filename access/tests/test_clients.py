from dataclasses import replace
from typing import Any

import pytest
from django.test import RequestFactory

from access.sessions import clients, token_secrets

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Version/17.0 Mobile Safari/604.1"
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120.0 Safari/537.36 Edg/120.0"


@pytest.mark.parametrize(
    ("user_agent", "expected"),
    [
        (FIREFOX, "Firefox, Linux"),
        (SAFARI, "Safari, iPhone"),
        (EDGE, "Edge, Windows"),
        ("curl/8", ""),
        ("", ""),
        ("<script>Firefox/", "Firefox"),
    ],
)
def test_a_browser_is_named_in_our_words(user_agent: str, expected: str) -> None:
    assert clients.name(user_agent) == expected


def request_of(settings: Any, asker: str) -> Any:
    request = RequestFactory().get("/", headers={"user-agent": FIREFOX})
    request.META["REMOTE_ADDR"] = "192.0.2.7"
    request.COOKIES[settings.ASKER_COOKIE] = asker
    return request


def test_a_browser_is_known_by_the_secret_it_was_given(settings: Any) -> None:
    asker = token_secrets.new()

    browser = clients.from_request(request_of(settings, asker))

    assert (browser.asker, browser.network, browser.name) == (asker, "192.0.2.7", "Firefox, Linux")
    assert clients.asking(request_of(settings, asker)) == browser


def test_a_browser_keeps_the_proofs_of_its_last_five_addresses() -> None:
    browser = clients.Browser(asker="", network="")
    for name in ("a", "b", "c", "b", "d", "e", "f"):
        kept = clients.proofs_with(browser, f"{name}@example.org")
        browser = replace(browser, proofs=tuple(kept.split("~")))

    assert len(browser.proofs) == 5
    assert [name for name in "abcdefg" if browser.has_proved(f"{name}@example.org")] == ["b", "c", "d", "e", "f"]


def test_no_more_proofs_are_looked_at_than_are_kept(settings: Any) -> None:
    request = request_of(settings, "")
    request.COOKIES[settings.PROOFS_COOKIE] = "~".join("abcdefg")

    assert clients.from_request(request).proofs == tuple("abcde")


def test_what_is_no_secret_is_none_and_is_replaced_when_it_asks(settings: Any) -> None:
    request = request_of(settings, "nonsense")

    assert clients.from_request(request).asker == ""
    assert token_secrets.is_secret(clients.asking(request).asker)

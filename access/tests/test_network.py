"""Where a request comes from: what stands in a header is believed exactly as far as it is configured."""

from typing import Any

import pytest
from django.test import RequestFactory

from access.sessions import network

FORGED = {"HTTP_X_FORWARDED_FOR": "1.2.3.4", "HTTP_FORWARDED": "for=1.2.3.4", "HTTP_X_REAL_IP": "1.2.3.4"}


def network_of(address: str = "192.0.2.7", **headers: str) -> str:
    request = RequestFactory().get("/")
    request.META |= {"REMOTE_ADDR": address, **headers}
    return network.client_network(request)


def test_headers_count_for_nothing_without_a_proxy() -> None:
    assert network_of(**FORGED) == "192.0.2.7"


@pytest.mark.parametrize(
    ("proxies", "header", "expected"),
    [
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "1.2.3.4, 203.0.113.9", "203.0.113.9"),
        (2, "1.2.3.4, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (2, "203.0.113.9", "192.0.2.7"),
        (1, "nonsense", ""),
    ],
)
def test_the_nth_from_the_right_is_believed(settings: Any, proxies: int, header: str, expected: str) -> None:
    settings.TRUSTED_PROXIES = proxies

    assert network_of(HTTP_X_FORWARDED_FOR=header) == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
    ],
)
def test_an_ipv6_client_is_its_network(address: str, expected: str) -> None:
    assert network_of(address) == expected


@pytest.mark.parametrize(
    ("address", "expected"), [("127.0.0.1", True), ("::1", True), ("192.0.2.7", False), ("", False)]
)
def test_loopback_is_known(address: str, expected: bool) -> None:
    assert network.is_loopback(network_of(address)) is expected

"""Requests that no browser sends, through the very server that `make run` starts."""

import socket
from contextlib import closing
from http.client import HTTPResponse
from urllib.parse import urlsplit

import pytest

from tests.running_site import RunningSite

pytestmark = pytest.mark.browser  # the running site comes with one

TOKEN = "x" * 32
FORM = ["Content-Type: application/x-www-form-urlencoded", f"Cookie: csrftoken={TOKEN}"]


def post(site: RunningSite, path: str, *headers: str, body: bytes = b"") -> int:
    """The status of the answer to these very bytes, which may well be less than the headers announce."""
    address = urlsplit(site.url)
    lines = [f"POST {path} HTTP/1.1", f"Host: {address.netloc}", f"Origin: {site.url}", *FORM, *headers, "", ""]
    with closing(socket.create_connection((address.hostname or "", address.port or 80), timeout=10)) as connection:
        connection.sendall("\r\n".join(lines).encode() + body)
        with closing(HTTPResponse(connection)) as response:
            response.begin()
            return response.status


@pytest.mark.parametrize("path", ["/admin/login/", "/access/ask/"])
def test_large_body_is_refused_before_it_comes(site: RunningSite, path: str) -> None:
    assert post(site, path, f"Content-Length: {2 * 1024**3}") == 413
    assert post(site, path, "Transfer-Encoding: chunked", body=b"5\r\nemail") == 411


def test_headers_name_no_network_where_no_proxy_is_trusted(site: RunningSite) -> None:
    """In any spelling: granian, as every WSGI server, hands dashes and underscores on as the same."""
    forged = [f"{name}: 203.0.113.1" for name in ("X-Forwarded-For", "X_Forwarded_For", "Forwarded", "X_Real_IP")]
    body = f"csrfmiddlewaretoken={TOKEN}&email={site.new_address()}".encode()

    assert post(site, "/access/ask/", *forged, f"Content-Length: {len(body)}", body=body) == 303

    with closing(site.connect()) as connection:  # what comes from this machine itself is not counted
        assert (
            connection.execute("SELECT rule FROM access_throttleslot WHERE rule LIKE 'ask/network%'").fetchall() == []
        )

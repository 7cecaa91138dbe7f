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

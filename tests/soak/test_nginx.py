"""The shipped nginx configuration, in front of the site with production's settings."""

import os
import re
import shutil
import socket
import sqlite3
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPResponse
from io import BytesIO
from pathlib import Path

import pytest
from django.utils.crypto import salted_hmac
from PIL import Image

from config.settings import base
from tests import production
from tests.running_site import ROOT, free_port
from tests.soak import production_site
from tests.soak.production_site import ProductionSite

pytestmark = pytest.mark.soak

MAIN = """
{user}
worker_processes 2;
daemon off;
pid nginx.pid;
error_log error.log;
events {{ worker_connections 768; }}
http {{
    client_body_temp_path bodies;
    proxy_temp_path answers;
    fastcgi_temp_path unused;
    uwsgi_temp_path unused;
    scgi_temp_path unused;
    include lectern.conf;
}}
"""
COOKIES = "__Host-csrftoken=" + "x" * 32
FORM = "Content-Type: application/x-www-form-urlencoded"
UPLOAD = "/admin/images/multiple/add/"
LOGIN = """
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
client = Client()
client.force_login(get_user_model().objects.get(username="admin"))
print(client.cookies[settings.SESSION_COOKIE_NAME].value)
"""


@dataclass(frozen=True, kw_only=True)
class Proxy:
    site: ProductionSite
    folder: Path
    port: int

    def connect(self) -> ssl.SSLSocket:
        context = ssl.create_default_context(cafile=str(self.site.authority))
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        return context.wrap_socket(plain, server_hostname=production.HOST)

    def send(self, start: str, *headers: str, body: bytes = b"") -> tuple[int, str]:
        """Status and text of the answer to these very bytes."""
        with self.connect() as connection:
            connection.sendall(head(start, "Connection: close", *headers) + body)
            with closing(HTTPResponse(connection)) as response:  # not until nginx hangs up: it waits for the rest
                response.begin()
                return response.status, response.read().decode()

    def kept(self) -> int:
        """How many bytes of bodies are on the disk."""
        return sum(file.stat().st_size for file in (self.folder / "bodies").rglob("*") if file.is_file())


def head(start: str, *headers: str) -> bytes:
    lines = [f"{start} HTTP/1.1", f"Host: {production.HOST}", f"Origin: https://{production.HOST}", *headers]
    return "\r\n".join([*lines, "", ""]).encode()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProductionSite]:
    if missing := [name for name in ("nginx", "openssl") if not shutil.which(name)]:
        pytest.skip(
            f"The shipped configuration is tried with {' and '.join(missing)}: install it (Debian: nginx-light)."
        )
    with production_site.start(tmp_path_factory.mktemp("production"), TRUSTED_PROXIES="1") as running:
        yield running


@pytest.fixture(scope="module")
def proxy(site: ProductionSite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    with serving(site, tmp_path_factory.mktemp("nginx")) as running:
        yield running


@contextmanager
def serving(site: ProductionSite, folder: Path, change: Callable[[str], str] = str) -> Iterator[Proxy]:
    """nginx with what docs/ says, changed where an owner is told to change it: ports, paths, certificate."""
    port, data = free_port(), Path(site.environment["DATA_DIR"])
    places = {
        "/etc/nginx/": f"{folder}/",
        "/var/log/nginx/": f"{folder}/",
        "/var/lib/lectern/": f"{data}/",
        "/etc/ssl/lectern/fullchain.pem": str(data / "site.pem"),
        "/etc/ssl/lectern/privkey.pem": str(data / "site.key"),
        "127.0.0.1:8000": f"127.0.0.1:{site.http_port}",
        "listen 80": f"listen 127.0.0.1:{free_port()}",
        "listen 443": f"listen 127.0.0.1:{port}",
    }
    for source, name in (("nginx", "lectern"), ("nginx_proxy", "lectern_proxy"), ("nginx_files", "lectern_files")):
        text = re.sub(r"^.*listen \[::\].*\n", "", (ROOT / "docs" / f"{source}.conf").read_text(), flags=re.MULTILINE)
        for place, own in places.items():
            text = text.replace(place, own)
        (folder / f"{name}.conf").write_text(change(text))
    (folder / "nginx.conf").write_text(MAIN.format(user="user root;" if os.geteuid() == 0 else ""))
    log = folder / "error.log"
    process = subprocess.Popen(["nginx", "-p", str(folder), "-e", str(log), "-c", "nginx.conf"])
    try:
        running = Proxy(site=site, folder=folder, port=port)
        wait_for(running, process)
        yield running
    finally:
        production_site.end(process)


def wait_for(proxy: Proxy, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 10
    while time.monotonic() < until and process.poll() is None:
        try:
            assert proxy.send("GET /healthz")[0] == 200
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"nginx did not start:\n{(proxy.folder / 'error.log').read_text()}")


@pytest.fixture(scope="module")
def staff(site: ProductionSite) -> str:
    """The cookies of somebody who is logged in, with the token of its forms."""
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", LOGIN]
    done = subprocess.run(command, cwd=ROOT, env=site.environment, capture_output=True, text=True, check=True)
    return f"Cookie: {COOKIES}; __Host-sessionid={done.stdout.strip()}"


@pytest.mark.parametrize("path", ["/admin/login/", UPLOAD, "/access/ask/", "/purchases/webhook/stripe/", "/"])
@pytest.mark.parametrize("length", [base.PUBLIC_BODY_BYTES + 1, base.STAFF_BODY_BYTES, 10**13])
def test_large_body_of_a_stranger_is_refused_before_it_comes(proxy: Proxy, path: str, length: int) -> None:
    cookies = f"Cookie: {COOKIES}; __Host-sessionid={'x' * 32}"

    status, _ = proxy.send(f"POST {path}", cookies, f"Content-Length: {length}")

    assert status == 413


def test_body_that_never_ends_is_cut(proxy: Proxy) -> None:
    chunk = b"8000\r\n" + b"x" * 0x8000 + b"\r\n"
    chunks = chunk * (base.PUBLIC_BODY_BYTES // 0x8000 + 1)

    status, _ = proxy.send("POST /admin/login/", f"Cookie: {COOKIES}", "Transfer-Encoding: chunked", body=chunks)

    assert status == 413
    assert proxy.kept() == 0


def test_body_in_chunks_that_ends_arrives_with_its_length(proxy: Proxy) -> None:
    form = ["Transfer-Encoding: chunked", FORM]
    body = b"email=nonsense&csrfmiddlewaretoken=" + b"x" * 32

    status, _ = proxy.send(
        "POST /access/ask/", f"Cookie: {COOKIES}", *form, body=b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    )

    assert status == 422


def test_staff_upload(proxy: Proxy, staff: str) -> None:
    picture = BytesIO()
    Image.frombytes("RGB", (800, 800), os.urandom(800 * 800 * 3)).save(picture, "PNG")
    part = b'--b\r\nContent-Disposition: form-data; name="files[]"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
    body = part + picture.getvalue() + b"\r\n--b--\r\n"
    form = [
        "Content-Type: multipart/form-data; boundary=b",
        "X-Requested-With: XMLHttpRequest",
        f"X-CSRFToken: {'x' * 32}",
    ]

    status, answer = proxy.send(f"POST {UPLOAD}", staff, *form, f"Content-Length: {len(body)}", body=body)

    assert len(body) > base.PUBLIC_BODY_BYTES
    assert (status, '"success": true' in answer) == (200, True), answer


def test_half_sent_bodies_do_not_slow_a_page(proxy: Proxy) -> None:
    def seconds() -> float:
        started = time.monotonic()
        assert proxy.send("GET /courses/email-course/locked/")[0] == 200
        return time.monotonic() - started

    half = head("POST /access/ask/", f"Cookie: {COOKIES}", FORM, "Content-Length: 1000") + b"email="
    alone = sorted(seconds() for _ in range(10))[5]
    with ExitStack() as stack:
        for _ in range(300):
            connection = stack.enter_context(closing(proxy.connect()))
            connection.sendall(half)
        crowded = sorted(seconds() for _ in range(10))[5]

    assert crowded < 2 * alone + 0.1


def networks_counted(site: ProductionSite) -> set[str]:
    """Of the networks these tests pretend to come from, those that a limit was counted against."""
    secret = site.environment["SECRET_KEY"]
    digests = {
        salted_hmac("access.limits.throttle", network, secret=secret, algorithm="sha256").hexdigest(): network
        for network in ("127.0.0.1", "203.0.113.1", "203.0.113.2", "203.0.113.3")
    }
    with closing(sqlite3.connect(Path(site.environment["DATA_DIR"]) / "db.sqlite3", timeout=10)) as connection:
        rows = connection.execute("SELECT DISTINCT key FROM access_throttleslot").fetchall()
    return {digests[key] for (key,) in rows if key in digests}


def ask(proxy: Proxy, *headers: str) -> None:
    body = f"email=ada{time.monotonic_ns()}@example.org&csrfmiddlewaretoken={'x' * 32}".encode()
    form = [FORM, f"Content-Length: {len(body)}"]
    assert proxy.send("POST /access/ask/", f"Cookie: {COOKIES}", *form, *headers, body=body)[0] == 303


def test_headers_of_the_visitor_name_neither_network_nor_scheme(
    proxy: Proxy, site: ProductionSite, tmp_path: Path
) -> None:
    forged = ("X_Forwarded_For: 203.0.113.1", "X-Forwarded_For: 203.0.113.2", "X-Forwarded-For: 203.0.113.3")
    plain = ("X_Forwarded_Proto: http", "X-Forwarded-Proto: http", "X_Forwarded-Proto: http")

    ask(proxy, *forged)

    assert networks_counted(site) == {"127.0.0.1"}
    assert proxy.send("GET /robots.txt", *plain)[0] == 200

    with serving(site, tmp_path, lambda text: text.replace("headers off", "headers on")) as credulous:
        ask(credulous, *forged)

        assert networks_counted(site) > {"127.0.0.1"}
        assert credulous.send("GET /robots.txt", *plain)[0] == 301

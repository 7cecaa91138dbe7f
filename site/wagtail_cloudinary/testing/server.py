"""A server on this machine that speaks as much of Cloudinary's protocol as the SDK and a browser use.

    python -m wagtail_cloudinary.testing.server --port 8900 --folder var/cloudinary

and CLOUDINARY_URL=cloudinary://key:secret@demo?upload_prefix=http://127.0.0.1:8900&cname=127.0.0.1:8900. In tests:

    with server.running() as cloudinary:
        settings.CLOUDINARY_URL = cloudinary.url

It listens on loopback alone, keeps files in memory or in a folder, checks every signature, resizes pictures with
Pillow, and fails when told to: `cloudinary.fault = "slow"`, for some paths `cloudinary.fault_in = "/video/"`.
"""

import argparse
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, RLock, Thread
from typing import Any, Literal
from urllib.parse import parse_qsl, unquote, urlsplit

from wagtail_cloudinary.testing import protocol
from wagtail_cloudinary.testing.answers import Answer, Refusal
from wagtail_cloudinary.testing.shelf import Shelf

LOOPBACK = "127.0.0.1"
SLOW_SECONDS = 30.0
MEGABYTE = 1024 * 1024

FAULTS = {
    "refuse": Refusal(403, "This account is disabled").answer,
    "nonsense": Answer(200, b"<html>Well, hello.</html>", "text/html"),
    "500": Refusal(500, "General Error").answer,
}

type Fault = Literal["", "down", "slow", "refuse", "nonsense", "500"]


@dataclass
class Cloudinary:
    """One account on one port. `requests` holds method and path of all that was asked, oldest first."""

    cloud_name: str = "demo"
    api_key: str = "123456789012345"
    api_secret: str = field(default="secret-of-the-test-server", repr=False)
    auth_token_key: str = field(default="00aa11bb22cc33dd", repr=False)
    folder: Path | None = None
    fault: Fault = ""
    fault_in: str = ""  # where it shows: in requests whose path holds this
    slow_seconds: float = SLOW_SECONDS
    port: int = 0
    requests: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.shelf = Shelf(self.folder)
        self.parts: dict[str, bytes] = {}
        self.lock = RLock()
        self.ended = Event()

    @property
    def origin(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def url(self) -> str:
        """The CLOUDINARY_URL of this account."""
        place = f"{LOOPBACK}:{self.port}"
        return (
            f"cloudinary://{self.api_key}:{self.api_secret}@{self.cloud_name}?upload_prefix={self.origin}&cname={place}"
        )

    @property
    def url_with_tokens(self) -> str:
        """The same of an account that has token delivery."""
        return f"{self.url}&auth_token[key]={self.auth_token_key}"

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        parts = urlsplit(target)
        path, query = unquote(parts.path), dict(parse_qsl(parts.query))
        with self.lock:
            self.requests.append((method, parts.path))
            if path.startswith("/v1_1/"):
                return protocol.call_api(self, method, path, query, headers, body)
            return protocol.deliver(self, path, parts.query, headers)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Else each answer waits 40 ms for the acknowledgement of its own headers.
    wbufsize = -1
    disable_nagle_algorithm = True
    server: "_Server"

    def do_GET(self) -> None:
        self._respond()

    def do_HEAD(self) -> None:
        self._respond()

    def do_POST(self) -> None:
        self._respond()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Keep quiet: the paths hold signatures."""

    def _respond(self) -> None:
        account = self.server.account
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fault = account.fault if account.fault_in in self.path else ""
        match fault:
            case "down":
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            case "slow":
                account.ended.wait(account.slow_seconds)
        self._send(FAULTS.get(fault) or self._answer(body))

    def _answer(self, body: bytes) -> Answer:
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            return self.server.account.answer(self.command, self.path, headers, body)
        except Refusal as refusal:
            return refusal.answer

    def _send(self, answer: Answer) -> None:
        try:
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answer.body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # whoever asked did not wait


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, account: Cloudinary) -> None:
        self.account = account
        super().__init__((LOOPBACK, account.port), _Handler)
        account.port = self.server_port

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def running(**account: Any) -> Iterator[Cloudinary]:
    """A server of its own on a free port, until the block ends; takes what `Cloudinary` takes."""
    cloudinary = Cloudinary(**account)
    server = _Server(cloudinary)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield cloudinary
    finally:
        cloudinary.ended.set()
        server.shutdown()
        server.server_close()
        thread.join()


def main() -> None:
    parser = argparse.ArgumentParser(description="Speak Cloudinary's protocol on this machine.")
    parser.add_argument("--port", type=int, default=8900)
    parser.add_argument("--folder", type=Path, help="keep files here; without it they are forgotten at the end")
    arguments = parser.parse_args()
    account = Cloudinary(port=arguments.port, folder=arguments.folder)
    server = _Server(account)
    sys.stdout.write(f"CLOUDINARY_URL={account.url}\n")
    sys.stdout.flush()
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


if __name__ == "__main__":
    main()

"""The HTTP half of a stand-in: a server on loopback that reads a request, lets its account answer, and sends that.

An account can be made to fail. Every stand-in knows the faults "down" (it hangs up) and "slow"; the rest are answers
of the provider's own shape, by name.
"""

import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Protocol

LOOPBACK = "127.0.0.1"
IDLE_SECONDS = 60.0


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)


class Refused(Exception):
    """A request that gets `answer`, an error of the provider's shape."""

    def __init__(self, message: str, answer: Answer) -> None:
        super().__init__(message)
        self.answer = answer


class Account(Protocol):
    """Whose protocol is spoken. `faults` are answers by name, `most_bytes` is how large a body may be."""

    port: int

    @property
    def faults(self) -> Mapping[str, Answer]: ...

    @property
    def most_bytes(self) -> int: ...

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer: ...

    def refusal(self, status: int, message: str) -> Refused: ...

    def fault_at(self, path: str) -> str:
        """The fault that this request shows, "" for none."""

    def be_slow(self) -> None:
        """Wait as long as the fault "slow" lasts, or until the account ends."""

    @property
    def is_over(self) -> bool: ...


class Server(ThreadingHTTPServer):
    """An account on its port; on a free one where it names none."""

    daemon_threads = True

    def __init__(self, account: Account) -> None:
        self.account = account
        super().__init__((LOOPBACK, account.port), _Handler)
        account.port = self.server_port

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


@contextmanager
def serving(account: Account) -> Iterator[Server]:
    """The server answers until the block ends."""
    server = Server(account)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    # Else each answer waits 40 ms for the acknowledgement of its own headers.
    wbufsize = -1
    disable_nagle_algorithm = True
    server: Server

    def do_GET(self) -> None:
        self._respond()

    def do_HEAD(self) -> None:
        self._respond()

    def do_POST(self) -> None:
        self._respond()

    def do_DELETE(self) -> None:
        self._respond()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Keep quiet: addresses hold signatures and the names of sessions."""

    def _respond(self) -> None:
        account = self.server.account
        try:
            body = self._body(account)
        except Refused as refusal:
            self.close_connection = True
            self._send(refusal.answer)
            return
        fault = account.fault_at(self.path)
        if fault == "slow":
            account.be_slow()
        if fault == "down" or account.is_over:
            self._hang_up()
            return
        answer = account.faults.get(fault) or self._answer(account, body)
        if fault == "lost":
            self._hang_up()
            return
        self._send(answer)

    def _body(self, account: Account) -> bytes:
        length = self.headers.get("Content-Length") or "0"
        if self.headers.get("Transfer-Encoding"):
            raise account.refusal(411, "The length of the body has to be given.")
        if not (length.isascii() and length.isdecimal()):
            raise account.refusal(400, "The length of the body cannot be read.")
        if len(length) > 12 or int(length) > account.most_bytes:
            raise account.refusal(413, "The body is too large.")
        return self.rfile.read(int(length))

    def _answer(self, account: Account, body: bytes) -> Answer:
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            return account.answer(self.command, self.path, headers, body)
        except Refused as refusal:
            return refusal.answer

    def _hang_up(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

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
            self.close_connection = True  # the client did not wait

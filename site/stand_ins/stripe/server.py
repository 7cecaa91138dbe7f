"""A server on this machine that speaks as much of Stripe's protocol as the site uses.

    PYTHONPATH=site python -m stand_ins.stripe.server --port 8901 --webhook-secret whsec_local \
        --webhook http://127.0.0.1:8000/purchases/webhook/stripe/ --store var/stripe.json

prints the settings that lead to it; /_control is where a person plays the bank. In tests:

    with server.running(webhooks="hold") as stripe:
        settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = stripe.secret_key, stripe.origin

It listens on loopback alone, takes no money, keeps records in memory or in a file, checks the key, signs webhooks, and
fails when told to: `stripe.fault = "slow"`.
"""

import argparse
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import SplitResult, urlsplit

from stand_ins.stripe import api, webhooks
from stand_ins.stripe.account import LOOPBACK, Stripe
from stand_ins.stripe.answers import Answer, Refusal, see_other
from stand_ins.stripe.web import control, layout, pages

__all__ = ["Stripe", "main", "running"]

LARGEST_BODY = 1024 * 1024
IDLE_SECONDS = 60.0

FAULTS = {
    "500": Refusal(500, "Something went wrong here.", kind="api_error").answer,
    "429": Refusal(429, "Too many calls in a short time.", code="rate_limit").answer,
    "nonsense": Answer(200, b"<html>Well, hello.</html>", "text/html"),
    "invalid": Answer(200, b'{"id": "cs_test_', "application/json"),
}


def answer(account: Stripe, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
    parts = _split(target)
    with account.changes():
        account.requests.append((method, parts.path))
        try:
            _check_host(headers)
            if parts.path.startswith("/v1/"):
                return api.call(account, method, parts.path, parts.query, headers, body)
            if method == "POST":
                _check_origin(headers)
            if parts.path == control.PATH:
                return control.answer(account, method, body)
            if parts.path == "/":
                return see_other(control.PATH)
            return pages.answer(account, method, parts.path, body)
        except Refusal as refusal:
            return layout.sentence("Refused", refusal.message, status=refusal.status)


def _check_host(headers: dict[str, str]) -> None:
    """A foreign name that leads here would let a foreign page read along."""
    if _split(f"//{headers.get('host', '')}").hostname not in webhooks.LOOPBACK_NAMES:
        raise Refusal(421, "This server answers to the names of this machine alone.")


def _split(address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError as error:
        raise Refusal(400, "The address cannot be read.") from error


def _check_origin(headers: dict[str, str]) -> None:
    if headers.get("origin") not in {None, f"http://{headers.get('host', '')}"}:
        raise Refusal(403, "Only a page of this server may send this.")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
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

    def do_DELETE(self) -> None:
        self._respond()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Keep quiet: the addresses of sessions are secrets."""

    def _respond(self) -> None:
        account = self.server.account
        try:
            body = self._body()
        except Refusal as refusal:
            self.close_connection = True
            self._send(refusal.answer)
            return
        fault = account.fault if self.path.startswith("/v1/") else ""
        if fault == "slow":
            account.told.wait(account.slow_seconds)
        if fault == "down" or account.ended.is_set():
            self._hang_up()
            return
        told = FAULTS.get(fault) or self._answer(body)
        if fault == "lost":
            self._hang_up()
            return
        self._send(told)

    def _body(self) -> bytes:
        length = self.headers.get("Content-Length") or "0"
        if self.headers.get("Transfer-Encoding"):
            raise Refusal(411, "The length of the body has to be given.")
        if not (length.isascii() and length.isdecimal()):
            raise Refusal(400, "The length of the body cannot be read.")
        if len(length) > 9 or int(length) > LARGEST_BODY:
            raise Refusal(413, "The body is too large.")
        return self.rfile.read(int(length))

    def _answer(self, body: bytes) -> Answer:
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            return answer(self.server.account, self.command, self.path, headers, body)
        except Refusal as refusal:
            return refusal.answer

    def _hang_up(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def _send(self, told: Answer) -> None:
        try:
            self.send_response(told.status)
            for name, value in told.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Type", told.content_type)
            self.send_header("Content-Length", str(len(told.body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(told.body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # whoever asked did not wait


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, account: Stripe) -> None:
        self.account = account
        super().__init__((LOOPBACK, account.port), _Handler)
        account.port = self.server_port
        account.resume()

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


@contextmanager
def running(**account: Any) -> Iterator[Stripe]:
    """A server of its own on a free port, until the block ends; takes what `Stripe` takes."""
    stripe = Stripe(**account)
    server = _Server(stripe)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield stripe
    finally:
        stripe.end()
        server.shutdown()
        server.server_close()
        thread.join()


def main() -> None:
    parser = argparse.ArgumentParser(description="Speak Stripe's protocol on this machine.")
    parser.add_argument("--port", type=int, default=8901)
    parser.add_argument("--webhook", default="", help="where events go; without it they wait")
    parser.add_argument("--webhook-secret", action="append", help="what signs them; more than one may be given")
    parser.add_argument("--store", type=Path, help="keep records here; without it they are forgotten at the end")
    given = parser.parse_args()
    account = Stripe(port=given.port, webhook_url=given.webhook, store=given.store)
    account.webhook_secrets = tuple(given.webhook_secret or account.webhook_secrets)
    server = _Server(account)
    try:
        sys.stdout.write(
            f"STRIPE_SECRET_KEY={account.secret_key}\n"
            f"STRIPE_WEBHOOK_SECRET={','.join(account.webhook_secrets)}\n"
            f"STRIPE_API_BASE={account.origin}\n"
        )
        sys.stdout.flush()
        server.serve_forever()
    except KeyboardInterrupt:
        account.end()
        server.server_close()


if __name__ == "__main__":
    main()

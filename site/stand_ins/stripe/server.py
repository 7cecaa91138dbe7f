"""A server on this machine that speaks as much of Stripe's protocol as the site uses.

    PYTHONPATH=site python -m stand_ins.stripe.server --port 8901 --webhook-secret whsec_local \
        --webhook http://127.0.0.1:8000/purchases/webhook/stripe/ --store var/stripe.json

prints the settings that lead to it; /_control is where a person plays the bank. In tests:

    with server.running(webhooks="hold") as stripe:
        settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = stripe.secret_key, stripe.origin

It listens on loopback alone, takes no money, keeps records in memory or in a file, checks the key, signs webhooks, and
fails on request: `stripe.fault = "slow"`.
"""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from stand_ins import http
from stand_ins.http import Answer
from stand_ins.stripe import api, webhooks
from stand_ins.stripe.account import Stripe
from stand_ins.stripe.answers import Refusal, see_other
from stand_ins.stripe.web import control, layout, pages

__all__ = ["Stripe", "main", "running"]

LARGEST_BODY = 1024 * 1024

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


class _Service:
    """What `stand_ins.http` asks of an account."""

    faults = FAULTS
    most_bytes = LARGEST_BODY

    def __init__(self, account: Stripe) -> None:
        self.account = account

    @property
    def port(self) -> int:
        return self.account.port

    @port.setter
    def port(self, port: int) -> None:
        self.account.port = port
        self.account.resume()

    @property
    def is_over(self) -> bool:
        return self.account.ended.is_set()

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        return answer(self.account, method, target, headers, body)

    def refusal(self, status: int, message: str) -> Refusal:
        return Refusal(status, message)

    def fault_at(self, path: str) -> str:
        return self.account.fault if path.startswith("/v1/") else ""

    def be_slow(self) -> None:
        self.account.told.wait(self.account.slow_seconds)


@contextmanager
def running(**account: Any) -> Iterator[Stripe]:
    """A server of its own on a free port, until the block ends; takes what `Stripe` takes."""
    stripe = Stripe(**account)
    with http.serving(_Service(stripe)):
        try:
            yield stripe
        finally:
            stripe.end()


def main() -> None:
    parser = argparse.ArgumentParser(description="Speak Stripe's protocol on this machine.")
    parser.add_argument("--port", type=int, default=8901)
    parser.add_argument("--webhook", default="", help="where events go; without it they wait")
    parser.add_argument("--webhook-secret", action="append", help="what signs them; more than one may be given")
    parser.add_argument("--store", type=Path, help="keep records here; without it they are forgotten at the end")
    given = parser.parse_args()
    account = Stripe(port=given.port, webhook_url=given.webhook, store=given.store)
    account.webhook_secrets = tuple(given.webhook_secret or account.webhook_secrets)
    server = http.Server(_Service(account))
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

"""Events on their way to the shop: signed, in the order they came about, tried again until the shop takes them."""

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Sequence
from http.client import HTTPConnection, HTTPException
from queue import Queue
from threading import Condition, Event, Thread
from urllib.parse import urlsplit

from stand_ins.stripe.answers import Record

LOOPBACK_NAMES = {"127.0.0.1", "localhost", "::1"}
NOBODY = 0  # the status of a message that nobody took
SECONDS = 10.0


def payload(event: Record) -> bytes:
    return json.dumps(event, indent=2).encode()


def signature(body: bytes, *, secrets: Sequence[str], at: float | None = None) -> str:
    """The Stripe-Signature header: a moment, and one digest for each secret that the endpoint has just now."""
    moment = int(time.time() if at is None else at)
    signed = b"%d.%b" % (moment, body)
    digests = [hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest() for secret in secrets]
    return ",".join([f"t={moment}", *(f"v1={digest}" for digest in digests)])


def check_address(address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme != "http" or parts.hostname not in LOOPBACK_NAMES:
        raise ValueError(f"Webhooks go to this machine alone, not to {address}")


def post(address: str, body: bytes, *, header: str) -> int:
    """The status of the shop's answer. A redirect is an answer: Stripe follows none."""
    parts = urlsplit(address)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=SECONDS)
    try:
        target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        headers = {"Content-Type": "application/json; charset=utf-8", "Stripe-Signature": header}
        connection.request("POST", target, body, headers)
        response = connection.getresponse()
        response.read()
    except (OSError, HTTPException):
        return NOBODY
    else:
        return response.status
    finally:
        connection.close()


class Courier:
    """One thread that takes events out one after the other, each with a few tries and growing waits between them.

    It starts with the first event and stops when `ended` is set.
    """

    def __init__(self, send: Callable[[Record], int], *, waits: Sequence[float], ended: Event) -> None:
        self.send, self.waits, self.ended = send, waits, ended
        self.queue: Queue[Record | None] = Queue()
        self.thread: Thread | None = None
        self.idle = Condition()
        self.open = 0

    def take(self, event: Record) -> None:
        with self.idle:
            self.open += 1
        self.queue.put(event)
        if self.thread is None:
            self.thread = Thread(target=self._run, name="webhooks", daemon=True)
            self.thread.start()

    def wait(self, *, seconds: float) -> bool:
        """Whether everything was taken out, or given up, in this time."""
        with self.idle:
            return self.idle.wait_for(lambda: not self.open, seconds)

    def stop(self) -> None:
        self.queue.put(None)
        if self.thread:
            self.thread.join(SECONDS + 1)

    def _run(self) -> None:
        while (event := self.queue.get()) is not None and not self.ended.is_set():
            self._take_out(event)
            with self.idle:
                self.open -= 1
                self.idle.notify_all()

    def _take_out(self, event: Record) -> None:
        for wait in (*self.waits, None):
            if 200 <= self.send(event) < 300:
                return
            if wait is None or self.ended.wait(wait):
                return

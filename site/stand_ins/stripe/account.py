"""One account: its keys, what it holds, and in Python whatever a buyer, a bank or Stripe itself could do with it."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, RLock
from typing import Any, Literal

from stand_ins.http import LOOPBACK
from stand_ins.stripe import payments, records, refunds, sessions, webhooks
from stand_ins.stripe.answers import Record
from stand_ins.stripe.shelf import Shelf

SLOW_SECONDS = 30.0
NOBODY: dict[str, str | None] = {
    "id": None,
    "idempotency_key": None,
}  # what the request of an event says where no call was its cause

type Fault = Literal["", "down", "slow", "lost", "500", "429", "nonsense", "invalid"]
type Mode = Literal["deliver", "hold"]


@dataclass
class Stripe:
    """One account on one port.

    `requests` holds method and path of all that was asked, `sent` the id of each event that was taken out and the
    status it got (0 where nobody answered), `held` the events that wait for `release` or `deliver`: with `webhooks`
    "hold", and as long as there is no `webhook_url`. `fault` says how API calls fail; "lost" does the work and loses
    the answer. Time is what `clock` says.
    """

    secret_key: str = field(default="sk_test_local_0123456789abcdef", repr=False)
    webhook_secrets: tuple[str, ...] = field(default=("whsec_local_0123456789abcdef",), repr=False)
    webhook_url: str = ""
    webhooks: Mode = "deliver"
    webhook_waits: Sequence[float] = (0.1, 0.3, 1, 3)
    store: Path | None = None
    fault: Fault = ""
    slow_seconds: float = SLOW_SECONDS
    tax_percent: int = 0
    clock: Callable[[], float] = time.time
    port: int = 0
    requests: list[tuple[str, str]] = field(default_factory=list)
    sent: list[tuple[str, int]] = field(default_factory=list)
    held: list[Record] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.shelf = Shelf(self.store)
        self.lock = RLock()
        self.ended = Event()
        self.told = Event()
        self.request = NOBODY
        self.depth = 0
        self.fresh: list[Record] = []
        self.courier = webhooks.Courier(self._send, waits=self.webhook_waits, ended=self.ended)
        if self.webhook_url:
            webhooks.check_address(self.webhook_url)

    @property
    def origin(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def events(self) -> list[Record]:
        """All events, oldest first."""
        with self.lock:
            return self.shelf.all("event")

    def now(self) -> int:
        return int(self.clock())

    @contextmanager
    def changes(self) -> Iterator[None]:
        """One change at a time; it is in the store before anybody hears of it."""
        with self.lock:
            self.depth += 1
            try:
                yield
            finally:
                self.depth -= 1
                if not self.depth:
                    self._publish()

    # What a buyer, a bank and Stripe do.

    def session(self, session_id: str) -> Record:
        with self.changes():
            return sessions.get(self, session_id)

    def expire(self, session_id: str) -> Record:
        with self.changes():
            return sessions.expire(self, session_id)

    def pay(
        self,
        session_id: str,
        *,
        how: payments.How = "card",
        code: str = "",
        email: str = "buyer@example.org",
        name: str = "Ada Buyer",
    ) -> Record:
        """The session after the click on its page; `email` counts where the shop gave none."""
        with self.changes():
            if code:
                sessions.apply_code(self, session_id, code)
            return payments.pay(self, session_id, how=how, email=email, name=name)

    def reduce(self, session_id: str, code: str) -> Record:
        """The session with a discount that the shop may not have offered."""
        with self.changes():
            return sessions.apply_code(self, session_id, code, is_forced=True)

    def settle(self, session_id: str, *, ok: bool = True) -> Record:
        with self.changes():
            return payments.settle(self, session_id, ok=ok)

    def refund(
        self, payment_intent: str, *, amount: int | None = None, metadata: dict[str, str] | None = None
    ) -> Record:
        with self.changes():
            charge = payments.charge_of(self, payment_intent)
            return refunds.refund(self, charge, amount=amount, metadata=metadata)

    def fail_refund(self, refund_id: str) -> Record:
        with self.changes():
            return refunds.fail(self, refund_id)

    def dispute(self, payment_intent: str) -> Record:
        with self.changes():
            return refunds.dispute(self, payment_intent)

    def close_dispute(self, payment_intent: str, verdict: refunds.Verdict) -> Record:
        with self.changes():
            return refunds.close(self, payment_intent, verdict)

    def get(self, name: str, identifier: str) -> Record | None:
        """A record by the name of its object: `get("charge", "ch_…")`."""
        with self.lock:
            return self.shelf.get(name, identifier)

    def all(self, name: str) -> list[Record]:
        """All records of one object, oldest first: `all("refund")`."""
        with self.lock:
            return self.shelf.all(name)

    # Webhooks.

    def sign(self, body: bytes, *, at: float | None = None, secrets: Sequence[str] | None = None) -> str:
        """The Stripe-Signature header for this body: of another moment or by other secrets, if they are given."""
        moment = self.clock() if at is None else at
        return webhooks.signature(body, secrets=self.webhook_secrets if secrets is None else secrets, at=moment)

    def payload(self, event: Record) -> bytes:
        return webhooks.payload(event)

    def event(self, kind: str, shown: Record, *, before: dict[str, Any] | None = None) -> Record:
        """An event as it would be, of which the account itself knows nothing."""
        return records.event(self, kind, shown, before=before)

    def emit(self, kind: str, shown: Record, *, before: dict[str, Any] | None = None) -> Record:
        """An event that came about: kept, and on its way to the shop or held."""
        made = records.event(self, kind, shown, before=before)
        with self.changes():
            self.shelf.put("event", made)
            self.fresh.append(deepcopy(made))
        return made

    def deliver(self, event: Record) -> int:
        """The status the shop answers, 0 for none. Once, now, and again as often as this is called."""
        if not self.webhook_url:
            raise ValueError("No webhook_url is set.")
        with self.lock:
            self.held = [held for held in self.held if held["id"] != event["id"]]
        return self._send(event)

    def release(self) -> list[int]:
        """The statuses the shop answers to all that is held, oldest first."""
        with self.lock:
            waiting = list(self.held)
        return [self.deliver(event) for event in waiting]

    def wait(self, *, seconds: float = 5) -> bool:
        """Whether all events reached the shop, or were given up, in this time."""
        return self.courier.wait(seconds=seconds)

    def resume(self) -> None:
        """Take up what an earlier run did not bring to the shop."""
        with self.lock:
            for event in self.shelf.all("event"):
                if event["pending_webhooks"]:
                    self._hand_over(event)

    # Being slow, and the end.

    def go_on(self) -> None:
        """Let those calls on that the fault "slow" holds."""
        waiting, self.told = self.told, Event()
        waiting.set()

    def end(self) -> None:
        self.ended.set()
        self.go_on()
        self.courier.stop()

    def _publish(self) -> None:
        fresh, self.fresh = self.fresh, []
        self.shelf.save()
        for event in fresh:
            self._hand_over(event)

    def _hand_over(self, event: Record) -> None:
        if self.webhooks == "hold" or not self.webhook_url:
            self.held.append(event)
        else:
            webhooks.check_address(self.webhook_url)
            self.courier.take(event)

    def _send(self, event: Record) -> int:
        webhooks.check_address(self.webhook_url)
        body = webhooks.payload(event)
        status = webhooks.post(self.webhook_url, body, header=self.sign(body))
        with self.changes():
            self.sent.append((event["id"], status))
            if 200 <= status < 300 and self.shelf.get("event", event["id"]):
                self.shelf.put("event", {**event, "pending_webhooks": 0})
        return status

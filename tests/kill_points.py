"""Does one thing with money again and again, and is killed at another of its steps each time, until it gets through.

    python -m tests.kill_points checkout|webhook|return|refund|eight

A step is each commit and each request to the payment provider: once just before it, and once just after; with SOAK=1
each statement to the database as well. After every death the same is done again, as a buyer's second click or the
provider's second try does it, and the books are compared; then the course must be open, paid once, by one payment. Says
how many steps there were.
`eight` kills nobody: eight processes take the same message at the same moment.
"""

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any
from unittest import mock

import django
from django.conf import settings

django.setup()

import requests  # noqa: E402
from django.db import connection, connections  # noqa: E402
from django.db.backends.base.base import BaseDatabaseWrapper  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402
from stripe import WebhookSignature  # noqa: E402

from access.models import Email, Grant  # noqa: E402
from access.sessions.learner_sessions import Learner  # noqa: E402
from courses.models import CoursePage  # noqa: E402
from purchases import reconcile  # noqa: E402
from purchases.checkout import checkouts  # noqa: E402
from purchases.models import CheckoutIntent, Payment, PaymentEvent, PurchaseMail, Refund  # noqa: E402
from purchases.orders import refunds  # noqa: E402

WEBHOOK = "/purchases/webhook/stripe/"


class Buyer:
    """A buyer of a course, at a payment server that delivers nothing by itself."""

    def __init__(self, number: int) -> None:
        now = timezone.now()
        address = f"buyer{number}-{os.getpid()}@example.org"
        self.course = CoursePage.objects.get(slug="paid-course")
        self.email = Email.objects.create(address=address, asked_at=now, verified_at=now)
        self.learner = Learner(session_id=0, email_id=0, email=address, grants=frozenset(), token_id=None)

    def press(self) -> None:
        checkouts.pay(checkouts.begin(self.learner, self.course, page_id=None, now=timezone.now()))

    def come_back(self) -> None:
        intent = self.intent
        CheckoutIntent.objects.filter(pk=intent.pk).update(asked_at=None)
        checkouts.look(intent, now=timezone.now())

    def refund(self) -> None:
        payment = Payment.objects.get(email=self.email)
        open_row = Refund.objects.filter(payment=payment).first()
        row = open_row or refunds.ask(
            payment, amount=payment.amount, reason="x", keeps_access=False, by=None, now=timezone.now()
        )
        if row.reference is None:
            refunds.carry_out(row, now=timezone.now())

    @property
    def intent(self) -> CheckoutIntent:
        return CheckoutIntent.objects.get(email=self.email)

    def pay(self) -> None:
        """What the buyer does on the provider's page."""
        requests.post(self.intent.session_url, {"action": "card"}, allow_redirects=False, timeout=5).raise_for_status()

    def message(self) -> dict[str, Any]:
        """The provider's own list has the message that it would send."""
        answer = provider("events", limit=100)
        return next(each for each in answer["data"] if str(self.intent.pk) in str(each) and "completed" in each["type"])

    def take_message(self, message: dict[str, Any] | None = None) -> None:
        body = json.dumps(message or self.message())
        signature = WebhookSignature.generate_signature_header(body, settings.STRIPE_WEBHOOK_SECRETS[0])
        client = Client(HTTP_HOST="localhost")
        answer = client.post(WEBHOOK, body, "application/json", headers={"stripe-signature": signature})
        assert answer.status_code == 200, answer.content


def provider(what: str, **fields: Any) -> Any:
    key = settings.STRIPE_SECRET_KEY
    answer = requests.get(f"{settings.STRIPE_API_BASE}/v1/{what}", fields, auth=(key, ""), timeout=5)
    answer.raise_for_status()
    return answer.json()


def nothing(buyer: Buyer) -> None: ...


def pressed_and_paid(buyer: Buyer) -> None:
    buyer.press()
    buyer.pay()


def bought(buyer: Buyer) -> None:
    pressed_and_paid(buyer)
    buyer.take_message()


def check_checkout(buyer: Buyer) -> None:
    """One checkout here, and one there that anybody was led to, at the right price."""
    if not Payment.objects.filter(email=buyer.email).exists():
        buyer.pay()
        buyer.take_message()
    check_bought(buyer)


def check_bought(buyer: Buyer) -> None:
    payment = Payment.objects.get(email=buyer.email)
    assert (payment.state, payment.amount, payment.is_duplicate) == ("paid", buyer.course.price, False)
    assert Grant.objects.filter(email=buyer.email, revoked_at=None).count() == 1
    assert Grant.objects.filter(email=buyer.email).count() == 1
    assert PurchaseMail.objects.filter(payment=payment, kind="paid").count() == 1
    assert provider(f"payment_intents/{payment.reference}")["status"] == "succeeded"
    assert provider(f"checkout/sessions/{buyer.intent.session}")["payment_intent"] == payment.reference


def check_refunded(buyer: Buyer) -> None:
    payment = Payment.objects.get(email=buyer.email)
    given = provider("refunds", payment_intent=payment.reference)["data"]
    assert [each["amount"] for each in given] == [payment.amount]
    assert payment.state == "refunded"
    assert not Grant.objects.filter(email=buyer.email, revoked_at=None).exists()
    assert Refund.objects.get(payment=payment).reference == given[0]["id"]


def check_nothing_half_done(buyer: Buyer) -> None:
    """Right after a death: an event is stored with all that follows from it, or not at all."""
    for payment in Payment.objects.filter(email=buyer.email):
        has_course = Grant.objects.filter(email=buyer.email, revoked_at=None).exists()
        assert payment.opens == has_course
        assert payment.events.exists()
    assert not PaymentEvent.objects.filter(payment=None, outcome="applied").exclude(kind__contains="expired").exists()


type Step = Callable[[Buyer], None]
SCENARIOS: dict[str, tuple[Step, Step, Step]] = {
    "checkout": (nothing, Buyer.press, check_checkout),
    "webhook": (pressed_and_paid, Buyer.take_message, check_bought),
    "return": (pressed_and_paid, Buyer.come_back, check_bought),
    "refund": (bought, Buyer.refund, check_refunded),
}


@contextmanager
def dying_at(step: int) -> Iterator[None]:
    """Be killed at this step of what is done here."""
    steps = count(1)

    def tick() -> None:
        if next(steps) == step:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(call: Callable[..., Any]) -> Callable[..., Any]:
        def called(*args: Any, **kwargs: Any) -> Any:
            tick()
            result = call(*args, **kwargs)
            tick()
            return result

        return called

    def statement(execute: Callable[..., Any], *args: Any) -> Any:
        # Outside a transaction each statement is a commit.
        is_step = os.environ.get("SOAK") or not connection.in_atomic_block
        return around(execute)(*args) if is_step else execute(*args)

    with (
        mock.patch.object(BaseDatabaseWrapper, "_commit", around(BaseDatabaseWrapper._commit)),  # type: ignore[attr-defined]
        mock.patch.object(requests.Session, "request", around(requests.Session.request)),
        connection.execute_wrapper(statement),
    ):
        yield


def start(run: Callable[[], None]) -> int:
    """Run it in a process of its own."""
    connections.close_all()
    pid = os.fork()
    if pid:
        return pid
    try:
        run()
    except BaseException:
        sys.excepthook(*sys.exc_info())
        os._exit(1)
    os._exit(0)


def wait(pid: int) -> int:
    """How a process ended: 0 for well, -9 for killed."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def kill_at_every_step(name: str) -> int:
    prepare, act, check = SCENARIOS[name]
    buyers = []
    for step in count(1):
        buyers.append(buyer := Buyer(step))
        prepare(buyer)

        def die(buyer: Buyer = buyer, step: int = step) -> None:
            with dying_at(step):
                act(buyer)

        ended = wait(start(die))
        assert ended in {0, -signal.SIGKILL}, ended
        check_nothing_half_done(buyer)
        act(buyer)
        check(buyer)
        if ended == 0:
            break
    # The scheduler's round, as it comes after every death: it finds nothing left to put right, and breaks nothing.
    assert reconcile.run(now=timezone.now()).access == 0
    for buyer in buyers:
        check(buyer)
    return len(buyers) - 1


def eight_at_once() -> int:
    buyer = Buyer(0)
    pressed_and_paid(buyer)
    message = buyer.message()
    waiting, go = os.pipe()

    def take() -> None:
        os.close(go)
        os.read(waiting, 1)  # until nobody holds the other end any more
        buyer.take_message(message)

    pids = [start(take) for _ in range(8)]
    os.close(go)
    assert [wait(pid) for pid in pids] == [0] * 8
    assert PaymentEvent.objects.filter(reference=message["id"]).count() == 1
    check_bought(buyer)
    return 8


if __name__ == "__main__":
    name = sys.argv[1]
    print(eight_at_once() if name == "eight" else kill_at_every_step(name))  # noqa: T201

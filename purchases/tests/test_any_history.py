"""In whatever order the provider's messages come, how often, how late, and with whatever failures in between: once all
have come, the same people have the same courses as if each had come once and in order.

Hypothesis makes up what buyers, banks and staff do at a server that speaks Stripe's protocol, and how its messages
travel. The expected result is read from that server's own books, and asks nothing of the code it judges.
"""

import contextlib
import os
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
from django.db import OperationalError, transaction
from django.utils import timezone
from hypothesis import HealthCheck
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from access.models import Email, Grant
from courses.models import CoursePage
from purchases import reconcile
from purchases.checkout import checkouts
from purchases.ledger import entitlement
from purchases.models import CheckoutIntent, Payment, PaymentEvent
from purchases.tests.checkout_fixture import Till
from stand_ins.stripe.shelf import Shelf

STORIES, STEPS = (300, 50) if os.environ.get("SOAK") else (10, 25)
MOST_ORDERS = 2


class AnyHistory(RuleBasedStateMachine):
    """`till.stripe.held` are the events on their way; each may come now, later, twice or be lost and sent again."""

    def __init__(self, till: Till, patch: pytest.MonkeyPatch) -> None:
        super().__init__()
        self.till, self.patch = till, patch
        self.stripe = till.stripe
        self.stripe.held.clear()
        self.stripe.shelf = Shelf(None)  # its books begin anew with each story
        self.stripe.clock = self.tell_time
        self.seconds = int(timezone.now().timestamp())
        self.orders: list[CheckoutIntent] = []
        self.brought: list[dict[str, Any]] = []
        self.story = transaction.atomic()
        self.story.__enter__()

    def teardown(self) -> None:
        try:
            self.everything_comes()
            self.people_have_what_they_paid_for()
        finally:
            transaction.set_rollback(True)
            self.story.__exit__(None, None, None)

    def tell_time(self) -> float:
        return float(self.seconds)

    # What buyers, banks and staff do

    @precondition(lambda self: len(self.orders) < MOST_ORDERS)
    @rule(who=st.sampled_from(["ada@example.org", "bob@example.org"]))
    def begin(self, who: str) -> None:
        """Also where the same person has begun before: as if the provider had let the first one expire."""
        email, _ = Email.objects.get_or_create(address=who, defaults={"asked_at": timezone.now()})
        CheckoutIntent.objects.filter(email=email, closed_at=None).update(closed_at=timezone.now())
        self.orders.append(self.till.intent(email=email))

    @precondition(lambda self: self.orders)
    @rule(data=st.data(), acts=st.integers(1, 4), passed=st.sampled_from([0, 1, 60]))
    def things_happen(self, data: st.DataObject, acts: int, passed: int) -> None:
        """Some things happen to one order before any event of it arrives: these can come in the wrong order."""
        intent = data.draw(st.sampled_from(self.orders), label="order")
        for _ in range(acts):
            act = data.draw(st.sampled_from(self.possible(intent)), label="act")
            self.happen(intent, act, passed=passed)

    def happen(self, intent: CheckoutIntent, act: Any, *, passed: int) -> None:
        session = str(intent.session)
        # A refund fails days after it was made, and is made anew after that.
        self.seconds += 60 if act == "undo" else passed
        match act:
            case "card" | "bank":
                self.stripe.pay(session, how=act)
            case "free" | "half":
                self.stripe.pay(session, code=act.upper())
            case "arrives" | "fails":
                self.stripe.settle(session, ok=act == "arrives")
            case "expire":
                self.stripe.expire(session)
            case "undo":
                self.stripe.fail_refund(self.standing_refunds(intent)[-1]["id"])
                self.seconds += 60
            case "refund" | "part":
                self.stripe.refund(self.paid_by(intent), amount=900 if act == "part" else None)
            case "dispute":
                self.stripe.dispute(self.paid_by(intent))
            case "won" | "lost":
                self.stripe.close_dispute(self.paid_by(intent), act)

    def possible(self, intent: CheckoutIntent) -> list[Any]:
        """What can happen next to an order, as the provider's books say."""
        session = self.stripe.session(str(intent.session))
        if session["status"] == "open":
            return ["card", "card", "bank", "free", "half", "expire"]
        charge = self.charge_of(intent)
        if session["payment_status"] == "unpaid" and session["status"] == "complete" and not charge:
            return ["arrives", "fails"] if self.is_on_its_way(intent) else ["nothing"]
        if charge is None:
            return ["nothing"]
        disputes = [each["status"] for each in self.stripe.all("dispute") if each["charge"] == charge["id"]]
        if any(status not in {"won", "lost"} for status in disputes):
            return ["won", "lost"]
        if "lost" in disputes:
            return ["nothing"]
        left = charge["amount"] - charge["amount_refunded"]
        return [
            *(["refund"] if left else []),
            *(["part"] if left > 900 else []),
            *(["undo"] if self.standing_refunds(intent) else []),
            *(["dispute"] if not disputes else []),
            "nothing",
        ]

    def charge_of(self, intent: CheckoutIntent) -> Any:
        charges = [each for each in self.stripe.all("charge") if each["payment_intent"] == self.paid_by(intent)]
        return charges[0] if charges and charges[0]["status"] == "succeeded" else None

    def standing_refunds(self, intent: CheckoutIntent) -> list[Any]:
        refunds = [each for each in self.stripe.all("refund") if each["payment_intent"] == self.paid_by(intent)]
        return [each for each in refunds if each["status"] == "succeeded"]

    def is_on_its_way(self, intent: CheckoutIntent) -> bool:
        payment = self.stripe.get("payment_intent", self.paid_by(intent))
        return payment is not None and payment["status"] == "processing"

    def bring(self, event: dict[str, Any]) -> int:
        """Signed now, in real time: only what happened has the story's time."""
        return int(self.till.bring(event, at=timezone.now().timestamp()).status_code)

    def paid_by(self, intent: CheckoutIntent) -> str:
        return str(self.stripe.session(str(intent.session))["payment_intent"])

    # How its messages travel

    @precondition(lambda self: self.stripe.held)
    @rule(data=st.data())
    def some_come(self, data: st.DataObject) -> None:
        order = data.draw(st.permutations(self.stripe.held), label="order")
        for event in order[: data.draw(st.integers(1, len(order)), label="how many")]:
            assert self.bring(event) == 200
            self.stripe.held.remove(event)
            self.brought.append(event)

    @precondition(lambda self: self.brought)
    @rule(data=st.data())
    def one_comes_again(self, data: st.DataObject) -> None:
        assert self.bring(data.draw(st.sampled_from(self.brought), label="event")) == 200

    @precondition(lambda self: self.stripe.held)
    @rule(data=st.data())
    def one_is_lost_on_the_way_in(self, data: st.DataObject) -> None:
        """The database gives up in the middle: nothing is stored, and the message stays on its way."""
        event = data.draw(st.sampled_from(self.stripe.held), label="event")

        def give_up(*args: Any, **kwargs: Any) -> None:
            raise OperationalError

        before = PaymentEvent.objects.count()
        with self.patch.context() as patch, transaction.atomic():
            patch.setattr(entitlement, "settle", give_up)
            patch.setattr("purchases.ledger.ledger.Payment.objects.get_or_create", give_up)
            with contextlib.suppress(OperationalError), transaction.atomic():
                self.bring(event)
                raise OperationalError  # one about no payment goes through; it too is taken for lost
        assert PaymentEvent.objects.count() == before

    @precondition(lambda self: self.orders)
    @rule(data=st.data(), how=st.sampled_from(["look", "reconcile", *["neither"] * 6]))
    def the_provider_is_asked(self, data: st.DataObject, how: str) -> None:
        """By the page to which a buyer comes back, or by the scheduler: which finds what no event has told."""
        if how == "look":
            intent = data.draw(st.sampled_from(self.orders), label="order")
            checkouts.look(CheckoutIntent.objects.get(pk=intent.pk), now=timezone.now())
        elif how == "reconcile":
            reconcile.run(now=timezone.now())

    def everything_comes(self) -> None:
        for event in list(self.stripe.held):
            assert self.bring(event) == 200

    # What must follow

    @invariant()
    def nobody_has_a_course_for_nothing(self) -> None:
        """At any moment: a grant has a payment that the provider knows."""
        for grant in self.grants():
            assert grant.email_id in {intent.email_id for intent in self.orders if self.ever_paid(intent)}

    def people_have_what_they_paid_for(self) -> None:
        entitled = {intent.email_id for intent in self.orders if self.is_entitled(intent)}
        assert sorted(grant.email_id or 0 for grant in self.grants()) == sorted(map(int, filter(None, entitled)))
        marked = Payment.objects.filter(is_duplicate=True).count()
        assert marked == sum(map(self.is_entitled, self.orders)) - len(entitled)
        assert reconcile.run(now=timezone.now()).access == 0

    def grants(self) -> Iterator[Grant]:
        yield from Grant.objects.filter(course_key=self.till.course.translation_key, revoked_at=None)

    def ever_paid(self, intent: CheckoutIntent) -> bool:
        return bool(self.stripe.session(str(intent.session))["payment_status"] != "unpaid")

    def is_entitled(self, intent: CheckoutIntent) -> bool:
        """By the provider's own books, as they are now."""
        if not self.ever_paid(intent):
            return False
        charge = self.charge_of(intent)
        if charge is None:
            return True  # nothing had to be paid
        disputes = [each["status"] for each in self.stripe.all("dispute") if each["charge"] == charge["id"]]
        is_held = any(status != "won" for status in disputes)
        return charge["amount_refunded"] < charge["amount"] and not is_held


@pytest.fixture
def story(till: Till, settings: Any) -> Till:
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.dummy.DummyBackend"}}
    CoursePage.objects.filter(pk=till.course.pk).update(price=4900, currency="EUR")
    return till


def test_any_history_ends_as_in_order_and_once(story: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    in_all = hypothesis.settings(
        max_examples=STORIES, stateful_step_count=STEPS, suppress_health_check=list(HealthCheck)
    )

    run_state_machine_as_test(lambda: AnyHistory(story, monkeypatch), settings=in_all)  # type: ignore[arg-type]

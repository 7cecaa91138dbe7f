"""Reconciliation: what no event told is found and repaired, idempotently, and what fits is left alone."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from access.models import Email, Grant
from purchases import reconcile
from purchases.models import CheckoutIntent, Payment, Reconciliation, Refund
from purchases.models.states import State
from purchases.orders import refunds
from purchases.stripe import stripe_api
from purchases.tests.checkout_fixture import Till


def run(**later: float) -> reconcile.Report:
    return reconcile.run(now=timezone.now() + timedelta(**later))


def test_payment_of_which_no_message_came_opens_the_course(till: Till) -> None:
    till.paid()

    report = run()

    assert report.events
    assert till.has_course


def test_event_that_cannot_be_read_holds_up_no_other(till: Till, caplog: pytest.LogCaptureFixture) -> None:
    till.stripe.emit("charge.refunded", {"object": "charge", "payment_intent": "x\0"})
    till.paid()

    run()

    assert till.has_course
    assert "cannot be read" in caplog.text


@pytest.mark.parametrize("act", ["refund", "dispute"])
def test_what_came_afterwards_is_found_too(till: Till, act: str) -> None:
    intent = till.paid()
    till.bring_all()
    getattr(till.stripe, act)(till.reference(intent))

    run()

    assert not till.has_course


def test_messages_that_come_after_all_change_nothing(till: Till) -> None:
    till.paid()
    run()
    before = till.payment.events.count()

    till.bring_all()

    assert till.payment.events.count() == before
    assert till.grants.count() == 1


def test_second_round_finds_nothing(till: Till) -> None:
    till.paid()
    run()

    assert run() == reconcile.Report()


def test_grant_that_is_missing_is_given(till: Till) -> None:
    till.paid()
    till.bring_all()
    Grant.objects.all().delete()

    report = run()

    assert report.access == 1
    assert till.has_course


def test_grant_whose_payment_opens_nothing_any_more_is_taken(till: Till) -> None:
    intent = till.paid()
    till.stripe.refund(till.reference(intent))
    till.bring_all()
    Grant.objects.update(revoked_at=None)

    report = run()

    assert report.access == 1
    assert not till.has_course


def test_grant_without_any_payment_is_reported_and_left_alone(till: Till) -> None:
    Grant.objects.create(
        email=till.email,
        course_key=till.course.translation_key,
        source=Grant.Source.PURCHASE,
        granted_at=timezone.now(),
    )

    report = run()

    assert (report.unexplained, report.access) == (1, 0)
    assert till.has_course


def test_gifts_are_none_of_its_business(till: Till) -> None:
    gift = Grant.objects.create(
        email=till.email, course_key=till.course.translation_key, source=Grant.Source.GIFT, granted_at=timezone.now()
    )

    run()

    gift.refresh_from_db()
    assert gift.revoked_at is None


def test_checkout_left_open_is_closed_when_the_provider_has_closed_it(till: Till) -> None:
    intent = till.intent(created_at=timezone.now() - timedelta(minutes=50))
    till.stripe.expire(str(intent.session))
    Reconciliation.objects.create(read_until=timezone.now() + timedelta(hours=2))

    report = run()

    intent.refresh_from_db()
    assert report.checkouts == 1
    assert intent.closed_at


@pytest.mark.parametrize("session", [None, "cs_unknown"])
def test_checkout_that_nobody_can_pay_any_more_is_closed(till: Till, session: str | None) -> None:
    intent = till.intent()
    CheckoutIntent.objects.update(session=session, created_at=timezone.now() - timedelta(hours=5))

    run()

    intent.refresh_from_db()
    assert intent.closed_at


def test_checkout_that_is_being_paid_is_left_to_its_buyer(till: Till) -> None:
    intent = till.intent()

    run(minutes=1)

    intent.refresh_from_db()
    assert (intent.closed_at, intent.asked_at) == (None, None)


def test_checkout_that_was_just_asked_about_is_not_asked_about_again(till: Till) -> None:
    now = timezone.now()
    intent = till.intent(created_at=now - timedelta(minutes=50), asked_at=now)
    till.stripe.expire(str(intent.session))
    Reconciliation.objects.create(read_until=now + timedelta(hours=2))

    run(minutes=1)

    intent.refresh_from_db()
    assert (intent.closed_at, intent.asked_at) == (None, now)


def test_free_order_without_a_message_opens_the_course(till: Till) -> None:
    intent = till.intent()
    till.stripe.pay(str(intent.session), code="FREE")

    run()

    assert till.has_course


def test_refund_that_the_provider_never_heard_of_is_carried_out(till: Till) -> None:
    till.paid()
    till.bring_all()
    refund(till)
    assert till.has_course

    report = run()

    assert report.refunds == 1
    assert not till.has_course
    assert [each["amount"] for each in till.stripe.all("refund")] == [4900]


def test_refund_is_carried_out_once(till: Till) -> None:
    till.paid()
    till.bring_all()
    row = refund(till)
    refunds.carry_out(row, now=timezone.now())
    Refund.objects.update(reference=None)  # as if the process had died before it could write this down

    run()

    assert len(till.stripe.all("refund")) == 1
    assert Refund.objects.get().reference


def test_old_refund_whose_answer_was_lost_is_not_paid_twice(till: Till) -> None:
    """The provider has forgotten its idempotency key by then: its own list knows."""
    intent = till.paid()
    till.bring_all()
    row = refund(till, amount=900)
    till.stripe.refund(till.reference(intent), amount=900, metadata={"lectern_refund": str(row.pk)})
    Refund.objects.update(asked_at=timezone.now() - timedelta(days=2))

    run()

    assert [each["amount"] for each in till.stripe.all("refund")] == [900]
    assert Refund.objects.get().reference == till.stripe.all("refund")[0]["id"]


def test_refund_waits_where_the_provider_is_away_and_the_rest_goes_on(till: Till) -> None:
    till.paid()
    till.bring_all()
    refund(till)
    till.stripe.fault = "429"

    assert refunds.carry_out_due(now=timezone.now()) == 0

    till.stripe.fault = ""
    assert refunds.carry_out_due(now=timezone.now()) == 1


@pytest.mark.parametrize("act", ["dispute", "refund"])
def test_refund_of_what_is_not_here_to_give_is_refused(till: Till, act: str) -> None:
    intent = till.paid()
    getattr(till.stripe, act)(till.reference(intent))
    till.bring_all()

    with pytest.raises(refunds.TooMuch):
        refund(till, amount=100)


def test_part_refund_says_nothing_about_the_rest(till: Till) -> None:
    intent = till.paid()
    till.bring_all()
    refunds.carry_out(refund(till, amount=900, keeps_access=True), now=timezone.now())

    till.stripe.refund(till.reference(intent))
    till.bring_all()

    assert not till.has_course


@pytest.mark.parametrize("amount", [0, -1, 4901])
def test_refund_of_more_than_was_paid_is_refused(till: Till, amount: int) -> None:
    till.paid()
    till.bring_all()

    with pytest.raises(refunds.TooMuch):
        refund(till, amount=amount)


def test_two_refunds_together_are_no_more_than_was_paid(till: Till) -> None:
    till.paid()
    till.bring_all()
    refund(till, amount=4000)

    with pytest.raises(refunds.TooMuch):
        refund(till, amount=1000)


def test_refund_that_lets_them_keep_the_course(till: Till) -> None:
    till.paid()
    till.bring_all()

    refunds.carry_out(refund(till, keeps_access=True), now=timezone.now())
    till.bring_all()

    assert till.payment.state == State.REFUNDED
    assert till.has_course


def test_refund_closes_the_course_with_the_next_click(
    till: Till, sign_in: Callable[[Email], Client], paid_lesson: Any
) -> None:
    """Before any message of the provider's: it said so in its answer."""
    till.paid()
    till.bring_all()
    learner = sign_in(till.email)
    assert "canary" in learner.get(paid_lesson.url).content.decode()

    refunds.carry_out(refund(till), now=timezone.now())

    assert "canary" not in learner.get(paid_lesson.url).content.decode()


def test_refund_while_the_provider_is_away_waits(till: Till) -> None:
    till.paid()
    till.bring_all()
    row = refund(till)
    till.stripe.fault = "down"

    with pytest.raises(stripe_api.ProviderAway):
        refunds.carry_out(row, now=timezone.now())

    till.stripe.fault = ""
    assert till.has_course
    assert run().refunds == 1


def test_refund_that_the_provider_refuses_is_never_tried_again(till: Till) -> None:
    intent = till.paid()
    till.bring_all()
    row = refund(till)
    till.stripe.refund(till.reference(intent))  # in the provider's own dashboard, this very moment

    with pytest.raises(stripe_api.ProviderRefused):
        refunds.carry_out(row, now=timezone.now())

    assert Refund.objects.get().refused_at
    assert run().refunds == 0


# The command, and the scheduler's round


def test_command_says_what_it_found(till: Till, capsys: pytest.CaptureFixture[str]) -> None:
    till.paid()

    call_command("reconcile_purchases")

    assert "Events that no message had told: 1" in capsys.readouterr().out


def test_command_says_that_the_provider_is_away(till: Till) -> None:
    till.intent()
    till.stripe.fault = "down"

    with pytest.raises(CommandError, match="did not answer"):
        call_command("reconcile_purchases")


def test_clock_asks_every_ten_minutes(till: Till) -> None:
    till.intent()
    now = timezone.now()
    reconcile.run_if_due(now=now)
    asked = len(till.stripe.requests)

    for minutes in (1, 5, 9):
        reconcile.run_if_due(now=now + timedelta(minutes=minutes))
    assert len(till.stripe.requests) == asked
    reconcile.run_if_due(now=now + timedelta(minutes=11))

    assert len(till.stripe.requests) > asked


def test_clock_goes_on_while_the_provider_is_away(till: Till, caplog: pytest.LogCaptureFixture) -> None:
    till.intent()
    till.stripe.fault = "down"

    reconcile.run_if_due(now=timezone.now())

    assert "the next round asks again" in caplog.text
    assert not Reconciliation.objects.filter(read_until__gt=timezone.now() - timedelta(minutes=1)).exists()


def test_site_that_has_sold_nothing_asks_nobody(till: Till) -> None:
    reconcile.run_if_due(now=timezone.now())

    assert not till.stripe.requests


def test_books_of_a_shop_that_has_closed_are_still_kept(till: Till, settings: Any) -> None:
    till.paid()
    till.bring_all()
    Grant.objects.all().delete()
    settings.STRIPE_SECRET_KEY = ""

    reconcile.run_if_due(now=timezone.now())

    assert till.has_course


def refund(till: Till, *, amount: int = 4900, keeps_access: bool = False) -> Refund:
    payment = Payment.objects.get()
    return refunds.ask(
        payment, amount=amount, reason="Asked for it", keeps_access=keeps_access, by=None, now=timezone.now()
    )


def test_checkouts_are_counted_once(till: Till) -> None:
    till.paid()
    run()

    assert CheckoutIntent.objects.get().closed_at
    assert run().checkouts == 0

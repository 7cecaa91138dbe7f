"""What staff do about an order: refunding it, sending its receipt, moving it, ending what it opens."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from wagtail.models import ModelLogEntry

from access.limits import blocking
from access.models import Email, Grant
from courses.models import CoursePage
from purchases.models import Payment, PurchaseMail, Refund
from purchases.orders import refunds
from purchases.provider_events import Kind
from purchases.tests.staff_fixtures import (
    BECAUSE,
    MakeClient,
    MakeOrder,
    course,
    desk,
    make_order,
    order,
    paid,
    staff,
    stripe,
    tell_more,
)
from stand_ins.stripe.server import Stripe

__all__ = ["course", "desk", "make_order", "order", "paid", "staff", "stripe"]
ACTIONS = ["refund", "receipt", "move", "end", "reopen"]
FORM = {**BECAUSE, "amount": "49.00", "access": "close", "shown": "0", "address": "bob@example.org"}


def url(payment: Payment, action: str = "") -> str:
    return f"/admin/orders/{payment.pk}/{action}/" if action else f"/admin/orders/{payment.pk}/"


def press(client: Client, payment: Payment, action: str, **typed: str) -> Any:
    """Post the form, and see what is said on the page that follows."""
    answer = client.post(url(payment, action), {**FORM, **typed}, follow=True)
    payment.refresh_from_db()
    return answer


def is_open(address: str = "ada@example.org") -> bool:
    return Grant.objects.filter(email__address=address, revoked_at=None).exists()


def logged(action: str, model: str = "payment") -> ModelLogEntry:
    return ModelLogEntry.objects.get(action=f"purchases.{action}", content_type__model=model)


# Who may not


@pytest.mark.parametrize(
    "rights", [[], ["view_payment"], ["view_payment", "export_payment", "view_email", "add_grant"]]
)
@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_who_may_not_act_is_sent_away(
    staff: MakeClient, order: Payment, rights: list[str], action: str, method: str
) -> None:
    answer = getattr(staff(*rights), method)(url(order, action), FORM)

    order.refresh_from_db()
    assert (answer.status_code, answer["Location"]) == (302, "/admin/")
    assert (order.ended_at, str(order.email), Refund.objects.count(), PurchaseMail.objects.count()) == (
        None,
        "ada@example.org",
        0,
        1,
    )
    assert not ModelLogEntry.objects.filter(action__startswith="purchases.").exists()


def test_who_may_change_orders_may_not_refund(staff: MakeClient, order: Payment) -> None:
    answer = staff("view_payment", "change_payment").post(url(order, "refund"), FORM)

    assert answer["Location"] == "/admin/"


def test_who_may_refund_may_not_move(staff: MakeClient, order: Payment) -> None:
    answer = staff("view_payment", "refund_payment").post(url(order, "move"), FORM)

    assert answer["Location"] == "/admin/"


def test_acting_needs_the_token_against_forged_requests(order: Payment, desk: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = desk.cookies

    assert {strict.post(url(order, action), FORM).status_code for action in ACTIONS} == {403}


def test_a_get_does_nothing(desk: Client, order: Payment) -> None:
    answers = {desk.get(url(order, action), FORM).status_code for action in ACTIONS}

    order.refresh_from_db()
    assert answers == {200}
    assert order.opens
    assert not Refund.objects.exists()


@pytest.mark.parametrize("action", ACTIONS)
def test_nothing_is_done_without_a_reason(desk: Client, paid: Payment, action: str) -> None:
    answer = press(desk, paid, action, reason=" ")

    assert "Say why" in answer.text
    assert (paid.ended_at, str(paid.email), Refund.objects.count()) == (None, "ada@example.org", 0)


# Refunds


def test_the_form_offers_all_that_is_left(desk: Client, make_order: MakeOrder, now: datetime) -> None:
    order = tell_more(make_order(), Kind.REFUNDED, now=now, amount=1000)

    text = desk.get(url(order, "refund")).text

    assert 'value="39.00"' in text
    assert "In EUR; €39.00 is left." in text


def test_a_refund_closes_the_course(desk: Client, paid: Payment, stripe: Stripe) -> None:
    answer = press(desk, paid, "refund")

    assert "€49.00 goes back." in answer.text
    assert (paid.state, paid.refunded, is_open()) == ("refunded", 4900, False)
    assert [made["amount"] for made in stripe.all("refund")] == [4900]


def test_a_refund_lets_them_keep_the_course(desk: Client, paid: Payment, stripe: Stripe) -> None:
    answer = press(desk, paid, "refund", access="keep")

    assert "stays open to them" in answer.text
    assert (paid.state, is_open()) == ("refunded", True)


def test_a_part_refund_keeps_the_course_open(desk: Client, paid: Payment, stripe: Stripe) -> None:
    press(desk, paid, "refund", amount="9,50")

    assert (paid.state, paid.refunded, is_open()) == ("partly_refunded", 950, True)


def test_a_part_refund_says_nothing_about_what_stripe_refunds_later(
    desk: Client, paid: Payment, stripe: Stripe, now: datetime
) -> None:
    press(desk, paid, "refund", amount="9.50", access="keep")

    tell_more(paid, Kind.REFUNDED, now=now, amount=4900)

    assert not is_open()


def test_the_rest_goes_back_after_a_part(desk: Client, paid: Payment, stripe: Stripe) -> None:
    press(desk, paid, "refund", amount="9.50")

    press(desk, paid, "refund", amount="39.50", shown="950")

    assert (paid.state, is_open()) == ("refunded", False)
    assert [made["amount"] for made in stripe.all("refund")] == [950, 3950]


def test_the_buyer_is_told_of_a_refund(desk: Client, paid: Payment, stripe: Stripe) -> None:
    press(desk, paid, "refund")

    assert PurchaseMail.objects.filter(payment=paid, kind=PurchaseMail.Kind.REFUNDED, amount=4900).count() == 1


def test_two_presses_refund_once(desk: Client, paid: Payment, stripe: Stripe) -> None:
    press(desk, paid, "refund")

    answer = press(desk, paid, "refund")

    assert "nothing left to refund" in answer.text
    assert len(stripe.all("refund")) == 1


def test_two_presses_refund_a_part_once(desk: Client, paid: Payment, stripe: Stripe) -> None:
    press(desk, paid, "refund", amount="10")

    answer = press(desk, paid, "refund", amount="10")

    assert "you clicked twice" in answer.text
    assert [made["amount"] for made in stripe.all("refund")] == [1000]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Enter how much to refund."),
        ("all", "Enter a plain number"),
        ("1e1", "Enter a plain number"),
        ("0", "Enter more than zero."),
        ("-5", "Enter more than zero."),
        ("49.01", "You can refund at most €49.00."),
        ("1.005", "EUR has 2 decimal places."),
        ("1,000", "EUR has 2 decimal places."),
    ],
)
def test_an_amount_that_cannot_go_back_is_refused(desk: Client, paid: Payment, typed: str, said: str) -> None:
    answer = press(desk, paid, "refund", amount=typed)

    assert said in answer.text
    assert not Refund.objects.exists()


def test_a_small_amount_may_go_back(desk: Client, paid: Payment, stripe: Stripe) -> None:
    press(desk, paid, "refund", amount="0.01")

    assert paid.refunded == 1


@pytest.mark.parametrize("fault", ["down", "500", "nonsense"])
def test_a_refund_waits_for_stripe(desk: Client, paid: Payment, stripe: Stripe, now: datetime, fault: Any) -> None:
    stripe.fault = fault
    answer = press(desk, paid, "refund")
    stripe.fault = ""

    done = refunds.carry_out_due(now=now)

    assert "retried automatically within minutes" in answer.text
    assert (done, len(stripe.all("refund"))) == (1, 1)


def test_what_waits_for_stripe_is_not_asked_for_again(desk: Client, paid: Payment, stripe: Stripe) -> None:
    stripe.fault = "down"
    press(desk, paid, "refund")

    answer = press(desk, paid, "refund")

    assert "nothing left to refund" in answer.text
    assert Refund.objects.count() == 1


def test_what_waits_for_stripe_stands_on_the_page(desk: Client, paid: Payment, stripe: Stripe) -> None:
    stripe.fault = "down"
    press(desk, paid, "refund")

    assert "answered yet" in desk.get(url(paid)).text


def test_a_refused_refund_says_so(desk: Client, paid: Payment, stripe: Stripe) -> None:
    stripe.refund(paid.reference)

    answer = press(desk, paid, "refund")

    assert "Stripe refused the refund, so nothing was refunded. It was already fully refunded" in answer.text
    assert "Stripe refused it" in desk.get(url(paid)).text


@pytest.mark.parametrize("kind", [Kind.DISPUTED, Kind.DISPUTE_LOST])
def test_a_disputed_payment_is_not_refunded(desk: Client, paid: Payment, now: datetime, kind: Kind) -> None:
    tell_more(paid, kind, now=now)

    answer = press(desk, paid, "refund")

    assert "nothing left to refund" in answer.text
    assert not Refund.objects.exists()


def test_money_on_its_way_is_not_refunded(desk: Client, make_order: MakeOrder, stripe: Stripe) -> None:
    pending = make_order(is_paid=False)

    press(desk, pending, "refund")

    assert not Refund.objects.exists()


def test_a_site_without_a_key_refunds_nothing(desk: Client, order: Payment) -> None:
    answer = press(desk, order, "refund")

    assert "has no Stripe key" in answer.text
    assert not Refund.objects.exists()


def test_refunding_the_second_payment_keeps_the_first(
    desk: Client, paid: Payment, make_order: MakeOrder, stripe: Stripe
) -> None:
    make_order("ada@example.org", at=1)  # paid before
    paid.refresh_from_db()
    assert paid.is_duplicate

    press(desk, paid, "refund")

    assert (paid.state, is_open()) == ("refunded", True)
    assert not Payment.objects.needing_attention().exists()


def test_a_refund_stands_in_the_history_of_order_and_learner(desk: Client, paid: Payment, stripe: Stripe) -> None:
    press(desk, paid, "refund")

    assert logged("refund").data["reason"] == BECAUSE["reason"]
    assert logged("refund", "email").user_display_name == "desk"
    assert "Refund requested. Reason: They wrote to us." in desk.get(url(paid)).text


# The receipt


def test_the_receipt_is_sent_again(desk: Client, order: Payment) -> None:
    answer = press(desk, order, "receipt")

    assert "on its way to ada@example.org" in answer.text
    assert PurchaseMail.objects.filter(payment=order, kind=PurchaseMail.Kind.PAID).count() == 2
    assert logged("receipt").data["reason"] == BECAUSE["reason"]


def test_the_receipt_is_sent_three_times_an_hour(desk: Client, order: Payment) -> None:
    answers = [press(desk, order, "receipt").text for _ in range(4)]

    assert ["three times this hour" in text for text in answers] == [False, False, False, True]
    assert PurchaseMail.objects.filter(kind=PurchaseMail.Kind.PAID).count() == 4


def test_no_receipt_says_that_a_refunded_course_is_open(desk: Client, order: Payment, now: datetime) -> None:
    tell_more(order, Kind.REFUNDED, now=now, amount=4900)

    answer = press(desk, order, "receipt")

    assert "no receipt to send" in answer.text
    assert PurchaseMail.objects.filter(kind=PurchaseMail.Kind.PAID).count() == 1


# Another address


def test_a_moved_order_opens_to_the_other_address(desk: Client, order: Payment) -> None:
    answer = press(desk, order, "move", address=" Bob@Example.ORG ")

    assert "belongs to bob@example.org now" in answer.text
    assert (is_open("ada@example.org"), is_open("bob@example.org")) == (False, True)


def test_an_order_moves_to_a_known_address(desk: Client, order: Payment, now: datetime) -> None:
    known = Email.objects.create(address="bob@example.org", asked_at=now)

    press(desk, order, "move")

    assert order.email == known


def test_a_move_stands_in_the_history_of_both_learners(desk: Client, order: Payment) -> None:
    before = order.email_id

    press(desk, order, "move")

    entries = ModelLogEntry.objects.filter(action="purchases.move", content_type__model="email")
    assert {entry.object_id for entry in entries} == {str(before), str(order.email_id)}
    assert logged("move").data == {"reason": BECAUSE["reason"], "about": ""}


@pytest.mark.parametrize("typed", ["", "bob", "bob@localhost", "a@b@c.example"])
def test_an_order_moves_to_no_nonsense(desk: Client, order: Payment, typed: str) -> None:
    press(desk, order, "move", address=typed)

    assert str(order.email) == "ada@example.org"


def test_an_order_that_is_there_already_does_not_move(desk: Client, order: Payment) -> None:
    answer = press(desk, order, "move", address="ada@example.org")

    assert "already at that address" in answer.text
    assert not ModelLogEntry.objects.filter(action="purchases.move").exists()


def test_an_order_does_not_move_to_a_blocked_address(desk: Client, order: Payment, now: datetime) -> None:
    blocking.block(Email.objects.create(address="bob@example.org", asked_at=now), now=now)

    answer = press(desk, order, "move")

    assert "bob@example.org is blocked" in answer.text
    assert is_open("ada@example.org")


def test_what_stripe_says_after_a_move_concerns_the_new_address(desk: Client, order: Payment, now: datetime) -> None:
    press(desk, order, "move")

    tell_more(order, Kind.REFUNDED, now=now, amount=4900)

    assert not is_open("bob@example.org")


def test_a_course_bought_by_both_is_marked_as_paid_twice(desk: Client, make_order: MakeOrder, now: datetime) -> None:
    make_order("bob@example.org", at=int((now - timedelta(days=1)).timestamp()))
    order = make_order("ada@example.org")

    press(desk, order, "move")

    assert order.is_duplicate


# Ending


def test_ending_closes_the_course_and_moves_no_money(desk: Client, order: Payment) -> None:
    press(desk, order, "end")

    assert (order.opens, is_open(), order.state) == (False, False, "paid")
    assert not Refund.objects.exists()
    assert "staff ended access" in desk.get(url(order)).text


def test_ending_tells_nobody(desk: Client, order: Payment) -> None:
    press(desk, order, "end")

    assert [mail.kind for mail in PurchaseMail.objects.all()] == [PurchaseMail.Kind.PAID]


def test_what_was_ended_stays_closed_whatever_stripe_says(desk: Client, order: Payment, now: datetime) -> None:
    press(desk, order, "end")

    tell_more(order, Kind.DISPUTE_WON, now=now)

    assert not is_open()


def test_a_gift_outlives_the_order(desk: Client, order: Payment, course: CoursePage, now: datetime) -> None:
    Grant.objects.create(email=order.email, course_key=course.translation_key, source=Grant.Source.GIFT, granted_at=now)

    press(desk, order, "end")

    assert is_open()


def test_ending_twice_says_so(desk: Client, order: Payment) -> None:
    press(desk, order, "end")

    answer = press(desk, order, "end")

    assert "no longer opened anything" in answer.text
    assert logged("end").data["reason"] == BECAUSE["reason"]


def test_it_is_opened_again(desk: Client, order: Payment) -> None:
    press(desk, order, "end")

    answer = press(desk, order, "reopen")

    assert "is open again" in answer.text
    assert is_open()
    assert logged("reopen").data["reason"] == BECAUSE["reason"]


def test_what_was_refunded_meanwhile_opens_nothing_again(desk: Client, order: Payment, now: datetime) -> None:
    press(desk, order, "end")
    tell_more(order, Kind.REFUNDED, now=now, amount=4900)

    answer = press(desk, order, "reopen")

    assert "open anything as it is" in answer.text
    assert not is_open()


def test_what_nobody_ended_is_not_opened(desk: Client, order: Payment) -> None:
    answer = press(desk, order, "reopen")

    assert "been ended" in answer.text


def test_a_free_order_paid_twice_is_settled_by_ending_it(
    desk: Client, make_order: MakeOrder, course: CoursePage
) -> None:
    make_order()
    free = make_order(payment="cs_free", amount=0, discount=4900)

    press(desk, free, "end")

    assert is_open()
    assert not Payment.objects.needing_attention().exists()

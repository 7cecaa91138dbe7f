"""The webhook: what is posted to it, and what of it is believed."""

from copy import deepcopy
from functools import reduce
from itertools import product
from operator import getitem
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from access.models import Grant
from purchases import webhook
from purchases.checkout import checkouts
from purchases.ledger import entitlement
from purchases.models import Payment, PaymentEvent, ShopSettings
from purchases.models.states import Problem, State
from purchases.staff import attention
from purchases.stripe import stripe_api
from purchases.tests.checkout_fixture import WEBHOOK, Till
from stand_ins.stripe.answers import Refusal

Outcome = PaymentEvent.Outcome
MARKS = ["metadata.lectern_checkout", "metadata.lectern_course"]


def completed(till: Till) -> dict[str, Any]:
    return next(event for event in till.stripe.events if event["type"] == "checkout.session.completed")


def altered(till: Till, event: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """The same message, properly signed, that says something else of the checkout."""
    session = {**event["data"]["object"], **fields}
    return {**event, "id": "evt_altered", "data": {"object": session}}


def alerts(caplog: pytest.LogCaptureFixture) -> int:
    return sum(record.levelname == "ERROR" for record in caplog.records)


# What is believed


def test_paid_opens_the_course(till: Till) -> None:
    till.paid()

    till.bring_all()

    assert till.has_course
    assert till.payment.state == State.PAID


def test_either_of_two_secrets_is_believed_while_they_are_changed(till: Till, settings: Any) -> None:
    settings.STRIPE_WEBHOOK_SECRETS = ["whsec_new", *till.stripe.webhook_secrets]
    till.paid()

    answers = {
        till.bring(completed(till)).status_code,
        till.bring(till.stripe.event("invoice.paid", {"id": "in_1"}), secrets=["whsec_new"]).status_code,
    }

    assert answers == {200}
    assert till.has_course


def test_the_same_message_twice_counts_once(till: Till) -> None:
    till.paid()

    answers = [till.bring(completed(till)).status_code for _ in range(3)]

    assert answers == [200] * 3
    assert PaymentEvent.objects.count() == 1
    assert till.grants.count() == 1


def test_checkout_closes_with_its_payment(till: Till) -> None:
    intent = till.paid()

    till.bring_all()

    intent.refresh_from_db()
    assert intent.closed_at


def test_free_order_opens_the_course(till: Till) -> None:
    intent = till.intent()
    till.stripe.pay(str(intent.session), code="FREE")

    till.bring_all()

    assert till.has_course
    assert till.payment.reference == intent.session
    assert till.payment.amount == 0


def test_coupon_is_the_providers_to_give(till: Till) -> None:
    intent = till.intent()
    till.stripe.pay(str(intent.session), code="HALF")

    till.bring_all()

    assert till.has_course
    assert till.payment.amount == 2450


@pytest.mark.parametrize(("code", "paid"), [("HALF", 2450), ("FREE", 0)])
def test_discount_that_the_shop_does_not_offer_is_somebodys_to_look_at(till: Till, code: str, paid: int) -> None:
    ShopSettings.objects.create(takes_coupons=False)
    intent = till.intent()
    with pytest.raises(Refusal):
        till.stripe.pay(str(intent.session), code=code)
    till.stripe.reduce(str(intent.session), code)
    till.stripe.pay(str(intent.session))

    till.bring_all()

    assert not till.has_course
    assert (till.payment.problem, till.payment.amount) == (Problem.DISCOUNT, paid)
    assert Payment.objects.needing_attention().count() == 1
    (notice,) = attention.order_notices()
    assert "A discount the shop didn’t offer" in notice.sentence


@pytest.mark.parametrize(("before", "has_course"), [(True, True), (False, False)])
def test_what_was_offered_when_the_checkout_opened_counts(till: Till, before: bool, has_course: bool) -> None:
    shop = ShopSettings.objects.create(takes_coupons=before)
    intent = till.intent()
    shop.takes_coupons = not before
    shop.save()
    till.stripe.reduce(str(intent.session), "HALF")
    till.stripe.pay(str(intent.session))

    till.bring_all()

    assert till.has_course is has_course


def test_bank_transfer_opens_only_when_it_has_come(till: Till) -> None:
    intent = till.intent()
    till.stripe.pay(str(intent.session), how="bank")
    till.bring_all()
    assert (till.has_course, till.payment.state) == (False, State.PENDING)

    till.stripe.settle(str(intent.session))
    till.bring_all()

    assert (till.has_course, till.payment.state) == (True, State.PAID)


def test_bank_transfer_that_fails_opens_nothing(till: Till) -> None:
    intent = till.intent()
    till.stripe.pay(str(intent.session), how="bank")
    till.stripe.settle(str(intent.session), ok=False)

    till.bring_all()

    assert (till.has_course, till.payment.state) == (False, State.FAILED)


def test_full_refund_closes_the_course(till: Till) -> None:
    intent = till.paid()
    till.stripe.refund(till.reference(intent))

    till.bring_all()

    assert (till.has_course, till.payment.state) == (False, State.REFUNDED)


def test_part_refund_leaves_it_open(till: Till) -> None:
    intent = till.paid()
    till.stripe.refund(till.reference(intent), amount=900)

    till.bring_all()

    assert (till.has_course, till.payment.state) == (True, State.PARTLY_REFUNDED)


def test_refund_that_fails_opens_it_again(till: Till) -> None:
    intent = till.paid()
    refund = till.stripe.refund(till.reference(intent))
    till.stripe.fail_refund(refund["id"])

    till.bring_all()

    assert till.has_course


@pytest.mark.parametrize(("verdict", "has_course"), [("won", True), ("lost", False)])
def test_dispute_suspends_and_its_end_decides(till: Till, verdict: Any, has_course: bool) -> None:
    intent = till.paid()
    till.stripe.dispute(till.reference(intent))
    till.bring_all()
    assert not till.has_course

    till.stripe.close_dispute(till.reference(intent), verdict)
    till.bring_all()

    assert till.has_course == has_course


def test_refund_that_comes_before_its_payment_is_not_forgotten(till: Till) -> None:
    intent = till.paid()
    till.stripe.refund(till.reference(intent))
    events = list(till.stripe.events)

    for event in reversed(events):
        assert till.bring(event).status_code == 200

    assert (till.has_course, till.payment.state) == (False, State.REFUNDED)


def test_price_of_the_checkout_counts_whatever_it_is_by_now(till: Till) -> None:
    till.paid()
    type(till.course).objects.filter(pk=till.course.pk).update(price=9900)

    till.bring_all()

    assert till.has_course


def test_course_that_is_gone_is_still_owned(till: Till) -> None:
    till.paid()
    type(till.course).objects.get(pk=till.course.pk).delete()

    till.bring_all()

    assert till.has_course


def test_unknown_kinds_are_kept_and_taken(till: Till) -> None:
    response = till.bring(till.stripe.event("customer.sang", {"id": "cus_1", "object": "customer"}))

    assert response.status_code == 200
    assert PaymentEvent.objects.get().outcome == Outcome.NOTED


# What is not


def refused(till: Till) -> None:
    assert not PaymentEvent.objects.exists()
    assert not Payment.objects.exists()
    assert not Grant.objects.exists()


@pytest.mark.refusal("signature")
@pytest.mark.parametrize(
    "signature",
    ["", "t=1", "v1=x", "t=x,v1=y", "t=1700000000,v0=abc", "garbage", ",,,", "t=" + "9" * 400 + ",v1=a", "\u0661=1"],
)
def test_unsigned_message_is_refused(till: Till, signature: str) -> None:
    till.paid()

    response = till.post(till.stripe.payload(completed(till)), signature.encode("latin-1", "replace").decode("latin-1"))

    assert response.status_code == 400
    refused(till)


@pytest.mark.refusal("signature")
def test_message_by_another_secret_is_refused(till: Till) -> None:
    till.paid()

    response = till.bring(completed(till), secrets=["whsec_of_somebody_else"])

    assert response.status_code == 400
    refused(till)


@pytest.mark.refusal("signature")
def test_no_secret_believes_nobody(till: Till, settings: Any) -> None:
    settings.STRIPE_WEBHOOK_SECRETS = []
    till.paid()

    response = till.bring(completed(till))

    assert response.status_code == 400
    refused(till)


@pytest.mark.refusal("signature")
def test_message_changed_on_the_way_is_refused(till: Till) -> None:
    till.paid()
    body = till.stripe.payload(completed(till))

    response = till.post(body.replace(b"4900", b"1900"), till.stripe.sign(body))

    assert response.status_code == 400
    assert b"evt_" not in response.content
    refused(till)


@pytest.mark.refusal("signature")
@pytest.mark.parametrize("seconds", [3600, 301, -301, -86400])
def test_message_of_another_time_is_refused(till: Till, seconds: int) -> None:
    """Replayed later, or signed for a far future in which it could still be replayed."""
    till.paid()

    response = till.bring(completed(till), at=timezone.now().timestamp() + seconds)

    assert response.status_code == 400
    refused(till)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'"evt"',
        b"[" * 50_000,
        b'{"id": "evt_1", "type": "x", "created": "soon", "data": {"object": {}}}',
        b'{"id": "evt_1", "type": "checkout.session.completed", "created": 1, "data": {"object": {"metadata": 3}}}',
        b'{"id": "evt_1", "type": "charge.refunded", "created": 1, "data": {"object": {"amount_refunded": "much"}}}',
        b'{"id": "evt_1", "type": "charge.refunded", "created": 99999999999999999999, "data": {"object": {}}}',
        b'{"id": "evt_1", "type": "charge.refunded", "created": 1e400, "data": {"object": {}}}',
        b'{"id": "evt_1", "type": "charge.refunded", "created": 1, "data": {"object": {"amount_refunded": 1e400}}}',
        b'{"id": "evt_1", "type": "charge.refunded", "created": 1, "data": {"object": {"payment_intent": {}}}}',
    ],
)
def test_signed_nonsense_is_taken_once_and_told(till: Till, body: bytes, caplog: pytest.LogCaptureFixture) -> None:
    """Refused, or failed at, it would come again for days, and then no message at all: the provider gives up."""
    response = till.post(body, till.stripe.sign(body))

    assert response.status_code == 200
    assert alerts(caplog) == 1
    refused(till)


def test_bytes_that_are_no_text_are_refused(till: Till) -> None:
    body = b"\xff\xfe"

    assert till.post(body, till.stripe.sign(body)).status_code == 400
    refused(till)


UNSTORABLE: list[Any] = ["x\0", "x\ud800", "x" * 5000, ["x"]]
PLACES = ["id", "type", *(f"data.object.{name}" for name in ("id", "payment_intent", "currency", *MARKS))]


def test_text_that_no_database_stores_is_taken_and_told(till: Till, caplog: pytest.LogCaptureFixture) -> None:
    till.paid()
    for place, text in product(PLACES, UNSTORABLE):
        event = deepcopy(completed(till))
        *way, last = place.split(".")
        reduce(getitem, way, event)[last] = text

        assert till.bring(event).status_code == 200, (place, text)

    assert alerts(caplog) == len(PLACES) * len(UNSTORABLE)
    refused(till)


def test_message_that_never_ends_is_refused(till: Till) -> None:
    body = b" " * (webhook.MOST_BYTES + 1)

    response = till.post(body, till.stripe.sign(body))

    assert response.status_code == 413


@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete", "options"])
def test_door_takes_nothing_but_messages(till: Till, method: str) -> None:
    assert getattr(Client(), method)(WEBHOOK).status_code == 405


def test_message_for_another_account_is_refused(till: Till) -> None:
    till.paid()

    response = till.bring({**completed(till), "account": "acct_of_somebody_else"})

    assert response.status_code == 400
    refused(till)


def test_real_money_and_tests_are_never_mixed(till: Till) -> None:
    till.paid()

    response = till.bring({**completed(till), "livemode": True})

    assert response.status_code == 200
    assert PaymentEvent.objects.get().outcome == Outcome.OTHER_MODE
    assert not till.has_course


# Signed, and yet not what was asked for: kept, and nothing opened


@pytest.mark.refusal("terms")
@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"amount_total": 1, "amount_subtotal": 1}, Problem.AMOUNT),
        ({"amount_total": 1}, Problem.AMOUNT),
        ({"amount_total": -4900}, Problem.AMOUNT),
        ({"amount_total": 10**12}, Problem.AMOUNT),
        ({"currency": "jpy"}, Problem.CURRENCY),
        ({"id": "cs_test_another"}, Problem.SESSION),
    ],
)
def test_what_was_not_asked_for_is_held(
    till: Till, fields: dict[str, Any], problem: Problem, caplog: pytest.LogCaptureFixture
) -> None:
    till.paid()

    response = till.bring(altered(till, completed(till), **fields))

    assert response.status_code == 200
    assert not till.has_course
    assert till.payment.problem == problem
    assert alerts(caplog) == 1
    assert till.payment in Payment.objects.needing_attention()


@pytest.mark.refusal("terms")
def test_payment_for_another_course_is_held(till: Till) -> None:
    till.paid()
    event = completed(till)
    marks = {**event["data"]["object"]["metadata"], "lectern_course": "00000000-0000-0000-0000-000000000000"}

    till.bring(altered(till, event, metadata=marks))

    assert not till.has_course
    assert till.payment.problem == Problem.COURSE


def test_payment_of_an_unknown_checkout_is_kept_and_told(till: Till, caplog: pytest.LogCaptureFixture) -> None:
    till.paid()
    marks = {"lectern_checkout": "00000000-0000-0000-0000-000000000000", "lectern_course": "x"}

    till.bring(altered(till, completed(till), metadata=marks))

    assert not till.has_course
    assert PaymentEvent.objects.get().outcome == Outcome.UNMATCHED
    assert till.payment in Payment.objects.needing_attention()
    assert alerts(caplog) == 1


def test_payment_of_another_shop_in_the_same_account_is_none_of_ours(
    till: Till, caplog: pytest.LogCaptureFixture
) -> None:
    till.paid()

    response = till.bring(altered(till, completed(till), metadata={}))

    assert response.status_code == 200
    assert PaymentEvent.objects.get().outcome == Outcome.UNMATCHED
    assert not Payment.objects.orders().exists()
    assert not alerts(caplog)


def test_number_of_a_checkout_that_a_buyer_may_choose_is_not_believed(till: Till) -> None:
    """A payment link takes `client_reference_id` from its address: only what our key wrote down counts."""
    intent = till.paid()

    till.bring(altered(till, completed(till), metadata={}, client_reference_id=str(intent.pk)))

    assert not till.has_course


# What fails on the way is sent again


def test_message_that_could_not_be_taken_in_is_asked_for_again(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    till.paid()
    event = completed(till)
    client = Client(raise_request_exception=False)
    body = till.stripe.payload(event)

    def broken(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("database is locked")

    with monkeypatch.context() as patch:
        patch.setattr(entitlement, "settle", broken)
        response = client.post(
            WEBHOOK, body, content_type="application/json", headers={"stripe-signature": till.stripe.sign(body)}
        )
    assert response.status_code == 503
    assert not PaymentEvent.objects.exists()

    till.bring(event)

    assert till.has_course


def test_secrets_and_keys_are_never_logged(till: Till, caplog: pytest.LogCaptureFixture, settings: Any) -> None:
    intent = till.paid()
    intent.session = None
    settings.STRIPE_SECRET_KEY = "sk_test_of_another_account"  # which the provider quotes back
    till.bring(completed(till), secrets=["whsec_wrong"])

    with pytest.raises(stripe_api.ProviderAway) as failure:
        checkouts.pay(intent)

    said = caplog.text + repr(failure.value) + str(failure.value)
    assert "refused" in said
    assert "sk_test" not in said
    assert "whsec" not in said

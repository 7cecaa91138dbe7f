"""The server that speaks Stripe's protocol, by the real SDK and by plain HTTP."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests
import stripe as sdk

from purchases.tests.conftest import Shop
from stand_ins.stripe import server
from stand_ins.stripe.answers import Refusal
from stand_ins.stripe.server import Stripe

ROOT = Path(__file__).parents[2]

type Open = Callable[..., Any]


def params(**fields: Any) -> Any:
    line = {
        "price_data": {
            "currency": fields.pop("currency", "eur"),
            "unit_amount": fields.pop("unit_amount", 1900),
            "product_data": {"name": "Reading <Faces>"},
        },
        "quantity": 1,
    }
    return {
        "mode": "payment",
        "line_items": [line],
        "metadata": {"order": "17"},
        "payment_intent_data": {"metadata": {"order": "17"}},
        "customer_email": "ada@example.org",
        "success_url": "http://127.0.0.1:8000/thanks/?session={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://127.0.0.1:8000/course/",
        **fields,
    }


@pytest.fixture
def open_session(api: sdk.StripeClient) -> Open:
    def make(**fields: Any) -> Any:
        return api.v1.checkout.sessions.create(params(**fields))

    return make


def kinds(stripe: Stripe) -> list[str]:
    return [event["type"] for event in stripe.events]


def press(http: requests.Session, url: str, action: str, **fields: str) -> requests.Response:
    return http.post(url, {"action": action, **fields}, allow_redirects=False)


# Sessions.


def test_a_new_session_is_open_and_unpaid(stripe: Stripe, open_session: Open) -> None:
    session = open_session()

    assert session.id.startswith("cs_test_")
    assert (session.status, session.payment_status, session.payment_intent) == ("open", "unpaid", None)
    assert (session.amount_subtotal, session.amount_total, session.currency) == (1900, 1900, "eur")
    assert session.metadata["order"] == "17"
    assert session.livemode is False
    assert session.url == f"{stripe.origin}/c/pay/{session.id}"


@pytest.mark.parametrize(
    ("fields", "param", "code"),
    [
        ({"success_url": None}, "success_url", "parameter_missing"),
        ({"line_items": None}, "line_items", "parameter_missing"),
        ({"mode": None}, "mode", "parameter_missing"),
        ({"unit_amount": None}, "line_items[0][price_data][unit_amount]", "parameter_missing"),
        ({"unit_amount": "12.50"}, "line_items[0][price_data][unit_amount]", "parameter_invalid_integer"),
        ({"unit_amount": -1}, "line_items[0][price_data][unit_amount]", "parameter_invalid_integer"),
        ({"unit_amount": 49}, None, "amount_too_small"),
        ({"unit_amount": 100_000_000}, None, "amount_too_large"),
        ({"unit_amount": 1001, "currency": "kwd"}, "line_items[0][price_data][unit_amount]", None),
        ({"currency": "e1"}, "line_items[0][price_data][currency]", None),
        ({"success_url": "/thanks/"}, "success_url", "url_invalid"),
        ({"customer_email": "ada"}, "customer_email", "email_invalid"),
        ({"expires_at": int(time.time()) + 29 * 60}, "expires_at", None),
        ({"expires_at": int(time.time()) + 25 * 60 * 60}, "expires_at", None),
        ({"metadata": {"key": "x" * 501}}, "metadata", None),
        ({"colour": "red"}, "colour", "parameter_unknown"),
        ({"mode": "subscription"}, "mode", None),
    ],
)
def test_what_stripe_refuses_is_refused(open_session: Open, fields: dict, param: str, code: str) -> None:
    with pytest.raises(sdk.InvalidRequestError) as refusal:
        open_session(**fields)

    assert (refusal.value.http_status, refusal.value.param, refusal.value.code) == (400, param, code)


def test_nothing_to_pay_may_be_asked_for(stripe: Stripe, open_session: Open) -> None:
    session = open_session(unit_amount=0)

    assert stripe.pay(session.id)["payment_status"] == "no_payment_required"


def test_a_wrong_key_is_refused(stripe: Stripe, http: requests.Session) -> None:
    api = sdk.StripeClient(
        "sk_test_of_another", base_addresses={"api": stripe.origin}, http_client=sdk.RequestsClient(session=http)
    )

    with pytest.raises(sdk.AuthenticationError):
        api.v1.events.list()


def test_an_unknown_session_is_not_found(api: sdk.StripeClient) -> None:
    with pytest.raises(sdk.InvalidRequestError) as refusal:
        api.v1.checkout.sessions.retrieve("cs_test_x")

    assert (refusal.value.http_status, refusal.value.code) == (404, "resource_missing")


def test_the_same_key_gives_the_same_session(stripe: Stripe, api: sdk.StripeClient) -> None:
    first = api.v1.checkout.sessions.create(params(), {"idempotency_key": "k"})
    second = api.v1.checkout.sessions.create(params(), {"idempotency_key": "k"})

    assert first.id == second.id
    assert len(stripe.all("checkout.session")) == 1


def test_the_same_key_with_other_parameters_is_refused(api: sdk.StripeClient) -> None:
    api.v1.checkout.sessions.create(params(), {"idempotency_key": "k"})

    with pytest.raises(sdk.IdempotencyError):
        api.v1.checkout.sessions.create(params(unit_amount=2000), {"idempotency_key": "k"})


def test_an_expired_session_takes_no_payment(stripe: Stripe, api: sdk.StripeClient, open_session: Open) -> None:
    session = open_session()

    assert api.v1.checkout.sessions.expire(session.id).status == "expired"

    with pytest.raises(Refusal):
        stripe.pay(session.id)
    with pytest.raises(sdk.InvalidRequestError):
        api.v1.checkout.sessions.expire(session.id)
    assert kinds(stripe) == ["checkout.session.expired"]


def test_a_session_expires_when_its_time_is_over(stripe: Stripe, api: sdk.StripeClient, open_session: Open) -> None:
    session = open_session(expires_at=int(time.time()) + 31 * 60)

    stripe.clock = lambda: time.time() + 32 * 60

    assert api.v1.checkout.sessions.retrieve(session.id).status == "expired"
    assert api.v1.checkout.sessions.list().data[0].status == "expired"
    assert kinds(stripe) == ["checkout.session.expired"]


# Paying.


def test_a_card_pays_at_once(stripe: Stripe, api: sdk.StripeClient, open_session: Open) -> None:
    session = open_session(invoice_creation={"enabled": True})

    stripe.pay(session.id)

    paid = api.v1.checkout.sessions.retrieve(
        session.id, {"expand": ["payment_intent", "payment_intent.latest_charge", "invoice"]}
    )
    assert (paid.status, paid.payment_status, paid.url) == ("complete", "paid", None)
    intent: Any = paid.payment_intent
    assert (intent.status, intent.amount_received, intent.metadata["order"]) == ("succeeded", 1900, "17")
    assert (intent.latest_charge.amount_captured, intent.latest_charge.metadata["order"]) == (1900, "17")
    invoice: Any = paid.invoice
    assert invoice.total == 1900
    assert kinds(stripe) == [
        "charge.succeeded",
        "payment_intent.succeeded",
        "invoice.paid",
        "checkout.session.completed",
    ]


def test_a_call_that_asks_for_more_than_there_is_does_nothing(stripe: Stripe, open_session: Open) -> None:
    with pytest.raises(sdk.InvalidRequestError):
        open_session(expand=["payment_intent.customer"])

    assert stripe.all("checkout.session") == []


def test_lists_are_expanded(api: sdk.StripeClient, intent: str) -> None:
    found = api.v1.checkout.sessions.list({"expand": ["data.payment_intent.latest_charge"]}).data

    payment: Any = found[0].payment_intent
    assert payment.latest_charge.paid


def test_the_way_back_keeps_to_one_line(http: requests.Session, open_session: Open) -> None:
    session = open_session(success_url="http://127.0.0.1:8000/ü?a=b%20c\r\nX-Planted: 1")

    answer = press(http, session.url, "card")

    assert answer.headers["Location"] == "http://127.0.0.1:8000/%C3%BC?a=b%20c%0D%0AX-Planted:%201"


def test_the_page_shows_what_is_paid(http: requests.Session, open_session: Open) -> None:
    page = http.get(open_session().url)

    assert page.status_code == 200
    assert "takes no money" in page.text
    assert "Reading &lt;Faces&gt;" in page.text
    assert "19.00 EUR" in page.text
    assert "ada@example.org" in page.text
    assert 'href="http://127.0.0.1:8000/course/"' in page.text


@pytest.mark.parametrize(
    ("currency", "amount", "shown"),
    [("jpy", 1900, "1,900 JPY"), ("kwd", 1900, "1.900 KWD"), ("usd", 123456, "1,234.56 USD")],
)
def test_amounts_have_the_minor_units_of_their_currency(
    http: requests.Session, open_session: Open, currency: str, amount: int, shown: str
) -> None:
    page = http.get(open_session(currency=currency, unit_amount=amount).url)

    assert f"<dd>{shown}</dd>" in page.text


def test_the_press_pays_and_leads_back(stripe: Stripe, http: requests.Session, open_session: Open) -> None:
    session = open_session()

    answer = press(http, session.url, "card", name="Ada")

    assert answer.status_code == 303
    assert answer.headers["Location"] == f"http://127.0.0.1:8000/thanks/?session={session.id}"
    assert stripe.session(session.id)["customer_details"]["name"] == "Ada"


def test_a_second_press_charges_nothing(stripe: Stripe, http: requests.Session, open_session: Open) -> None:
    session = open_session()
    press(http, session.url, "card")

    answer = press(http, session.url, "card")

    assert answer.status_code == 409
    assert "already paid" in answer.text
    assert len(stripe.all("charge")) == 1


def test_presses_at_the_same_time_charge_once(stripe: Stripe, open_session: Open) -> None:
    session = open_session()

    def one(_: int) -> int:
        with requests.Session() as http:
            return press(http, session.url, "card").status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(one, range(8)))

    assert statuses == [303] + [409] * 7
    assert len(stripe.all("charge")) == 1


def test_a_declined_card_leaves_the_session_open(stripe: Stripe, http: requests.Session, open_session: Open) -> None:
    session = open_session()

    answer = press(http, session.url, "declined", name="Ada <3")

    assert answer.status_code == 402
    assert "declined" in answer.text
    assert 'value="Ada &lt;3"' in answer.text
    assert stripe.session(session.id)["status"] == "open"
    assert press(http, session.url, "card").status_code == 303


def test_without_an_address_of_the_shop_the_buyer_gives_one(
    stripe: Stripe, http: requests.Session, open_session: Open
) -> None:
    session = open_session(customer_email=None)

    assert press(http, session.url, "card").status_code == 400
    assert press(http, session.url, "card", email="bob@example.org").status_code == 303
    assert stripe.session(session.id)["customer_details"]["email"] == "bob@example.org"


def test_half_is_paid_with_a_code(stripe: Stripe, http: requests.Session, open_session: Open) -> None:
    session = open_session(allow_promotion_codes=True)

    assert press(http, session.url, "apply", code="half").headers["Location"] == f"/c/pay/{session.id}"

    assert "9.50 EUR" in http.get(session.url).text
    press(http, session.url, "card")
    paid = stripe.session(session.id)
    assert (paid["amount_subtotal"], paid["amount_total"]) == (1900, 950)
    assert paid["total_details"]["amount_discount"] == 950
    assert stripe.all("charge")[0]["amount"] == 950


def test_a_free_purchase_has_no_payment(stripe: Stripe, open_session: Open) -> None:
    session = open_session(allow_promotion_codes=True)

    paid = stripe.pay(session.id, code="FREE")

    assert (paid["status"], paid["payment_status"], paid["payment_intent"]) == ("complete", "no_payment_required", None)
    assert kinds(stripe) == ["checkout.session.completed"]


def test_codes_count_only_where_the_shop_allows_them(http: requests.Session, open_session: Open) -> None:
    session = open_session()

    answer = press(http, session.url, "apply", code="FREE")

    assert answer.status_code == 400
    assert "not known" in answer.text


@pytest.mark.parametrize(("behaviour", "total", "tax"), [("exclusive", 2261, 361), ("inclusive", 1900, 303)])
def test_tax_counts_from_the_payment_on(
    stripe: Stripe, api: sdk.StripeClient, behaviour: str, total: int, tax: int
) -> None:
    stripe.tax_percent = 19
    given = params(automatic_tax={"enabled": True})
    given["line_items"][0]["price_data"]["tax_behavior"] = behaviour
    session = api.v1.checkout.sessions.create(given)

    paid = stripe.pay(session.id)

    assert (session.amount_total, paid["amount_total"], paid["total_details"]["amount_tax"]) == (1900, total, tax)


def test_a_transfer_is_under_way_first(stripe: Stripe, http: requests.Session, open_session: Open) -> None:
    session = open_session()

    press(http, session.url, "bank")

    paid = stripe.session(session.id)
    assert (paid["status"], paid["payment_status"]) == ("complete", "unpaid")
    assert stripe.all("payment_intent")[0]["status"] == "processing"
    assert kinds(stripe) == ["checkout.session.completed"]


def test_a_transfer_arrives(stripe: Stripe, open_session: Open) -> None:
    session = open_session()
    stripe.pay(session.id, how="bank")

    assert stripe.settle(session.id)["payment_status"] == "paid"

    assert kinds(stripe)[-1] == "checkout.session.async_payment_succeeded"
    assert stripe.all("charge")[0]["status"] == "succeeded"


def test_a_transfer_fails(stripe: Stripe, open_session: Open) -> None:
    session = open_session()
    stripe.pay(session.id, how="bank")

    assert stripe.settle(session.id, ok=False)["payment_status"] == "unpaid"

    assert kinds(stripe)[-1] == "checkout.session.async_payment_failed"
    with pytest.raises(Refusal):
        stripe.settle(session.id)


@pytest.mark.parametrize("state", ["unknown", "expired", "complete"])
def test_each_state_has_its_sentence(stripe: Stripe, http: requests.Session, open_session: Open, state: str) -> None:
    session = open_session()
    address = {"unknown": f"{stripe.origin}/c/pay/cs_test_x"}.get(state, session.url)
    if state == "expired":
        stripe.expire(session.id)
    if state == "complete":
        stripe.pay(session.id)

    page = http.get(address)

    sentence = {"unknown": "no such checkout", "expired": "has expired", "complete": "already paid"}[state]
    assert sentence in page.text
    assert page.status_code == {"unknown": 404, "expired": 410, "complete": 200}[state]


def test_receipt_and_invoice_have_pages(stripe: Stripe, http: requests.Session, open_session: Open) -> None:
    stripe.pay(open_session(invoice_creation={"enabled": True}).id)
    invoice = stripe.all("invoice")[0]

    pages = [http.get(stripe.all("charge")[0]["receipt_url"]), http.get(invoice["hosted_invoice_url"])]

    assert all(page.status_code == 200 and "19.00 EUR" in page.text for page in pages)
    assert http.get(invoice["invoice_pdf"]).content.startswith(b"%PDF-")


# Refunds and disputes.


@pytest.fixture
def intent(stripe: Stripe, open_session: Open) -> str:
    return str(stripe.pay(open_session().id)["payment_intent"])


def test_a_refund_takes_all_that_is_left(api: sdk.StripeClient, intent: str) -> None:
    api.v1.refunds.create({"payment_intent": intent, "amount": 400})

    rest = api.v1.refunds.create({"payment_intent": intent, "metadata": {"order": "17"}})

    assert (rest.amount, rest.status) == (1500, "succeeded")
    charge: Any = api.v1.payment_intents.retrieve(intent, {"expand": ["latest_charge"]}).latest_charge
    assert (charge.amount_refunded, charge.refunded) == (1900, True)


def test_refunds_add_up_in_events(stripe: Stripe, intent: str) -> None:
    stripe.refund(intent, amount=400)
    stripe.refund(intent, amount=500)

    told = [event["data"]["object"] for event in stripe.events if event["type"] == "charge.refunded"]
    assert [charge["amount_refunded"] for charge in told] == [400, 900]


@pytest.mark.parametrize(("amount", "code"), [(1900, "charge_already_refunded"), (1000, None)])
def test_no_more_is_refunded_than_was_paid(api: sdk.StripeClient, intent: str, amount: int, code: str) -> None:
    api.v1.refunds.create({"payment_intent": intent, "amount": amount})

    with pytest.raises(sdk.InvalidRequestError) as refusal:
        api.v1.refunds.create({"payment_intent": intent, "amount": 1000})

    assert refusal.value.code == code


def test_refunds_are_listed_by_payment(api: sdk.StripeClient, stripe: Stripe, open_session: Open) -> None:
    first, second = (str(stripe.pay(open_session().id)["payment_intent"]) for _ in range(2))
    refund = stripe.refund(first, amount=100)
    stripe.refund(second, amount=100)

    assert [found.id for found in api.v1.refunds.list({"payment_intent": first}).data] == [refund["id"]]
    assert api.v1.refunds.retrieve(refund["id"]).amount == 100


def test_a_refund_that_fails_counts_no_more(stripe: Stripe, intent: str) -> None:
    refund = stripe.refund(intent)

    assert stripe.fail_refund(refund["id"])["status"] == "failed"

    charge = stripe.all("charge")[0]
    assert (charge["amount_refunded"], charge["refunded"]) == (0, False)
    assert kinds(stripe)[-2:] == ["refund.updated", "refund.failed"]


@pytest.mark.parametrize("verdict", ["won", "lost"])
def test_a_dispute_is_opened_and_closed(stripe: Stripe, api: sdk.StripeClient, intent: str, verdict: Any) -> None:
    stripe.dispute(intent)
    with pytest.raises(sdk.InvalidRequestError):
        api.v1.refunds.create({"payment_intent": intent})

    closed = stripe.close_dispute(intent, verdict)

    assert (closed["status"], closed["payment_intent"]) == (verdict, intent)
    assert kinds(stripe)[-2:] == ["charge.dispute.created", "charge.dispute.closed"]
    assert api.v1.charges.retrieve(closed["charge"]).disputed


# Events and lists.


def test_events_are_listed_newest_first_in_pages(api: sdk.StripeClient, stripe: Stripe, intent: str) -> None:
    first = api.v1.events.list({"limit": 2})
    rest = api.v1.events.list({"limit": 2, "starting_after": first.data[-1].id})

    assert first.has_more
    assert not rest.has_more
    assert [event.type for event in [*first.data, *rest.data]] == kinds(stripe)[::-1]


def test_events_are_filtered(api: sdk.StripeClient, stripe: Stripe, intent: str) -> None:
    wanted = ["charge.succeeded", "payment_intent.succeeded"]
    now = stripe.now()

    assert {event.type for event in api.v1.events.list({"types": wanted}).data} == set(wanted)
    assert [event.type for event in api.v1.events.list({"type": "charge.*"}).data] == ["charge.succeeded"]
    assert api.v1.events.list({"created": {"gte": now + 60}}).data == []
    assert len(api.v1.events.list({"created": {"gte": now - 60, "lte": now + 60}}).data) == 3


def test_all_pages_are_walked(api: sdk.StripeClient, stripe: Stripe, open_session: Open) -> None:
    for _ in range(5):
        open_session()

    found = list(api.v1.checkout.sessions.list({"limit": 2}).auto_paging_iter())

    assert [session.id for session in found] == [session["id"] for session in stripe.all("checkout.session")][::-1]


def test_a_session_is_found_by_its_payment(api: sdk.StripeClient, open_session: Open, intent: str) -> None:
    open_session()

    found = api.v1.checkout.sessions.list({"payment_intent": intent}).data

    assert [session.payment_intent for session in found] == [intent]


def test_an_event_names_the_call_that_caused_it(api: sdk.StripeClient, stripe: Stripe, intent: str) -> None:
    api.v1.refunds.create({"payment_intent": intent}, {"idempotency_key": "refund-17"})

    causes = {event["type"]: event["request"]["idempotency_key"] for event in stripe.events}
    assert causes["refund.created"] == "refund-17"
    assert causes["checkout.session.completed"] is None


# Webhooks.


def test_webhooks_are_signed_and_come_in_order(stripe: Stripe, shop: Shop, open_session: Open) -> None:
    stripe.webhook_url = shop.url

    stripe.pay(open_session().id)

    assert stripe.wait()
    secret = stripe.webhook_secrets[0]
    got = [sdk.Webhook.construct_event(body, header, secret) for body, header in shop.got]
    assert [event.type for event in got] == kinds(stripe)
    assert stripe.all("event")[0]["pending_webhooks"] == 0


def test_each_secret_signs(stripe: Stripe) -> None:
    header = stripe.sign(b'{"object": "event"}', secrets=["whsec_old", "whsec_new"])

    for secret in ("whsec_old", "whsec_new"):
        assert sdk.WebhookSignature.verify_header('{"object": "event"}', header, secret, 300)


def test_an_old_signature_can_be_made(stripe: Stripe) -> None:
    header = stripe.sign(b"{}", at=time.time() - 600)

    with pytest.raises(sdk.SignatureVerificationError):
        sdk.WebhookSignature.verify_header("{}", header, stripe.webhook_secrets[0], 300)


def test_a_refused_webhook_comes_again(stripe: Stripe, shop: Shop, open_session: Open) -> None:
    stripe.webhook_url, shop.answers = shop.url, [500, 302]

    stripe.expire(open_session().id)

    assert stripe.wait()
    assert [status for _, status in stripe.sent] == [500, 302, 200]
    assert len({body for body, _ in shop.got}) == 1


def test_the_tries_end(stripe: Stripe, shop: Shop, open_session: Open) -> None:
    stripe.webhook_url, shop.answers = shop.url, [500] * 9

    stripe.expire(open_session().id)

    assert stripe.wait()
    assert [status for _, status in stripe.sent] == [500] * 4
    assert stripe.events[0]["pending_webhooks"] == 1


def test_held_events_are_delivered_in_any_order_and_twice(stripe: Stripe, shop: Shop, open_session: Open) -> None:
    stripe.webhook_url, stripe.webhooks = shop.url, "hold"
    stripe.pay(open_session().id)
    last = stripe.held[-1]

    assert [stripe.deliver(last), stripe.deliver(last)] == [200, 200]
    assert stripe.release() == [200, 200]

    assert [json.loads(body)["id"] for body, _ in shop.got][:2] == [last["id"]] * 2
    assert stripe.held == []


def test_webhooks_leave_this_machine_never(stripe: Stripe) -> None:
    stripe.webhook_url = "http://example.org/"

    with pytest.raises(ValueError, match="this machine"):
        stripe.deliver(stripe.event("charge.succeeded", {}))


# Faults.


@pytest.mark.parametrize("fault", ["down", "500", "429", "nonsense", "invalid", "lost"])
def test_faults_fail_calls_but_no_pages(
    stripe: Stripe, api: sdk.StripeClient, http: requests.Session, open_session: Open, fault: Any
) -> None:
    session = open_session()
    stripe.fault = fault

    with pytest.raises(sdk.StripeError):
        api.v1.checkout.sessions.retrieve(session.id)

    assert http.get(session.url).status_code == 200


def test_a_lost_answer_is_told_when_asked_again(stripe: Stripe, api: sdk.StripeClient) -> None:
    stripe.fault = "lost"
    with pytest.raises(sdk.APIConnectionError):
        api.v1.checkout.sessions.create(params(), {"idempotency_key": "k"})
    stripe.fault = ""

    session = api.v1.checkout.sessions.create(params(), {"idempotency_key": "k"})

    assert [made["id"] for made in stripe.all("checkout.session")] == [session.id]


def test_a_slow_call_waits_until_told(stripe: Stripe, api: sdk.StripeClient) -> None:
    stripe.fault = "slow"
    with ThreadPoolExecutor(1) as pool:
        call = pool.submit(api.v1.events.list)
        time.sleep(0.1)
        assert not call.done()

        stripe.go_on()

        assert call.result(5).data == []


# The store, and who may ask.


def test_everything_outlives_the_server(tmp_path: Path, shop: Shop, http: requests.Session) -> None:
    store = tmp_path / "var" / "stripe.json"
    with server.running(store=store) as stripe:
        api = sdk.StripeClient(
            stripe.secret_key,
            base_addresses={"api": stripe.origin},
            http_client=sdk.RequestsClient(session=http),
        )
        session = api.v1.checkout.sessions.create(params(), {"idempotency_key": "k"})
        stripe.pay(session.id)
        first = stripe.shelf.tables

    with server.running(store=store, webhook_url=shop.url) as again:
        assert again.wait()

        assert again.session(session.id)["status"] == "complete"
        assert {name: list(table) for name, table in again.shelf.tables.items()} == {
            name: list(table) for name, table in first.items()
        }
    assert [json.loads(body)["type"] for body, _ in shop.got][-1] == "checkout.session.completed"


@pytest.mark.parametrize(("action", "kind"), [("arrive", "succeeded"), ("fail", "failed")])
def test_a_person_plays_the_bank(
    stripe: Stripe, http: requests.Session, open_session: Open, action: str, kind: str
) -> None:
    session = open_session()
    stripe.pay(session.id, how="bank")
    assert "Bank transfer arrives" in http.get(f"{stripe.origin}/_control").text

    answer = press(http, f"{stripe.origin}/_control", action, session=session.id)

    assert answer.status_code == 303
    assert kinds(stripe)[-1] == f"checkout.session.async_payment_{kind}"


def test_a_person_disputes(stripe: Stripe, http: requests.Session, open_session: Open) -> None:
    session = open_session()
    stripe.pay(session.id)

    for action in ("dispute", "lost"):
        press(http, f"{stripe.origin}/_control", action, session=session.id)

    assert stripe.all("dispute")[0]["status"] == "lost"
    assert "<dd>lost</dd>" in http.get(f"{stripe.origin}/_control").text


@pytest.mark.parametrize("origin", ["http://example.org", "null"])
def test_a_foreign_page_may_press_nothing(
    stripe: Stripe, http: requests.Session, open_session: Open, origin: str
) -> None:
    session = open_session()
    stripe.pay(session.id)

    form = {"action": "dispute", "session": session.id}
    answer = http.post(f"{stripe.origin}/_control", form, headers={"Origin": origin})

    assert answer.status_code == 403
    assert stripe.all("dispute") == []


def test_a_foreign_name_is_not_answered(stripe: Stripe, http: requests.Session) -> None:
    answer = http.get(f"{stripe.origin}/_control", headers={"Host": "rebound.example.org"})

    assert answer.status_code == 421


def test_large_bodies_are_refused(stripe: Stripe, http: requests.Session) -> None:
    answer = http.get(f"{stripe.origin}/_control", headers={"Content-Length": "1048577"})

    assert answer.status_code == 413


def test_it_runs_by_itself_and_prints_the_settings() -> None:
    command = [sys.executable, "-m", "stand_ins.stripe.server", "--port", "0", "--webhook-secret", "whsec_x"]
    # A shell that runs the tests in the background has them ignore Ctrl-C, and so would what they start.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT / "site") as process:
        signal.signal(signal.SIGINT, before)
        try:
            assert process.stdout is not None
            lines = [process.stdout.readline().strip() for _ in range(3)]
            process.send_signal(signal.SIGINT)
            status = process.wait(60)
        finally:
            process.kill()

    assert [line.partition("=")[0] for line in lines] == [
        "STRIPE_SECRET_KEY",
        "STRIPE_WEBHOOK_SECRET",
        "STRIPE_API_BASE",
    ]
    assert lines[1] == "STRIPE_WEBHOOK_SECRET=whsec_x"
    assert status == 0

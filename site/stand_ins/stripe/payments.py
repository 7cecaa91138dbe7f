"""Payments: made once for each session, by card at once, or by a transfer that arrives or fails later."""

from typing import TYPE_CHECKING, Literal

from stand_ins.stripe import records, sessions
from stand_ins.stripe.answers import Record, Refusal, unknown
from stand_ins.stripe.money import check_total
from stand_ins.stripe.shelf import new_id

if TYPE_CHECKING:
    from stand_ins.stripe.account import Stripe

type How = Literal["card", "bank", "declined"]

METHODS = {"card": "card", "bank": "customer_balance"}


def pay(account: "Stripe", identifier: str, *, how: How, email: str, name: str) -> Record:
    """The session, complete. It is left open by a card that is declined, and refused where it is not open."""
    session, cart = sessions.get(account, identifier), sessions.cart_of(account, identifier)
    _check_open(session)
    if how == "declined":
        raise Refusal(402, "Your card was declined.", code="card_declined", kind="card_error")
    _complete(account, session, cart, email=email, name=name)
    if session["amount_total"] == 0:
        session["payment_status"] = "no_payment_required"
        _make_invoice(account, session, cart)
    else:
        _start(account, session, cart, method=METHODS[how])
        if how == "card":
            _succeed(account, session, cart)
    account.shelf.put(sessions.SESSION, session)
    account.emit("checkout.session.completed", session)
    return session


def settle(account: "Stripe", identifier: str, *, ok: bool) -> Record:
    """The session, once the transfer that it waits for has arrived or failed."""
    session, cart = sessions.get(account, identifier), sessions.cart_of(account, identifier)
    intent = account.shelf.get("payment_intent", session["payment_intent"] or "")
    if intent is None or intent["status"] != "processing":
        raise Refusal(400, "This session waits for no transfer.", code="payment_intent_unexpected_state")
    if ok:
        _succeed(account, session, cart)
        account.shelf.put(sessions.SESSION, session)
        account.emit("checkout.session.async_payment_succeeded", session)
    else:
        _fail(account, intent)
        account.emit("checkout.session.async_payment_failed", session)
    return session


def charge_of(account: "Stripe", intent: str) -> Record:
    found = account.shelf.get("payment_intent", intent)
    if found is None:
        raise unknown("payment_intent", intent, param="payment_intent")
    charge = account.shelf.get("charge", found["latest_charge"] or "")
    if charge is None:
        raise Refusal(400, f"Nothing was charged for {intent}.", param="payment_intent")
    return charge


def _check_open(session: Record) -> None:
    if session["status"] == "complete":
        raise Refusal(400, "This was already paid. Nothing was charged now.", code="session_complete")
    if session["status"] == "expired":
        raise Refusal(400, "This session has expired. Nothing was charged.", code="session_expired")


def _complete(account: "Stripe", session: Record, cart: Record, *, email: str, name: str) -> None:
    totals = sessions.price(account, session, cart)
    check_total(totals["amount_total"], session["currency"])
    address = session["customer_email"] or email
    session |= {
        "amount_total": totals["amount_total"],
        "customer_details": {"address": None, "email": address, "name": name or None, "phone": None},
        "status": "complete",
        "total_details": {
            **session["total_details"],
            **{key: totals[key] for key in session["total_details"] if key in totals},
        },
        "url": None,
    }
    if session["automatic_tax"]["enabled"]:
        session["automatic_tax"]["status"] = "complete"


def _start(account: "Stripe", session: Record, cart: Record, *, method: str) -> None:
    intent = records.payment_intent(session, cart, method=method, now=account.now())
    charge = records.charge(intent, session["customer_details"], origin=account.origin, now=account.now())
    intent["latest_charge"] = charge["id"]
    session["payment_intent"] = intent["id"]
    account.shelf.put("payment_intent", intent)
    account.shelf.put("charge", charge)


def _succeed(account: "Stripe", session: Record, cart: Record) -> None:
    charge = charge_of(account, session["payment_intent"])
    intent = account.shelf.get("payment_intent", session["payment_intent"]) or {}
    charge |= {
        "amount_captured": charge["amount"],
        "balance_transaction": new_id("balance_transaction"),
        "captured": True,
        "outcome": {"network_status": "approved_by_network", "risk_level": "normal", "type": "authorized"},
        "paid": True,
        "status": "succeeded",
    }
    intent |= {"amount_received": intent["amount"], "status": "succeeded"}
    session["payment_status"] = "paid"
    account.shelf.put("charge", charge)
    account.shelf.put("payment_intent", intent)
    account.emit("charge.succeeded", charge)
    account.emit("payment_intent.succeeded", intent)
    _make_invoice(account, session, cart)


def _fail(account: "Stripe", intent: Record) -> None:
    charge = charge_of(account, intent["id"])
    message = "The transfer did not arrive."
    charge |= {"status": "failed", "failure_code": "payment_method_not_available", "failure_message": message}
    error = {
        "type": "invalid_request_error",
        "code": charge["failure_code"],
        "message": message,
        "charge": charge["id"],
    }
    intent |= {"status": "requires_payment_method", "payment_method": None, "last_payment_error": error}
    account.shelf.put("charge", charge)
    account.shelf.put("payment_intent", intent)


def _make_invoice(account: "Stripe", session: Record, cart: Record) -> None:
    if session["invoice_creation"]["enabled"]:
        number = len(account.shelf.all("invoice")) + 1
        invoice = records.invoice(session, cart, number=number, origin=account.origin, now=account.now())
        session["invoice"] = invoice["id"]
        account.shelf.put("invoice", invoice)
        account.emit("invoice.paid", invoice)

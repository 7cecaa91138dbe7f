"""What comes out of a payment, in Stripe's shapes: intent, charge, invoice, refund, dispute and event."""

from typing import TYPE_CHECKING, Any

from stand_ins.stripe.answers import Record
from stand_ins.stripe.shelf import new_id

if TYPE_CHECKING:
    from stand_ins.stripe.account import Stripe

API_VERSION = "2026-10-28.endive"
CARD = {"brand": "visa", "country": "US", "exp_month": 12, "exp_year": 2040, "funding": "credit", "last4": "4242"}


def payment_intent(session: Record, cart: Record, *, method: str, now: int) -> Record:
    identifier = new_id("payment_intent")
    return {
        "id": identifier,
        "object": "payment_intent",
        "amount": session["amount_total"],
        "amount_capturable": 0,
        "amount_received": 0,
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": "automatic_async",
        "client_secret": f"{identifier}_secret_of_nobody",
        "confirmation_method": "automatic",
        "created": now,
        "currency": session["currency"],
        "customer": None,
        "description": cart["description"],
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": cart["payment_metadata"],
        "next_action": None,
        "payment_method": new_id("payment_method"),
        "payment_method_types": [method],
        "processing": None,
        "receipt_email": None,
        "status": "processing",
    }


def charge(intent: Record, customer: Record, *, origin: str, now: int) -> Record:
    """A charge that is on its way; it succeeds or fails later, be it at once."""
    identifier = new_id("charge")
    method = intent["payment_method_types"][0]
    return {
        "id": identifier,
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": 0,
        "amount_refunded": 0,
        "balance_transaction": None,
        "billing_details": {"address": None, "email": customer["email"], "name": customer["name"], "phone": None},
        "captured": False,
        "created": now,
        "currency": intent["currency"],
        "customer": None,
        "description": intent["description"],
        "disputed": False,
        "failure_code": None,
        "failure_message": None,
        "fraud_details": {},
        "livemode": False,
        "metadata": intent["metadata"],
        "outcome": None,
        "paid": False,
        "payment_intent": intent["id"],
        "payment_method": intent["payment_method"],
        "payment_method_details": {"type": method, method: CARD if method == "card" else {}},
        "receipt_email": None,
        "receipt_number": None,
        "receipt_url": f"{origin}/receipts/{identifier}",
        "refunded": False,
        "status": "pending",
    }


def invoice(session: Record, cart: Record, *, number: int, origin: str, now: int) -> Record:
    identifier = new_id("invoice")
    total = session["amount_total"]
    customer = session["customer_details"]
    return {
        "id": identifier,
        "object": "invoice",
        "amount_due": total,
        "amount_paid": total,
        "amount_remaining": 0,
        "auto_advance": False,
        "billing_reason": "manual",
        "collection_method": "charge_automatically",
        "created": now,
        "currency": session["currency"],
        "customer_email": customer["email"],
        "customer_name": customer["name"],
        "hosted_invoice_url": f"{origin}/i/{identifier}",
        "invoice_pdf": f"{origin}/i/{identifier}/pdf",
        "lines": {"object": "list", "data": [_line(line, session) for line in cart["lines"]], "has_more": False},
        "livemode": False,
        "metadata": cart["invoice_metadata"],
        "number": f"LOCAL-{number:04}",
        "status": "paid",
        "status_transitions": {"finalized_at": now, "paid_at": now, "marked_uncollectible_at": None, "voided_at": None},
        "subtotal": session["amount_subtotal"],
        "total": total,
    }


def refund(charge: Record, *, amount: int, reason: str | None, metadata: dict[str, str], now: int) -> Record:
    method = charge["payment_method_details"]["type"]
    return {
        "id": new_id("refund"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": new_id("balance_transaction"),
        "charge": charge["id"],
        "created": now,
        "currency": charge["currency"],
        "destination_details": {"type": method, method: {"reference_status": "pending", "type": "refund"}},
        "metadata": metadata,
        "payment_intent": charge["payment_intent"],
        "reason": reason,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "succeeded",
        "transfer_reversal": None,
    }


def dispute(charge: Record, *, now: int) -> Record:
    return {
        "id": new_id("dispute"),
        "object": "dispute",
        "amount": charge["amount"],
        "balance_transactions": [],
        "charge": charge["id"],
        "created": now,
        "currency": charge["currency"],
        "evidence": {},
        "evidence_details": {"due_by": now + 7 * 86400, "has_evidence": False, "submission_count": 0},
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "reason": "fraudulent",
        "status": "needs_response",
    }


def event(account: "Stripe", kind: str, shown: Record, *, before: dict[str, Any] | None = None) -> Record:
    data: Record = {"object": shown}
    if before:
        data["previous_attributes"] = before
    return {
        "id": new_id("event"),
        "object": "event",
        "api_version": API_VERSION,
        "created": account.now(),
        "data": data,
        "livemode": False,
        "pending_webhooks": 1,
        "request": dict(account.request),
        "type": kind,
    }


def _line(line: Record, session: Record) -> Record:
    amount = line["unit_amount"] * line["quantity"]
    return {
        "object": "line_item",
        "amount": amount,
        "currency": session["currency"],
        "description": line["name"],
        "quantity": line["quantity"],
    }

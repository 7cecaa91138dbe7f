"""Money on its way back: refunds, refunds that fail, and payments that a bank disputes."""

from typing import TYPE_CHECKING, Literal

from stand_ins.stripe import forms, payments, records
from stand_ins.stripe.answers import Record, Refusal, unknown
from stand_ins.stripe.forms import Tree

if TYPE_CHECKING:
    from stand_ins.stripe.account import Stripe

type Verdict = Literal["won", "lost"]

REASONS = {"duplicate", "fraudulent", "requested_by_customer"}
KNOWN = {"payment_intent", "charge", "amount", "reason", "metadata", "expand"}


def create(account: "Stripe", params: Tree) -> Record:
    forms.check_names(params, KNOWN)
    metadata = forms.metadata(params)
    reason = forms.choice(params, "reason", REASONS)
    amount = forms.integer(params, "amount", least=1)
    return refund(account, _charge_meant(account, params), amount=amount, reason=reason, metadata=metadata)


def refund(
    account: "Stripe", charge: Record, *, amount: int | None, reason: str = "", metadata: dict[str, str] | None = None
) -> Record:
    """A refund of this much, or of all that is left."""
    left = charge["amount_captured"] - charge["amount_refunded"]
    _check_refundable(account, charge)
    amount = left if amount is None else amount
    if not 0 < amount <= left:
        raise Refusal(400, f"Of this charge {left} can be refunded, not {amount}.", param="amount")
    made = records.refund(charge, amount=amount, reason=reason or None, metadata=metadata or {}, now=account.now())
    account.shelf.put("refund", made)
    account.emit("refund.created", made)
    _count(account, charge, amount)
    account.emit("charge.refunded", charge, before={"amount_refunded": charge["amount_refunded"] - amount})
    _tell_reference(account, made)
    return made


def fail(account: "Stripe", identifier: str) -> Record:
    """The refund after the customer's bank sent it back: the charge then counts as if it had never been."""
    made = account.shelf.get("refund", identifier)
    if made is None:
        raise unknown("refund", identifier)
    if made["status"] != "succeeded":
        raise Refusal(400, f"This refund is {made['status']}.")
    before = {"status": made["status"], "failure_reason": None}
    made |= {"status": "failed", "failure_reason": "lost_or_stolen_card"}
    account.shelf.put("refund", made)
    _count(account, _charge(account, made["charge"]), -made["amount"])
    account.emit("refund.updated", made, before=before)
    account.emit("refund.failed", made)
    return made


def dispute(account: "Stripe", intent: str) -> Record:
    charge = payments.charge_of(account, intent)
    if charge["status"] != "succeeded" or charge["disputed"]:
        raise Refusal(400, "This charge cannot be disputed, or is already.")
    made = records.dispute(charge, now=account.now())
    charge["disputed"] = True
    account.shelf.put("charge", charge)
    account.shelf.put("dispute", made)
    account.emit("charge.dispute.created", made)
    return made


def close(account: "Stripe", intent: str, verdict: Verdict) -> Record:
    made = dispute_of(account, payments.charge_of(account, intent)["id"])
    if made is None or made["status"] != "needs_response":
        raise Refusal(400, "No dispute is open about this payment.")
    made["status"] = verdict
    account.shelf.put("dispute", made)
    account.emit("charge.dispute.closed", made)
    return made


def dispute_of(account: "Stripe", charge: str) -> Record | None:
    return next((made for made in account.shelf.all("dispute") if made["charge"] == charge), None)


def _charge_meant(account: "Stripe", params: Tree) -> Record:
    intent, charge = forms.text(params, "payment_intent"), forms.text(params, "charge")
    if charge:
        return _charge(account, charge)
    if intent:
        return payments.charge_of(account, intent)
    raise Refusal(400, "Missing required parameter: payment_intent", code="parameter_missing", param="payment_intent")


def _charge(account: "Stripe", identifier: str) -> Record:
    charge = account.shelf.get("charge", identifier)
    if charge is None:
        raise unknown("charge", identifier, param="charge")
    return charge


def _check_refundable(account: "Stripe", charge: Record) -> None:
    if charge["status"] != "succeeded":
        raise Refusal(400, "This charge has not succeeded, so there is nothing to refund.", param="payment_intent")
    if charge["refunded"]:
        raise Refusal(400, f"Charge {charge['id']} is refunded already.", code="charge_already_refunded")
    made = dispute_of(account, charge["id"])
    if made and made["status"] != "won":
        raise Refusal(400, f"Charge {charge['id']} is disputed.", code="charge_disputed")


def _count(account: "Stripe", charge: Record, amount: int) -> None:
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    account.shelf.put("charge", charge)


def _tell_reference(account: "Stripe", made: Record) -> None:
    """The bank's reference is known a little later; that is the one update which every refund gets."""
    method = made["destination_details"]["type"]
    made["destination_details"][method] |= {"reference_status": "available", "reference": made["id"][-11:]}
    account.shelf.put("refund", made)
    account.emit("refund.updated", made)

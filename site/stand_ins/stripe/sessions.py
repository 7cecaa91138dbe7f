"""Checkout sessions: opened by the shop, looked at, given a promotion code, and expired."""

from typing import TYPE_CHECKING, Any

from stand_ins.stripe import forms, parameters, shelf
from stand_ins.stripe.answers import Record, Refusal, unknown
from stand_ins.stripe.forms import Tree
from stand_ins.stripe.money import MINIMUM

if TYPE_CHECKING:
    from stand_ins.stripe.account import Stripe

SESSION = "checkout.session"
CART = "cart"  # what the server has to know of a session and does not tell
PERCENT_OFF = {"HALF": 50, "FREE": 100}


def create(account: "Stripe", params: Tree) -> Record:
    parameters.check(params)
    now = account.now()
    goods = parameters.goods(params)
    identifier = shelf.new_id(SESSION)
    payment = forms.branch(params, "payment_intent_data")
    invoice = forms.branch(params, "invoice_creation")
    cart = {
        "id": identifier,
        "lines": goods.lines,
        "tax_behavior": goods.tax_behavior,
        "code": "",
        "payment_metadata": forms.metadata(payment, within="payment_intent_data"),
        "description": forms.text(payment, "description", within="payment_intent_data") or None,
        "invoice_metadata": forms.metadata(
            forms.branch(invoice, "invoice_data"), within="invoice_creation[invoice_data]"
        ),
    }
    session = {
        **_unpaid(params, now=now),
        "id": identifier,
        "amount_subtotal": goods.subtotal,
        "amount_total": goods.subtotal,
        "currency": goods.currency,
        "url": f"{account.origin}/c/pay/{identifier}",
    }
    account.shelf.put(CART, cart)
    account.shelf.put(SESSION, session)
    return session


def get(account: "Stripe", identifier: str, *, param: str = "id") -> Record:
    """A session as it is now: one whose time is over expires when somebody looks."""
    session = account.shelf.get(SESSION, identifier)
    if session is None:
        raise unknown(SESSION, identifier, param=param)
    if session["status"] == "open" and session["expires_at"] <= account.now():
        return _expired(account, session)
    return session


def every(account: "Stripe") -> list[Record]:
    return [get(account, session["id"]) for session in account.shelf.all(SESSION)]


def expire(account: "Stripe", identifier: str) -> Record:
    session = get(account, identifier)
    if session["status"] != "open":
        raise Refusal(400, f"Only an open session can be expired; this one is {session['status']}.")
    return _expired(account, session)


def apply_code(account: "Stripe", identifier: str, code: str, *, is_forced: bool = False) -> Record:
    """The session with a discount, or a refusal. A second code takes the place of the first.

    `is_forced`: also where the shop takes no codes, as who holds the account's key could do.
    """
    session, cart = get(account, identifier), cart_of(account, identifier)
    code = code.strip().upper()
    if session["status"] != "open":
        raise Refusal(400, f"This session is {session['status']}.")
    if code not in PERCENT_OFF or not (session["allow_promotion_codes"] or is_forced):
        raise Refusal(400, "This promotion code is not known.", code="promotion_code_invalid", param="code")
    cart["code"] = code
    totals = price(account, session, cart)
    if 0 < totals["amount_total"] < MINIMUM:
        raise Refusal(400, "With this promotion code too little would be left to pay.", param="code")
    session["discounts"] = [{"coupon": None, "promotion_code": shelf.new_id("promotion_code")}]
    session["total_details"]["amount_discount"] = session["amount_subtotal"] - _left(session, cart)
    session["amount_total"] = _left(session, cart)
    account.shelf.put(CART, cart)
    account.shelf.put(SESSION, session)
    return session


def price(account: "Stripe", session: Record, cart: Record) -> dict[str, int]:
    """What there is to pay, with the tax that counts from the moment of paying on."""
    left = _left(session, cart)
    tax = included = 0
    if session["automatic_tax"]["enabled"]:
        if cart["tax_behavior"] == "inclusive":
            included = left - round(left * 100 / (100 + account.tax_percent))
        else:
            tax = round(left * account.tax_percent / 100)
    discount = session["amount_subtotal"] - left
    return {"amount_discount": discount, "amount_tax": tax + included, "amount_total": left + tax}


def cart_of(account: "Stripe", identifier: str) -> Record:
    cart = account.shelf.get(CART, identifier)
    if cart is None:
        raise unknown(CART, identifier)
    return cart


def product(account: "Stripe", identifier: str) -> str:
    """The goods in one line."""
    lines = cart_of(account, identifier)["lines"]
    return ", ".join(
        line["name"] if line["quantity"] == 1 else f"{line['quantity']} × {line['name']}" for line in lines
    )


def return_address(session: Record) -> str:
    return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"])


def _left(session: Record, cart: Record) -> int:
    percent = PERCENT_OFF.get(cart["code"], 0)
    return int(session["amount_subtotal"] - (session["amount_subtotal"] * percent + 50) // 100)


def _expired(account: "Stripe", session: Record) -> Record:
    session |= {"status": "expired", "url": None}
    account.shelf.put(SESSION, session)
    account.emit("checkout.session.expired", session)
    return session


def _unpaid(params: Tree, *, now: int) -> dict[str, Any]:
    email = parameters.email(params, "customer_email")
    has_tax = forms.boolean(forms.branch(params, "automatic_tax"), "enabled", within="automatic_tax")
    has_invoice = forms.boolean(forms.branch(params, "invoice_creation"), "enabled", within="invoice_creation")
    return {
        "object": SESSION,
        "allow_promotion_codes": forms.boolean(params, "allow_promotion_codes") or None,
        "automatic_tax": {
            "enabled": has_tax,
            "liability": {"type": "self"} if has_tax else None,
            "provider": "stripe" if has_tax else None,
            "status": "requires_location_inputs" if has_tax else None,
        },
        "cancel_url": forms.address(params, "cancel_url") or None,
        "client_reference_id": forms.text(params, "client_reference_id", longest=200) or None,
        "client_secret": None,
        "created": now,
        "customer": None,
        "customer_creation": forms.choice(params, "customer_creation", {"always", "if_required"}) or "if_required",
        "customer_details": {"email": email, "name": None, "phone": None, "address": None} if email else None,
        "customer_email": email,
        "discounts": [],
        "expires_at": parameters.expires_at(params, now=now),
        "invoice": None,
        "invoice_creation": {"enabled": has_invoice, "invoice_data": {"metadata": {}}},
        "livemode": False,
        "locale": forms.text(params, "locale") or None,
        "metadata": forms.metadata(params),
        "mode": "payment",
        "payment_intent": None,
        "payment_method_types": ["card", "customer_balance"],
        "payment_status": "unpaid",
        "status": "open",
        "submit_type": forms.text(params, "submit_type") or None,
        "success_url": forms.address(params, "success_url", required=True),
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
    }

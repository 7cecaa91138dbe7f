"""What may be said about a new session, and what of it is believed: the goods, the amounts, the way back."""

import re
from dataclasses import dataclass
from typing import Any

from stand_ins.stripe import forms, money
from stand_ins.stripe.answers import Refusal
from stand_ins.stripe.forms import Tree

SHORTEST, LONGEST = 30 * 60, 24 * 60 * 60
SESSION = frozenset(
    [
        "mode",
        "line_items",
        "metadata",
        "payment_intent_data",
        "customer_email",
        "customer_creation",
        "client_reference_id",
        "success_url",
        "cancel_url",
        "expires_at",
        "allow_promotion_codes",
        "invoice_creation",
        "automatic_tax",
        "expand",
        "locale",
        "submit_type",
        "ui_mode",
        "payment_method_types",
        "billing_address_collection",
        "currency",
        "custom_text",
        "consent_collection",
        "tax_id_collection",
        "name_collection",
        "phone_number_collection",
        "integration_identifier",
        "branding_settings",
        "adaptive_pricing",
    ]
)
PAYMENT = frozenset(
    [
        "metadata",
        "description",
        "receipt_email",
        "capture_method",
        "statement_descriptor",
        "statement_descriptor_suffix",
    ]
)
LINE = frozenset(["price_data", "quantity"])
PRICE = frozenset(["currency", "unit_amount", "product_data", "tax_behavior"])
PRODUCT = frozenset(["name", "description", "images", "metadata", "tax_code"])
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True)
class Goods:
    """What is bought: the lines, and what they have in common."""

    lines: list[dict[str, Any]]
    currency: str
    tax_behavior: str

    @property
    def subtotal(self) -> int:
        return sum(line["unit_amount"] * line["quantity"] for line in self.lines)


def check(params: Tree) -> None:
    """Stripe knows more parameters than these; a word that it does not know at all is refused by both."""
    forms.check_names(params, SESSION)
    mode = forms.text(params, "mode", required=True)
    if mode != "payment":
        raise Refusal(400, f"Only payments can be made here, no {mode}.", param="mode")
    forms.choice(params, "ui_mode", {"hosted", "hosted_page"})
    forms.check_names(forms.branch(params, "payment_intent_data"), PAYMENT, within="payment_intent_data")
    forms.check_names(forms.branch(params, "automatic_tax"), {"enabled", "liability"}, within="automatic_tax")
    forms.check_names(forms.branch(params, "invoice_creation"), {"enabled", "invoice_data"}, within="invoice_creation")


def goods(params: Tree) -> Goods:
    given = forms.items(params, "line_items")
    if not given:
        raise Refusal(400, "Missing required parameter: line_items", code="parameter_missing", param="line_items")
    read = [_line(line, within=f"line_items[{number}]") for number, line in enumerate(given)]
    if len({currency for _, currency, _ in read}) > 1:
        raise Refusal(400, "All lines have the same currency.", param="line_items")
    _, currency, tax_behavior = read[0]
    found = Goods([line for line, _, _ in read], currency, tax_behavior)
    money.check_total(found.subtotal, currency)
    return found


def email(params: Tree, name: str) -> str | None:
    value = forms.text(params, name, longest=800)
    if value and not EMAIL.fullmatch(value):
        raise Refusal(400, f"Not an e-mail address: {value}", code="email_invalid", param=name)
    return value or None


def expires_at(params: Tree, *, now: int) -> int:
    value = forms.integer(params, "expires_at")
    if value is None:
        return now + LONGEST
    if not now + SHORTEST <= value <= now + LONGEST:
        raise Refusal(400, "A session lives between 30 minutes and 24 hours.", param="expires_at")
    return value


def _line(line: Any, *, within: str) -> tuple[dict[str, Any], str, str]:
    if not isinstance(line, dict):
        raise Refusal(400, f"{within} has to be a group of parameters.", param=within)
    forms.check_names(line, LINE, within=within)
    place = f"{within}[price_data]"
    price = forms.branch(line, "price_data", within=within)
    if not price:
        raise Refusal(400, f"Missing required parameter: {place}", code="parameter_missing", param=place)
    forms.check_names(price, PRICE, within=place)
    product = forms.branch(price, "product_data", within=place)
    forms.check_names(product, PRODUCT, within=f"{place}[product_data]")
    currency = forms.text(price, "currency", within=place, required=True).lower()
    money.check_currency(currency, param=f"{place}[currency]")
    amount = forms.integer(price, "unit_amount", within=place, required=True) or 0
    money.check_unit(amount, currency, param=f"{place}[unit_amount]")
    read = {
        "name": forms.text(product, "name", within=f"{place}[product_data]", required=True),
        "unit_amount": amount,
        "quantity": forms.integer(line, "quantity", within=within, required=True, least=1) or 1,
    }
    return read, currency, forms.text(price, "tax_behavior", within=place) or "exclusive"

"""The pages a buyer sees: the checkout, its receipt and its invoice."""

from html import escape
from typing import TYPE_CHECKING

from stand_ins.http import Answer
from stand_ins.stripe import forms, money, parameters, payments, sessions
from stand_ins.stripe.answers import Record, Refusal, see_other
from stand_ins.stripe.web import layout, pdf

if TYPE_CHECKING:
    from stand_ins.stripe.account import Stripe

ALREADY = "This was already paid. Nothing was charged now."
UNKNOWN = "There is no such page here."


def answer(account: "Stripe", method: str, path: str, body: bytes) -> Answer:
    match [method, *path.split("/")[1:]]:
        case ["GET" | "HEAD", "c", "pay", identifier]:
            return _checkout(account, identifier)
        case ["POST", "c", "pay", identifier]:
            return _press(account, identifier, dict(forms.pairs(body)))
        case ["GET" | "HEAD", "receipts", identifier]:
            return _receipt(account, identifier)
        case ["GET" | "HEAD", "i", identifier]:
            return _invoice(account, identifier)
        case ["GET" | "HEAD", "i", identifier, "pdf"]:
            return _invoice(account, identifier, as_pdf=True)
    return layout.sentence("Not found", UNKNOWN, status=404)


def _press(account: "Stripe", identifier: str, form: dict[str, str]) -> Answer:
    action = form.get("action", "")
    try:
        match action:
            case "apply":
                sessions.apply_code(account, identifier, form.get("code", ""))
                return see_other(f"/c/pay/{identifier}")
            case "card" | "bank" | "declined":
                session = sessions.get(account, identifier)
                email = _email(session, form)
                name = form.get("name", "").strip()
                session = payments.pay(account, identifier, how=action, email=email, name=name)
                return see_other(sessions.return_address(session))
        raise Refusal(400, "No such button.")
    except Refusal as refusal:
        return _checkout(account, identifier, refusal=refusal, typed=form)


def _email(session: Record, form: dict[str, str]) -> str:
    given = form.get("email", "").strip()
    if session["status"] == "open" and not session["customer_email"] and not parameters.EMAIL.fullmatch(given):
        raise Refusal(400, "Enter an e-mail address, like name@example.org.", param="email")
    return given


def _checkout(
    account: "Stripe", identifier: str, *, refusal: Refusal | None = None, typed: dict[str, str] | None = None
) -> Answer:
    try:
        session = sessions.get(account, identifier)
    except Refusal:
        return layout.sentence("Not found", "There is no such checkout.", status=404)
    back = (session["cancel_url"], "Back to the shop") if session["cancel_url"] else None
    if session["status"] == "complete":
        status = 409 if refusal else 200
        return layout.sentence("Paid", ALREADY, status=status, link=(sessions.return_address(session), "Go on"))
    if session["status"] == "expired":
        return layout.sentence("Expired", "This checkout has expired. Nothing was charged.", status=410, link=back)
    content = _summary(account, session) + _code_form(session, typed or {}) + _pay_form(session, typed or {})
    if back:
        content += f'<p><a href="{escape(back[0])}">{back[1]}</a></p>'
    product = sessions.product(account, identifier)
    if refusal:
        return layout.page(f"Pay for {product}", content, status=refusal.status, alert=refusal.message)
    return layout.page(f"Pay for {product}", content)


def _summary(account: "Stripe", session: Record) -> str:
    cart = sessions.cart_of(account, session["id"])
    totals = sessions.price(account, session, cart)
    currency = session["currency"]
    rows = [(sessions.product(account, session["id"]), money.shown(session["amount_subtotal"], currency))]
    if totals["amount_discount"]:
        rows.append(
            (f"Promotion code {cart['code']}", f"\N{MINUS SIGN}{money.shown(totals['amount_discount'], currency)}")
        )
    if totals["amount_tax"]:
        rows.append(("Tax", money.shown(totals["amount_tax"], currency)))
    rows.append(("To pay", money.shown(totals["amount_total"], currency)))
    if session["customer_email"]:
        rows.append(("E-mail", session["customer_email"]))
    return layout.facts(rows)


def _code_form(session: Record, typed: dict[str, str]) -> str:
    if not session["allow_promotion_codes"]:
        return ""
    value = escape(typed.get("code", ""))
    return f"""<form method="post">
<label for="code">Promotion code</label>
<input id="code" name="code" value="{value}" required autocomplete="off" aria-describedby="codes">
<p id="codes">HALF takes off half of it, FREE all of it.</p>
<button name="action" value="apply">Apply</button>
</form>"""


def _pay_form(session: Record, typed: dict[str, str]) -> str:
    fields = "" if session["customer_email"] else _field("email", "E-mail", typed, "required")
    fields += _field("name", "Name (may stay empty)", typed)
    return f"""<form method="post">
{fields}
<button class="first" name="action" value="card">Pay</button>
<button name="action" value="bank">Pay by bank transfer, which takes a while</button>
<button name="action" value="declined">Card is declined</button>
</form>"""


def _field(name: str, label: str, typed: dict[str, str], more: str = "") -> str:
    kind = "email" if name == "email" else "text"
    value = escape(typed.get(name, ""))
    return (
        f'<label for="{name}">{label}</label>'
        f'<input id="{name}" name="{name}" type="{kind}" autocomplete="{name}" value="{value}" {more}>'
    )


def _receipt(account: "Stripe", identifier: str) -> Answer:
    charge = account.shelf.get("charge", identifier)
    if charge is None:
        return layout.sentence("Not found", "There is no such receipt.", status=404)
    rows = [("Amount", money.shown(charge["amount"], charge["currency"])), ("Status", charge["status"])]
    if charge["amount_refunded"]:
        rows.append(("Refunded", money.shown(charge["amount_refunded"], charge["currency"])))
    rows += [("E-mail", charge["billing_details"]["email"] or ""), ("Number", charge["id"])]
    return layout.page("Receipt", layout.facts(rows))


def _invoice(account: "Stripe", identifier: str, *, as_pdf: bool = False) -> Answer:
    invoice = account.shelf.get("invoice", identifier)
    if invoice is None:
        return layout.sentence("Not found", "There is no such invoice.", status=404)
    currency = invoice["currency"]
    rows = [(line["description"], money.shown(line["amount"], currency)) for line in invoice["lines"]["data"]]
    rows += [("Total", money.shown(invoice["total"], currency)), ("E-mail", invoice["customer_email"])]
    title = f"Invoice {invoice['number']}"
    if as_pdf:
        text = [title, layout.NOTICE, *(f"{name}: {value}" for name, value in rows)]
        return Answer(200, pdf.document(text), "application/pdf")
    link = f'<p><a href="{escape(invoice["invoice_pdf"])}">The same as a PDF</a></p>'
    return layout.page(title, layout.facts(rows) + link)

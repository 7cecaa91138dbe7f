"""The page on which a person plays the bank: transfers arrive or fail, payments are disputed and sent back."""

from html import escape
from typing import TYPE_CHECKING

from stand_ins.http import Answer
from stand_ins.stripe import forms, money, payments, refunds, sessions
from stand_ins.stripe.answers import Record, Refusal, see_other
from stand_ins.stripe.web import layout

if TYPE_CHECKING:
    from stand_ins.stripe.account import Stripe

PATH = "/_control"
BUTTONS = {
    "arrive": "Bank transfer arrives",
    "fail": "Bank transfer fails",
    "dispute": "Dispute",
    "won": "Dispute won",
    "lost": "Dispute lost",
    "refund": "Refund",
    "fail_refund": "Refund fails",
}


def answer(account: "Stripe", method: str, body: bytes) -> Answer:
    if method != "POST":
        return _page(account)
    form = dict(forms.pairs(body))
    try:
        _do(account, form.get("action", ""), form.get("session", ""))
    except Refusal as refusal:
        return _page(account, alert=refusal.message, status=refusal.status)
    return see_other(PATH)


def _do(account: "Stripe", action: str, identifier: str) -> None:
    session = sessions.get(account, identifier)
    intent = session["payment_intent"] or ""
    match action:
        case "arrive" | "fail":
            payments.settle(account, identifier, ok=action == "arrive")
        case "dispute":
            refunds.dispute(account, intent)
        case "won" | "lost":
            refunds.close(account, intent, action)
        case "refund":
            refunds.refund(account, payments.charge_of(account, intent), amount=None)
        case "fail_refund":
            refunds.fail(account, _last_refund(account, intent))
        case _:
            raise Refusal(400, "No such button.")


def _page(account: "Stripe", *, alert: str = "", status: int = 200) -> Answer:
    paid = [session for session in sessions.every(account) if session["payment_intent"]]
    content = "".join(_payment(account, session, number) for number, session in enumerate(reversed(paid)))
    return layout.page("Payments", content or "<p>Nothing was paid yet.</p>", alert=alert, status=status)


def _payment(account: "Stripe", session: Record, number: int) -> str:
    charge = payments.charge_of(account, session["payment_intent"])
    dispute = refunds.dispute_of(account, charge["id"])
    rows = [
        ("Amount", money.shown(charge["amount"], charge["currency"])),
        ("Status", charge["status"]),
        ("Payment", charge["payment_intent"]),
    ]
    if charge["amount_refunded"]:
        rows.append(("Refunded", money.shown(charge["amount_refunded"], charge["currency"])))
    if dispute:
        rows.append(("Dispute", dispute["status"]))
    heading = f"payment-{number}"
    title = f"{sessions.product(account, session['id'])} for {session['customer_details']['email']}"
    buttons = "".join(
        f'<button name="action" value="{action}" aria-describedby="{heading}">{BUTTONS[action]}</button>'
        for action in _possible(account, charge, dispute)
    )
    return f"""<article aria-labelledby="{heading}">
<h2 id="{heading}">{escape(title)}</h2>
{layout.facts(rows)}
<form method="post"><input type="hidden" name="session" value="{escape(session["id"])}">{buttons}</form>
</article>"""


def _possible(account: "Stripe", charge: Record, dispute: Record | None) -> list[str]:
    if charge["status"] == "pending":
        return ["arrive", "fail"]
    if dispute and dispute["status"] == "needs_response":
        return ["won", "lost"]
    if charge["status"] != "succeeded":
        return []
    possible = [] if charge["disputed"] else ["dispute"]
    if not charge["refunded"] and not (dispute and dispute["status"] == "lost"):
        possible.append("refund")
    return [*possible, "fail_refund"] if _last_refund(account, charge["payment_intent"]) else possible


def _last_refund(account: "Stripe", intent: str) -> str:
    made = [made for made in account.shelf.all("refund") if made["payment_intent"] == intent]
    succeeded = [made["id"] for made in made if made["status"] == "succeeded"]
    return str(succeeded[-1]) if succeeded else ""

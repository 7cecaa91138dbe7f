"""Stripe's events: whether a webhook message is signed and was sent now, and what it says in our words."""

import json
from datetime import datetime
from typing import Any

from django.conf import settings

from purchases.provider_events import Event, Fact, Kind

FUTURE = 300  # seconds by which Stripe's clock may be ahead of ours
PAST = 300  # and behind, which is how long a signed message can be sent again
LONGEST = 255  # characters of an id; Stripe promises no more
LATEST = 2**33  # seconds, in the year 2242; past some number no calendar has a date
OURS = "lectern_checkout"  # the name under which a checkout's id goes to Stripe, and comes back in its events
COURSE = "lectern_course"

KINDS = {
    "checkout.session.completed": Kind.COMPLETED,
    "checkout.session.async_payment_succeeded": Kind.SUCCEEDED,
    "checkout.session.async_payment_failed": Kind.FAILED,
    "checkout.session.expired": Kind.EXPIRED,
    "charge.refunded": Kind.REFUNDED,
    "refund.failed": Kind.REFUND_FAILED,
    "charge.dispute.created": Kind.DISPUTED,
    "charge.dispute.funds_withdrawn": Kind.DISPUTED,  # also where a bank's question became a dispute later
}
CLOSED_DISPUTES = {"won": Kind.DISPUTE_WON, "lost": Kind.DISPUTE_LOST}
LISTENED_TO = [*KINDS, "charge.dispute.closed"]
AMOUNTS = {Kind.REFUNDED: "amount_refunded", Kind.REFUND_FAILED: "amount"}


class Forged(Exception):
    """Not a message of Stripe's for this site, or one that is too old or too new."""


class Unreadable(Exception):
    """Stripe's own, and yet nothing that this site can read or store: sent again, it would be the same."""


def read(body: bytes, signature: str, *, now: datetime) -> Event:
    """A message that came in, if it is Stripe's own and was sent now. Raises Forged or Unreadable."""
    from stripe import SignatureVerificationError, WebhookSignature

    seconds = int(now.timestamp())
    for secret in settings.STRIPE_WEBHOOK_SECRETS:
        try:
            text = body.decode()
            WebhookSignature.verify_header(text, signature, secret)
            sent, _signatures = WebhookSignature._get_timestamp_and_signatures(signature, "v1")
        except (SignatureVerificationError, UnicodeError, ValueError):
            continue
        # Stripe's own check takes a message from any far future, which could be sent again for as long.
        if not seconds - PAST <= sent <= seconds + FUTURE:
            raise Forged("sent at another time")
        return event(parse(text), text)
    raise Forged("not signed by Stripe")


def event(data: dict[str, Any], body: str) -> Event:
    """Unreadable for what is no event in Stripe's shape, Forged for one of another account."""
    inner = data.get("data")
    about = inner.get("object") if isinstance(inner, dict) else None
    made = data.get("created")
    if not (isinstance(made, int) and isinstance(about, dict)):
        raise Unreadable("not an event")
    if not 0 < made < LATEST:
        raise Unreadable("of no time")
    if data.get("account"):
        raise Forged("of another account")
    try:
        reference, kind = _text(data["id"]), _text(data["type"])
        fact = _fact(kind, about, at=made)
    except (TypeError, ValueError, AttributeError, LookupError, ArithmeticError) as error:
        raise Unreadable("not in Stripe's shape") from error
    return Event(reference=reference, kind=kind, body=body, is_live=data.get("livemode") is True, fact=fact)


def session_event(data: dict[str, Any]) -> Event | None:
    """A session that is over, as the event of that time. Under a number of its own: asked twice, it is one event."""
    status, paid = str(data["status"]), str(data["payment_status"])
    if status == "open":
        return None
    kind = "checkout.session.completed" if status == "complete" else "checkout.session.expired"
    return Event(
        reference=f"asked-{data['id']}-{status}-{paid}",
        kind=kind,
        body=json.dumps(data),
        is_live=data.get("livemode") is True,
        fact=_fact(kind, data, at=int(data["created"])),
    )


def refund_event(data: dict[str, Any], *, is_live: bool) -> Event:
    """A refund that Stripe has just made, with its charge, as the event that will report it."""
    kind = "charge.refunded"
    return Event(
        reference=f"asked-{data['id']}",
        kind=kind,
        body=json.dumps(data),
        is_live=is_live,
        fact=_fact(kind, data["charge"], at=int(data["created"])),
    )


def _fact(kind: str, about: dict[str, Any], *, at: int) -> Fact:
    if kind == "charge.dispute.closed":
        ours = CLOSED_DISPUTES.get(_text(about.get("status")), Kind.OTHER)
    elif kind == "charge.dispute.created" and _text(about.get("status")).startswith("warning_"):
        ours = Kind.OTHER  # a question of the bank's; no money is held back
    else:
        ours = KINDS.get(kind, Kind.OTHER)
    marks = about.get("metadata") or {}
    total = about.get("total_details") or {}
    is_session = about.get("object") == "checkout.session"
    # Where nothing had to be paid there is no payment: the checkout's reference takes its place.
    is_free = is_session and about.get("payment_status") == "no_payment_required"
    session = _text(about.get("id")) if is_session else ""
    return Fact(
        kind=ours,
        at=at,
        payment=_id(about.get("payment_intent")) or (session if is_free else ""),
        session=session,
        refund=_text(about.get("id")) if ours is Kind.REFUND_FAILED else "",
        intent=_text(marks.get(OURS)),
        course=_text(marks.get(COURSE)),
        amount=int(about.get(AMOUNTS.get(ours, "amount_total")) or 0),
        subtotal=int(about.get("amount_subtotal") or 0),
        discount=int(total.get("amount_discount") or 0),
        tax=int(total.get("amount_tax") or 0),
        currency=_text(about.get("currency")).upper(),
        is_paid=about.get("payment_status") in {"paid", "no_payment_required"},
    )


def _id(value: Any) -> str:
    """A reference, whether it came alone or with what it refers to."""
    return _text(value["id"] if isinstance(value, dict) else value)


def _text(value: Any) -> str:
    """What every database stores and finds again: too long a reference, cut, would be another payment's.

    ValueError or TypeError for anything else, UnicodeError for half of a pair of surrogates, which JSON can spell.
    """
    if value is None:
        return ""
    if not isinstance(value, str):
        raise TypeError("not a text")
    value.encode()
    if len(value) > LONGEST or "\0" in value:
        raise ValueError("not a text that is stored")
    return value


def parse(text: str) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable("not JSON") from error
    if not isinstance(data, dict):
        raise Unreadable("not an object")
    return data

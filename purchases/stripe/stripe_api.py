"""Stripe's API: checkouts, refunds, invoices, and its own list of events.

With purchases.stripe.stripe_events, which reads what it says, this is all that knows of Stripe; another provider would
be two more modules of this shape.
"""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse

from purchases.models import CheckoutIntent, Refund, ShopSettings
from purchases.provider_events import Event
from purchases.stripe import stripe_events
from purchases.stripe.stripe_events import COURSE, OURS

if TYPE_CHECKING:
    from stripe import StripeClient

logger = logging.getLogger(__name__)

CHECKOUT_ORIGIN = "https://checkout.stripe.com"
REFUND = "lectern_refund"  # the name under which a refund's id goes to Stripe
SECONDS = 8.0  # for one request; a second try is made by itself


class ProviderAway(Exception):
    """Stripe cannot be reached, is busy, or answers nonsense: nothing was done that is not done again safely."""


class ProviderRefused(Exception):
    """Stripe understood, and will not. The words are for staff; they name no key."""


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A checkout at Stripe: its reference, and the address of the page where it is paid."""

    session: str
    url: str


def is_configured() -> bool:
    return bool(settings.STRIPE_SECRET_KEY)


def is_live() -> bool:
    """Whether real money changes hands."""
    return "_live_" in settings.STRIPE_SECRET_KEY


def open_checkout(intent: CheckoutIntent) -> Opened:
    """Ask for the page where the intent is paid; asked again, it is the same page.

    Raises ProviderAway or ProviderRefused.
    """
    shop = ShopSettings.current()
    ours = {OURS: str(intent.pk), COURSE: str(intent.course_key)}
    back = settings.SITE_URL + reverse("purchases:checkout", args=[intent.pk])
    assert intent.email is not None  # noqa: S101  (only a proved address gets here)
    parameters: dict[str, Any] = {
        "mode": "payment",
        "customer_email": intent.email.address,
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": intent.currency.lower(),
                    "unit_amount": intent.amount,
                    "tax_behavior": "inclusive",  # the price that people saw is what they pay
                    "product_data": {"name": intent.course_title},
                },
            }
        ],
        "metadata": ours,
        "payment_intent_data": {"metadata": ours},  # so that charges and refunds name it too
        "expires_at": int(intent.payable_until.timestamp()),
        "success_url": f"{back}?paid",
        "cancel_url": back,
        "allow_promotion_codes": intent.takes_coupons,
        "invoice_creation": {"enabled": shop.writes_invoices},
        "automatic_tax": {"enabled": shop.computes_tax},
    }
    with _asking():
        # What the shop's settings change in between must not make the second request another one.
        key = f"checkout-{intent.pk}-{intent.takes_coupons:d}{shop.writes_invoices:d}{shop.computes_tax:d}"
        session = _client().v1.checkout.sessions.create(parameters, {"idempotency_key": key})  # type: ignore[arg-type]
    data = _data(session)
    return Opened(session=_text(data, "id"), url=_text(data, "url"))


def look_up(session: str) -> Event | None:
    """The outcome of a checkout, as the event that should have come; None while it is open."""
    with _asking():
        return stripe_events.session_event(_data(_client().v1.checkout.sessions.retrieve(session)))


def close(session: str) -> Event | None:
    """Close the page of a checkout, so that nobody pays there any more. Its outcome, if it was over already."""
    try:
        with _asking():
            return stripe_events.session_event(_data(_client().v1.checkout.sessions.expire(session)))
    except ProviderRefused:
        return look_up(session)


def refund(row: Refund) -> Event:
    """Give money back; asked again, it is given once. Returns what Stripe says of it, as an event."""
    parameters: dict[str, Any] = {
        "payment_intent": row.payment.reference,
        "amount": row.amount,
        "metadata": {REFUND: str(row.pk)},
        "expand": ["charge"],
    }
    with _asking():
        key = f"refund-{row.pk}"
        data = _data(_client().v1.refunds.create(parameters, {"idempotency_key": key}))  # type: ignore[arg-type]
        return stripe_events.refund_event(data, is_live=is_live())


def find_refund(row: Refund) -> Event | None:
    """A refund that was made for this row, though nobody here heard of it."""
    with _asking():
        listed = _client().v1.refunds.list(
            {"payment_intent": row.payment.reference, "limit": 100, "expand": ["data.charge"]}
        )
        made = [_data(each) for each in listed.data]
        for data in made:
            if (data.get("metadata") or {}).get(REFUND) == str(row.pk):
                return stripe_events.refund_event(data, is_live=is_live())
    return None


def invoice_url(session: str) -> str:
    """Where the buyer reads the invoice, or else the receipt, of a paid checkout; "" when Stripe has neither."""
    expand = ["invoice", "payment_intent.latest_charge"]
    with _asking():
        data = _data(_client().v1.checkout.sessions.retrieve(session, {"expand": expand}))
    invoice = data.get("invoice") or {}
    charge = (data.get("payment_intent") or {}).get("latest_charge") or {}
    return str(invoice.get("hosted_invoice_url") or charge.get("receipt_url") or "")


def events(*, since: datetime, until: datetime) -> Iterator[Event]:
    """Everything Stripe has to say of that time, the oldest first. It remembers thirty days."""
    created = {"gte": int(since.timestamp()), "lte": int(until.timestamp())}
    with _asking():
        found = _client().v1.events.list({"created": created, "types": stripe_events.LISTENED_TO, "limit": 100})  # type: ignore[arg-type]
        listed = [_data(each) for each in found.auto_paging_iter()]
    for data in reversed(listed):
        try:
            event = stripe_events.event(data, json.dumps(data))
        except (stripe_events.Forged, stripe_events.Unreadable) as reason:  # the others are waited for
            logger.error("An event of the payment provider cannot be read, and is left out: %s", reason)
            continue
        yield event


@contextmanager
def _asking() -> Iterator[None]:
    """Turn what may go wrong into the two failures that callers know. Stripe's own words may quote what we sent."""
    import stripe

    try:
        yield
    except (stripe.InvalidRequestError, stripe.CardError, stripe.IdempotencyError) as error:
        raise ProviderRefused(error.code or type(error).__name__) from None
    except (stripe.StripeError, LookupError, ArithmeticError, TypeError, ValueError, AttributeError) as error:
        raise ProviderAway(type(error).__name__) from None


def _client() -> "StripeClient":
    return _client_of(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE)


@lru_cache(maxsize=4)
def _client_of(key: str, base: str) -> "StripeClient":
    import stripe

    patient = stripe.RequestsClient(timeout=SECONDS)
    addresses = {"base_addresses": {"api": base}} if base else {}
    return stripe.StripeClient(key, http_client=patient, max_network_retries=1, **addresses)  # type: ignore[arg-type]


def _data(found: Any) -> dict[str, Any]:
    data: dict[str, Any] = found.to_dict(for_json=True)
    return data


def _text(data: dict[str, Any], name: str) -> str:
    value = data[name]
    if not isinstance(value, str):
        raise TypeError(name)
    return value

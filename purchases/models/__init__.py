"""Checkouts, payments, refunds and emails about them; each row is a fact, and none is deleted."""

from purchases.models.intents import CheckoutIntent
from purchases.models.mails import GiftMail, PurchaseMail
from purchases.models.payments import Move, Payment, PaymentEvent, Reconciliation, Refund
from purchases.models.settings import ShopSettings

__all__ = [
    "CheckoutIntent",
    "GiftMail",
    "Move",
    "Payment",
    "PaymentEvent",
    "PurchaseMail",
    "Reconciliation",
    "Refund",
    "ShopSettings",
]

"""What a row calls itself where staff or a log name it."""

from collections.abc import Callable
from datetime import datetime

from access.models import Email, Grant
from purchases.models import CheckoutIntent, GiftMail, Move, Payment, PaymentEvent, PurchaseMail, Reconciliation, Refund


def test_each_row_has_a_name(
    make_payment: Callable[..., Payment], make_intent: Callable[..., CheckoutIntent], now: datetime
) -> None:
    payment, grant = make_payment(reference="pi_7"), Grant(email_id=7, course_key="key", source="gift")
    ada, grace = (Email(address=f"{name}@example.org") for name in ("ada", "grace"))

    rows = [
        (make_intent(), "Course, €49.00"),
        (payment, "pi_7"),
        (PurchaseMail(payment=payment, kind="receipt"), "pi_7: receipt"),
        (GiftMail(grant=grant), "7: key (gift)"),
        (PaymentEvent(kind="x", reference="evt_1"), "x evt_1"),
        (Refund(payment=payment, amount=900), "pi_7: €9.00"),
        (Move(from_email=ada, to_email=grace), "ada@example.org → grace@example.org"),
        (Reconciliation(read_until=now), f"events: {now}"),
    ]

    assert [str(row) for row, _ in rows] == [name for _, name in rows]

"""A buyer's data: what is exported for them, what is erased with them, and what is deleted by itself."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from access import privacy
from access.models import Email, Grant
from purchases import buyer_data
from purchases.models import CheckoutIntent, GiftMail, Move, Payment, PaymentEvent


def other(now: datetime) -> Email:
    return Email.objects.create(address="grace@example.org", asked_at=now)


def given(email: Email, now: datetime) -> GiftMail:
    grant = Grant.objects.create(email=email, course_key=uuid4(), source=Grant.Source.GIFT, granted_at=now)
    return GiftMail.objects.create(grant=grant, queued_at=now, giver="Bob", note="Enjoy")


def test_orders_and_gifts_are_exported_with_what_they_say(
    make_payment: Callable[..., Payment], make_intent: Any, learner_email: Email, now: datetime
) -> None:
    stranger = other(now)
    make_payment(intent=make_intent(), refunded=900)
    make_payment(currency="")
    make_payment()
    make_payment(email=stranger)
    mails = [given(learner_email, now), given(learner_email, now)]
    given(stranger, now)

    said = {"state": "paid", "amount": "€49.00", "paid_at": now}
    assert buyer_data.export(learner_email) == [
        {"course": "Course", "refunded": "€9.00", **said},
        {"course": "", "refunded": "€0.00", **said},
    ]
    assert buyer_data.gifts(learner_email) == [
        {"course_key": mail.grant.course_key, "giver": "Bob", "note": "Enjoy", "mailed_at": mail.sent_at}
        for mail in mails
    ]


def test_erasing_takes_the_person_out_of_messages_and_notes(
    make_payment: Callable[..., Payment], make_intent: Any, learner_email: Email, now: datetime
) -> None:
    stranger = other(now)
    owners = {
        "bought": make_payment(intent=make_intent()),
        "moved here": make_payment(intent=make_intent(email=stranger), email=learner_email),
        "moved on": make_payment(intent=make_intent(), email=stranger),
        "another's": make_payment(intent=make_intent(email=stranger)),
    }
    for name, payment in owners.items():
        at = timezone.now()
        PaymentEvent.objects.create(
            reference=name, kind="x", body="name", outcome="applied", payment=payment, made_at=at, received_at=at
        )
    mine, theirs = given(learner_email, now), given(stranger, now)

    buyer_data.erase(learner_email)

    kept = PaymentEvent.objects.exclude(body="").values_list("reference", flat=True)
    assert list(kept) == ["another's"]
    for mail in (mine, theirs):
        mail.refresh_from_db()
    assert (mine.giver, mine.note, theirs.giver, theirs.note) == ("", "", "Bob", "Enjoy")


def test_who_has_an_order_is_still_owed_something(
    make_payment: Callable[..., Payment], learner_email: Email, now: datetime
) -> None:
    other(now)
    make_payment()

    assert list(Email.objects.filter(buyer_data.still_owed())) == [learner_email]


def test_only_old_checkouts_and_moves_that_came_to_nothing_are_let_go_of(
    make_payment: Callable[..., Payment], make_intent: Any, learner_email: Email, now: datetime, settings: Any
) -> None:
    old = now - timedelta(days=settings.KEEP_UNVERIFIED_DAYS, seconds=1)
    young = old + timedelta(seconds=2)
    gone = make_intent(confirmed_at=None, created_at=old)
    paid = make_intent(confirmed_at=None, created_at=old)
    make_payment(intent=paid)
    kept = {paid, make_intent(confirmed_at=None, created_at=young), make_intent(confirmed_at=now, created_at=old)}
    moves = [(None, old), (None, young), (now, old)]
    made = [Move.objects.create(from_email=learner_email, done_at=done, asked_at=asked) for done, asked in moves]

    buyer_data.let_go(now=now)

    assert set(CheckoutIntent.objects.all()) == kept
    assert gone not in kept
    assert list(Move.objects.order_by("pk")) == made[1:]


def test_erasing_an_address_takes_the_person_out_of_what_is_kept_of_gifts(learner_email: Email, now: datetime) -> None:
    mail = given(learner_email, now)

    privacy.erase(learner_email.address)

    mail.refresh_from_db()
    assert (mail.grant.email, mail.giver, mail.note) == (None, "", "")


def test_an_address_with_an_order_is_not_let_go_of(
    make_payment: Callable[..., Payment], now: datetime, settings: Any
) -> None:
    old = now - timedelta(days=settings.KEEP_UNVERIFIED_DAYS, seconds=1)
    emails = [Email.objects.create(address=f"{name}@example.org", asked_at=old) for name in ("buyer", "nobody")]
    make_payment(email=emails[0])

    privacy.let_go(now=now)

    assert list(Email.objects.filter(asked_at=old)) == emails[:1]

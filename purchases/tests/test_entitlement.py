"""One payment gives a course; a second one is marked; when none is left that opens it, the course is taken back."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from access.models import Email, Grant
from purchases.ledger import entitlement
from purchases.models import Payment

COURSE, ANOTHER = uuid4(), uuid4()


@pytest.fixture
def pay(make_payment: Callable[..., Payment]) -> Callable[..., Payment]:
    return lambda **fields: make_payment(**{"course_key": COURSE, **fields})


@pytest.fixture
def other(now: datetime) -> Email:
    return Email.objects.create(address="grace@example.org", asked_at=now)


def marked() -> list[str]:
    return list(Payment.objects.filter(is_duplicate=True).order_by("reference").values_list("reference", flat=True))


def held(email: Email, **which: Any) -> int:
    return Grant.objects.filter(email=email, course_key=COURSE, source="purchase", revoked_at=None, **which).count()


def test_a_payment_gives_the_course_once(pay: Any, learner_email: Email, other: Email, now: datetime) -> None:
    pay()

    for _ in range(2):
        assert entitlement.settle(learner_email.pk, COURSE, now=now) == []

    assert Grant.objects.count() == held(learner_email, granted_at=now) == 1
    assert marked() == []


def test_only_payments_of_this_address_for_this_course_count(
    pay: Any, learner_email: Email, other: Email, now: datetime
) -> None:
    pay(email=other)
    pay(course_key=ANOTHER)
    pay(opens=False)

    assert entitlement.settle(learner_email.pk, COURSE, now=now) == []

    assert not Grant.objects.exists()
    assert marked() == []


@pytest.mark.parametrize(("has_owner", "course"), [(False, COURSE), (True, None), (False, None)])
def test_what_has_no_owner_or_no_course_gives_nothing(
    pay: Any, learner_email: Email, now: datetime, has_owner: bool, course: Any
) -> None:
    owner = learner_email if has_owner else None
    pay(email=owner, course_key=course)

    assert entitlement.settle(owner.pk if owner else None, course, now=now) == []

    assert not Grant.objects.exists()


def test_what_is_paid_after_the_first_is_marked_and_told_once(pay: Any, learner_email: Email, now: datetime) -> None:
    pay(reference="c", paid_at=now)
    pay(reference="b", paid_at=now)
    pay(reference="a", paid_at=now + timedelta(seconds=1))

    told = [entitlement.settle(learner_email.pk, COURSE, now=now) for _ in range(2)]

    assert [sorted(payment.reference for payment in each) for each in told] == [["a", "c"], []]
    assert marked() == ["a", "c"]


def test_one_more_is_told_by_itself(pay: Any, learner_email: Email, now: datetime) -> None:
    for reference in ("a", "b"):
        pay(reference=reference)
    entitlement.settle(learner_email.pk, COURSE, now=now)
    pay(reference="c")

    (new,) = entitlement.settle(learner_email.pk, COURSE, now=now)

    assert (new.reference, new.is_duplicate) == ("c", True)
    assert marked() == ["b", "c"]


def test_second_payment_stands_for_the_course_once_the_first_is_given_back(
    pay: Any, learner_email: Email, other: Email, now: datetime
) -> None:
    first, second, third = pay(), pay(), pay()
    pay(email=other)
    theirs = pay(email=other, is_duplicate=True)
    entitlement.settle(learner_email.pk, COURSE, now=now)
    Payment.objects.filter(pk=first.pk).update(opens=False)

    entitlement.settle(learner_email.pk, COURSE, now=now)

    assert marked() == sorted([third.reference, theirs.reference])
    assert held(learner_email) == 1
    assert second.reference not in marked()


def test_the_course_is_taken_when_no_payment_opens_it(
    pay: Any, learner_email: Email, other: Email, now: datetime
) -> None:
    payment = pay()
    for email, source in ((learner_email, Grant.Source.GIFT), (other, Grant.Source.PURCHASE)):
        Grant.objects.create(email=email, course_key=COURSE, source=source, granted_at=now)
    Grant.objects.create(email=learner_email, course_key=ANOTHER, source=Grant.Source.PURCHASE, granted_at=now)
    entitlement.settle(learner_email.pk, COURSE, now=now)
    Payment.objects.filter(pk=payment.pk).update(opens=False)

    for later in (timedelta(hours=1), timedelta(hours=2)):
        entitlement.settle(learner_email.pk, COURSE, now=now + later)

    taken = Grant.objects.get(revoked_at__isnull=False)
    assert (taken.email, taken.course_key, taken.source) == (learner_email, COURSE, Grant.Source.PURCHASE)
    assert taken.revoked_at == now + timedelta(hours=1)
    assert Grant.objects.count() == 4


def test_the_course_comes_back_with_a_new_payment(pay: Any, learner_email: Email, now: datetime) -> None:
    Grant.objects.create(
        email=learner_email, course_key=COURSE, source=Grant.Source.PURCHASE, granted_at=now, revoked_at=now
    )
    pay()

    entitlement.settle(learner_email.pk, COURSE, now=now)

    assert held(learner_email) == 1

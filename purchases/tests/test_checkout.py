"""Which checkout is whose, and which is gone on with."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from access.models import Email, EmailVerificationToken, Grant
from access.sessions import learner_sessions
from access.sessions.clients import Browser
from access.sessions.learner_sessions import Learner
from courses.models import CoursePage
from purchases.checkout import checkouts
from purchases.mail import messages
from purchases.models import CheckoutIntent, Payment
from purchases.models.intents import PAYABLE_FOR, REUSED_FOR
from purchases.models.states import State

HERE = Browser(asker="here", network="192.0.2.7")


@pytest.fixture
def course(make_course: Callable[..., CoursePage], settings: Any) -> CoursePage:
    settings.STRIPE_SECRET_KEY = "sk_test_x"
    return make_course(access="purchase", price=4900, currency="EUR")


@pytest.fixture
def other(now: datetime) -> Email:
    return Email.objects.create(address="grace@example.org", asked_at=now)


@pytest.fixture
def token(learner_email: Email, now: datetime) -> EmailVerificationToken:
    return EmailVerificationToken.objects.create(
        email=learner_email,
        sent_to=learner_email.address,
        asker_digest="x",
        asked_at=now,
        send_after=now,
        digest="x",
        expires_at=now + timedelta(minutes=15),
    )


def learner(email: Email, now: datetime, token: EmailVerificationToken | None = None) -> Learner:
    found = learner_sessions.find(learner_sessions.start(email, token=token, now=now), now=now)
    assert found
    return found


@pytest.mark.parametrize(
    ("key", "fields", "is_on_sale"),
    [
        ("sk_test_x", {}, True),
        ("", {}, False),
        ("sk_test_x", {"access": "email"}, False),
        ("sk_test_x", {"price": None, "currency": ""}, False),
        ("sk_test_x", {"live": False}, False),
        ("sk_test_x", {"availability": "coming_soon"}, False),
    ],
)
def test_a_paid_course_with_a_price_is_on_sale(
    make_course: Callable[..., CoursePage], settings: Any, key: str, fields: dict[str, Any], is_on_sale: bool
) -> None:
    settings.STRIPE_SECRET_KEY = key
    course = make_course(**{"access": "purchase", "price": 4900, "currency": "EUR", **fields})

    assert checkouts.is_on_sale(course) is is_on_sale


def test_the_confirmed_checkout_is_gone_on_with(
    course: CoursePage, learner_email: Email, other: Email, make_intent: Any, now: datetime
) -> None:
    key = course.translation_key
    make_intent(email=other, course_key=key)
    make_intent()
    make_intent(course_key=key, closed_at=now)
    make_intent(course_key=key, confirmed_at=None)
    who = learner(learner_email, now)
    assert checkouts.current(who, course) is None

    open_one = make_intent(course_key=key)

    assert checkouts.current(who, course) == open_one


def test_what_the_sessions_own_mail_asked_for_is_gone_on_with_once_it_is_proved(
    course: CoursePage, learner_email: Email, token: EmailVerificationToken, make_intent: Any, now: datetime
) -> None:
    asked = make_intent(course_key=course.translation_key, confirmed_at=None, token=token)
    who = learner(learner_email, now, token)
    assert checkouts.current(who, course) is None

    EmailVerificationToken.objects.update(spent_at=now)

    assert checkouts.current(who, course) == asked
    assert checkouts.current(learner(learner_email, now), course) is None

    confirmed = make_intent(course_key=course.translation_key)
    assert checkouts.current(who, course) == confirmed


def test_a_checkout_is_confirmed_once(
    course: CoursePage, learner_email: Email, token: EmailVerificationToken, make_intent: Any, now: datetime
) -> None:
    EmailVerificationToken.objects.update(spent_at=now)
    asked = make_intent(course_key=course.translation_key, confirmed_at=None, token=token)
    untouched = make_intent(confirmed_at=None)
    who, later = learner(learner_email, now, token), now + timedelta(minutes=5)

    began = [checkouts.begin(who, course, page_id=None, now=moment) for moment in (later, later + timedelta(minutes=1))]

    assert began == [asked, asked]
    assert [intent.confirmed_at for intent in began] == [later, later]
    asked.refresh_from_db()
    untouched.refresh_from_db()
    assert (asked.confirmed_at, untouched.confirmed_at) == (later, None)


def test_a_new_checkout_is_for_the_price_of_now(course: CoursePage, learner_email: Email, now: datetime) -> None:
    began = checkouts.begin(learner(learner_email, now), course, page_id=None, now=now)

    stored = CheckoutIntent.objects.get()
    assert stored == began
    assert (stored.email, stored.course_key, stored.course_title) == (
        learner_email,
        course.translation_key,
        course.title,
    )
    assert (stored.amount, stored.currency, stored.page_id, stored.token) == (4900, "EUR", course.pk, None)
    assert (stored.is_live, stored.created_at, stored.confirmed_at, stored.closed_at) == (False, now, now, None)


def test_where_another_tab_was_quicker_its_checkout_is_paid(
    course: CoursePage, learner_email: Email, make_intent: Any, now: datetime
) -> None:
    make_intent(course_key=course.translation_key, closed_at=now)
    make_intent(course_key=course.translation_key, confirmed_at=None)
    make_intent()
    quicker = make_intent(course_key=course.translation_key)

    late = checkouts._intent(course, email=learner_email, page_id=None, now=now)

    assert checkouts._confirmed(late, now=now) == quicker


def test_what_is_out_of_date_is_closed_and_begun_anew(
    course: CoursePage, learner_email: Email, make_intent: Any, now: datetime
) -> None:
    """Never opened at the provider, and too old to be open there by now."""
    old = make_intent(course_key=course.translation_key, created_at=now - PAYABLE_FOR)
    already = make_intent(course_key=course.translation_key, closed_at=now - PAYABLE_FOR)

    new = checkouts.begin(learner(learner_email, now), course, page_id=None, now=now)

    old.refresh_from_db()
    already.refresh_from_db()
    new.refresh_from_db()
    assert new not in {old, already}
    assert (old.closed_at, already.closed_at, new.closed_at) == (now, now - PAYABLE_FOR, None)


def test_an_address_to_be_proved_sets_out_once(course: CoursePage, now: datetime) -> None:
    tokens = {checkouts.ask("new@example.org", course, page_id=None, browser=HERE, now=now).pk for _ in range(2)}

    intent = CheckoutIntent.objects.get()
    assert {intent.token_id} == tokens
    assert (intent.email.address if intent.email else "", intent.confirmed_at) == ("new@example.org", None)


@pytest.mark.parametrize("has_it", [True, False])
def test_who_has_the_course_pays_nothing(
    course: CoursePage, learner_email: Email, other: Email, now: datetime, has_it: bool
) -> None:
    grant = {"course_key": course.translation_key, "source": Grant.Source.GIFT, "granted_at": now}
    Grant.objects.create(**grant, email=learner_email, revoked_at=None if has_it else now)
    Grant.objects.create(**grant, email=other)
    Grant.objects.create(**{**grant, "course_key": uuid4()}, email=learner_email)
    who = learner(learner_email, now)

    if not has_it:
        assert checkouts.begin(who, course, page_id=None, now=now)
        return
    with pytest.raises(checkouts.AlreadyBought):
        checkouts.begin(who, course, page_id=None, now=now)


def test_money_on_its_way_is_this_addresss_for_this_course(
    course: CoursePage, learner_email: Email, other: Email, make_intent: Any, make_payment: Any, now: datetime
) -> None:
    key, pending = course.translation_key, {"state": State.PENDING, "paid_at": None, "opens": False}
    make_payment(**pending, intent=make_intent(course_key=key, email=other, closed_at=now))
    make_payment(**pending, intent=make_intent(closed_at=now))
    make_payment(**pending, course_key=key)
    make_payment(intent=make_intent(course_key=key, closed_at=now), opens=False)
    assert checkouts.on_its_way(learner_email.address, course) is None

    paid = make_intent(course_key=key, closed_at=now)
    make_payment(**pending, intent=paid)

    assert checkouts.on_its_way(learner_email.address, course) == paid
    with pytest.raises(checkouts.OnItsWay) as refused:
        checkouts.begin(learner(learner_email, now), course, page_id=None, now=now)
    assert (refused.value.intent, str(refused.value)) == (paid, "OnItsWay")


def test_an_order_is_whose_payment_it_is_and_else_who_began_it(
    course: CoursePage, learner_email: Email, other: Email, make_intent: Any, make_payment: Any, now: datetime
) -> None:
    who = learner(learner_email, now)
    mine, theirs = make_intent(), make_intent(email=other)
    moved_away, moved_here = make_intent(), make_intent(email=other)
    make_payment(intent=moved_away, email=other)
    make_payment(intent=moved_here, email=learner_email)
    unconfirmed = make_intent(confirmed_at=None)

    found = [checkouts.find(each.pk, who) for each in (mine, theirs, moved_away, moved_here, unconfirmed)]

    assert found == [mine, None, None, moved_here, None]
    assert checkouts.find(mine.pk, None) is None


def test_the_newest_payment_is_shown(make_intent: Any, make_payment: Any) -> None:
    intent = make_intent()
    assert checkouts.payment_of(intent) is None
    payments: list[Payment] = [make_payment(intent=each) for each in (intent, intent, make_intent())]

    assert checkouts.payment_of(intent) == payments[1]


@pytest.mark.parametrize(
    ("age", "closed", "is_fresh"),
    [
        (timedelta(), False, True),
        (REUSED_FOR - timedelta(seconds=1), False, True),
        (REUSED_FOR, False, False),
        (timedelta(), True, False),
    ],
)
def test_a_checkout_is_gone_on_with_for_an_hour(now: datetime, age: timedelta, closed: bool, is_fresh: bool) -> None:
    intent = CheckoutIntent(created_at=now - age, closed_at=now if closed else None)

    assert intent.is_fresh(now) is is_fresh
    assert intent.payable_until == now - age + PAYABLE_FOR


def test_the_mail_names_what_is_bought_by_its_checkout_or_else_by_its_page(
    course: CoursePage, make_course: Callable[..., CoursePage], make_intent: Any, learner_email: Email, now: datetime
) -> None:
    other = make_course(title="Another", price=900, currency="EUR")
    asked = {"email": learner_email, "sent_to": learner_email.address, "asker_digest": "x", "asked_at": now}
    kept, by_page, bare = (
        EmailVerificationToken.objects.create(**asked, send_after=now, page=page) for page in (course, other, None)
    )
    make_intent(token=kept, course_title="As it was called", amount=100)

    told = [messages.confirm_words(token) for token in (kept, by_page, bare)]

    assert [(each["title"], each["price"]) for each in told] == [
        ("As it was called", "€1.00"),
        ("Another", "€9.00"),
        ("", ""),
    ]

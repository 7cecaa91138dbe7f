"""Checkout: what is on sale, the intent to buy, the provider's page, and its outcome.

The intent's row comes first and the provider second; whatever dies in between, asking again opens the same page.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from access.models import Email, EmailVerificationToken, Grant
from access.models.pages import live_now
from access.sessions.clients import Browser
from access.sessions.learner_sessions import Learner
from access.verification import tokens
from courses.models import CoursePage
from purchases.ledger import ledger
from purchases.models import CheckoutIntent, Payment, ShopSettings
from purchases.models.states import State
from purchases.stripe import stripe_api

# How often the provider is asked about one checkout, however often somebody looks.
ASK_EVERY = timedelta(seconds=4)


class AlreadyBought(Exception):
    """This address has the course."""


class OnItsWay(Exception):
    """This address has paid, and the money is not here yet. `intent` is what it paid."""

    def __init__(self, intent: CheckoutIntent) -> None:
        super().__init__(type(self).__name__)
        self.intent = intent


def is_on_sale(course: CoursePage) -> bool:
    is_sold = course.level.is_sold and course.money is not None and course.status.is_published
    return is_sold and stripe_api.is_configured()


def is_any_on_sale() -> bool:
    """Whether anybody can buy anything now. Looked for among the priced courses alone, the newest first."""
    priced = CoursePage.objects.filter(live_now(), price__isnull=False).order_by("-pk")
    return stripe_api.is_configured() and any(is_on_sale(course) for course in priced.iterator(chunk_size=20))


def ask(
    address: str, course: CoursePage, *, page_id: int | None, browser: Browser, now: datetime
) -> EmailVerificationToken:
    """Set out to buy with an address that is still to be proved: queue the mail, the same for every address.

    Raises throttle.Throttled.
    """

    def record(token: EmailVerificationToken) -> None:
        _intent(course, email=token.email, page_id=page_id, now=now, token=token).save(force_insert=True)

    purpose = EmailVerificationToken.Purpose.BUY
    return tokens.request_verification(address, page=course, browser=browser, now=now, purpose=purpose, record=record)


def begin(learner: Learner, course: CoursePage, *, page_id: int | None, now: datetime) -> CheckoutIntent:
    """The one open checkout of this address for this course: gone on with, or begun. Opens nothing at the provider,
    but closes there what is out of date. Raises AlreadyBought, OnItsWay or stripe's failures."""
    email = Email.objects.get(address=learner.email)
    _refuse_bought(email, course)
    intent = current(learner, course)
    if intent and not intent.is_fresh(now):
        _finish(intent, now=now)
        _refuse_bought(email, course)
        intent = None
    if intent is None:
        intent = _intent(course, email=email, page_id=page_id, now=now)
    return _confirmed(intent, now=now)


def current(learner: Learner, course: CoursePage) -> CheckoutIntent | None:
    """What this address has begun and not finished: confirmed, or asked for by the mail that opened this session."""
    theirs = CheckoutIntent.objects.filter(
        email__address=learner.email, course_key=course.translation_key, closed_at=None
    )
    confirmed = theirs.filter(confirmed_at__isnull=False).first()
    if confirmed or learner.token_id is None:
        return confirmed
    return theirs.filter(token=learner.token_id, token__spent_at__isnull=False).first()


def on_its_way(address: str, course: CoursePage) -> CheckoutIntent | None:
    """What this address has paid in a way that takes days."""
    pending = Payment.objects.filter(
        email__address=address, course_key=course.translation_key, state=State.PENDING, intent__isnull=False
    )
    payment = pending.select_related("intent").first()
    return payment.intent if payment else None


def pay(intent: CheckoutIntent) -> str:
    """The address of the provider's page, opened once however often it is asked for. Raises stripe's failures."""
    if not intent.session:
        # Written before the page is opened: whatever dies then, a discount that was not offered is known as such.
        intent.takes_coupons = ShopSettings.current().takes_coupons
        CheckoutIntent.objects.filter(pk=intent.pk, session=None).update(takes_coupons=intent.takes_coupons)
        opened = stripe_api.open_checkout(intent)
        CheckoutIntent.objects.filter(pk=intent.pk, session=None).update(session=opened.session, session_url=opened.url)
        intent.refresh_from_db()
    return intent.session_url or stripe_api.open_checkout(intent).url


def look(intent: CheckoutIntent, *, now: datetime) -> None:
    """Ask the provider for the outcome, where its event has not come. Raises stripe.ProviderAway."""
    asked = CheckoutIntent.objects.filter(pk=intent.pk).exclude(asked_at__gt=now - ASK_EVERY)
    if intent.session and asked.update(asked_at=now):
        event = stripe_api.look_up(intent.session)
        if event:
            ledger.record(event, now=now)


def find(intent_id: UUID, learner: Learner | None) -> CheckoutIntent | None:
    """The checkout with this number, if it is this learner's own: whose the payment is by now, or else who began it."""
    if learner is None:
        return None
    has_paid = Q(payments__email__address=learner.email)
    has_begun = Q(payments=None, email__address=learner.email)
    theirs = CheckoutIntent.objects.select_related("email", "page").filter(has_paid | has_begun)
    return theirs.filter(pk=intent_id, confirmed_at__isnull=False).first()


def payment_of(intent: CheckoutIntent) -> Payment | None:
    """The newest; a checkout has at most one, unless somebody meddled."""
    return Payment.objects.filter(intent=intent).order_by("-pk").first()


def _intent(
    course: CoursePage, *, email: Email, page_id: int | None, now: datetime, token: EmailVerificationToken | None = None
) -> CheckoutIntent:
    price = course.money
    assert price is not None  # noqa: S101  (course_on_sale)
    return CheckoutIntent(
        email=email,
        course_key=course.translation_key,
        course_title=course.title,
        amount=price.minor,
        currency=price.currency,
        page_id=page_id or course.pk,
        token=token,
        is_live=stripe_api.is_live(),
        created_at=now,
    )


def _confirmed(intent: CheckoutIntent, *, now: datetime) -> CheckoutIntent:
    """Stored, and the open one; where another tab was quicker, that one."""
    if intent.confirmed_at:
        return intent
    intent.confirmed_at = now
    try:
        with transaction.atomic():
            if intent._state.adding:
                intent.save(force_insert=True)
            else:
                CheckoutIntent.objects.filter(pk=intent.pk, confirmed_at=None).update(confirmed_at=now)
    except IntegrityError:
        return CheckoutIntent.objects.select_related("email").get(
            email=intent.email, course_key=intent.course_key, closed_at=None, confirmed_at__isnull=False
        )
    return intent


def _finish(intent: CheckoutIntent, *, now: datetime) -> None:
    """Close an old checkout, so that nobody pays it any more, and record its outcome."""
    try:
        if intent.session is None and intent.confirmed_at and now < intent.payable_until:
            pay(intent)  # it may be open there, though the process died before it heard so
        event = stripe_api.close(intent.session) if intent.session else None
    except stripe_api.ProviderRefused:
        event = None  # what it does not know, as after a change from tests to real money, nobody can pay
    if event:
        ledger.record(event, now=now)
    CheckoutIntent.objects.filter(pk=intent.pk, closed_at=None).update(closed_at=now)


def _refuse_bought(email: Email, course: CoursePage) -> None:
    has_it = Grant.objects.filter(email=email, course_key=course.translation_key, revoked_at=None)
    if has_it.exists():
        raise AlreadyBought
    if waiting := on_its_way(email.address, course):
        raise OnItsWay(waiting)

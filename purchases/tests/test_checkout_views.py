"""Checkout, from the locked lesson to the open one, as a browser without JavaScript does it."""

import re
from collections.abc import Callable
from datetime import timedelta
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from access.limits import blocking
from access.models import Email, EmailVerificationToken, Grant
from courses.models import CoursePage, LessonPage
from purchases import buyer_data
from purchases.mail import outbox
from purchases.models import CheckoutIntent, Payment
from purchases.models.intents import PAYABLE_FOR, REUSED_FOR
from purchases.stripe import stripe_api
from purchases.tests.checkout_fixture import Till

LINK = re.compile(r"/access/confirm/[\w-]+/")


def buy_url(till: Till) -> str:
    return f"/purchases/buy/{till.course.pk}/"


@pytest.fixture
def lesson(till: Till, paid_lesson: LessonPage) -> LessonPage:
    return paid_lesson


@pytest.fixture
def learner(till: Till, sign_in: Callable[[Email], Client]) -> Client:
    return sign_in(till.email)


def pay_there(till: Till, url: str) -> CheckoutIntent:
    """The buyer pays on the provider's page, which nobody tells us."""
    intent = CheckoutIntent.objects.get(session_url=url)
    till.stripe.pay(str(intent.session))
    return intent


def leads_to(response: Any) -> str:
    """Where the page that thanks for a payment goes on."""
    page = response.text
    assert "Thank you! The course is yours" in page
    (url,) = re.findall(r'href="([^"]*)"[^>]*>Start learning', page)
    return str(url)


# The offer


def test_gate_offers_the_course_with_price_and_tax(till: Till, lesson: LessonPage) -> None:
    gate = Client().get(lesson.url).content.decode()

    assert "€49.00" in gate
    assert "Price includes any taxes." in gate
    assert f"/purchases/buy/{till.course.pk}/?page={lesson.pk}" in gate


def test_course_page_offers_it_and_sets_no_cookie(till: Till) -> None:
    response = Client().get(till.course.url)

    assert "Buy for €49.00" in response.content.decode()
    assert not response.cookies
    assert "public" in response["Cache-Control"]


def test_card_in_the_catalogue_says_the_price(till: Till) -> None:
    assert "€49.00" in Client().get("/courses/").content.decode()


@pytest.mark.parametrize(
    "fields",
    [
        {"price": None, "currency": ""},
        {"access": "email"},
        {"availability": "coming_soon"},
    ],
)
def test_what_is_not_on_sale_is_not_sold(till: Till, learner: Client, fields: dict[str, Any]) -> None:
    CoursePage.objects.filter(pk=till.course.pk).update(**fields)

    page = learner.get(buy_url(till)).content.decode()
    learner.post(buy_url(till), {"which": "pay"})

    assert "Not on sale" in page
    assert not CheckoutIntent.objects.exists()


def test_site_without_a_provider_sells_nothing(till: Till, lesson: LessonPage, settings: Any) -> None:
    settings.STRIPE_SECRET_KEY = ""

    assert "on sale yet" in Client().get(lesson.url).content.decode()


@pytest.mark.parametrize("page_id", [0, 999_999])
def test_course_that_is_not_there_is_not_found(till: Till, page_id: int) -> None:
    assert Client().get(f"/purchases/buy/{page_id}/").status_code == 404


def test_draft_is_not_found(till: Till) -> None:
    CoursePage.objects.filter(pk=till.course.pk).update(live=False)

    assert Client().get(buy_url(till)).status_code == 404


# By an address that is proved already


def test_proved_address_pays_with_one_press(till: Till, learner: Client, lesson: LessonPage) -> None:
    response = learner.post(buy_url(till), {"which": "pay", "page": lesson.pk})
    assert response.status_code == 303
    intent = pay_there(till, response["Location"])

    back = learner.get(f"/purchases/checkout/{intent.pk}/?paid")

    assert leads_to(back) == lesson.url
    assert learner.get(lesson.url).status_code == 200
    assert "canary" in learner.get(lesson.url).content.decode()


def test_form_may_lead_to_the_providers_page_and_nowhere_else(till: Till, learner: Client) -> None:
    policy = learner.get(buy_url(till))["Content-Security-Policy"]

    assert f"form-action 'self' {till.stripe.origin};" in f"{policy};"


def test_price_that_a_form_names_is_ignored(till: Till, learner: Client) -> None:
    forged = {"which": "pay", "amount": "1", "price": "1", "currency": "JPY", "quantity": "0", "unit_amount": "1"}

    learner.post(buy_url(till), forged)

    session = till.stripe.all("checkout.session")[0]
    assert (session["amount_total"], session["currency"]) == (4900, "eur")


@pytest.mark.parametrize("page", ["", "x", "0", "99999999999999999999", "-1", "1"])
def test_page_that_is_no_lesson_leads_to_the_first(till: Till, learner: Client, lesson: LessonPage, page: str) -> None:
    response = learner.post(buy_url(till), {"which": "pay", "page": page})
    intent = pay_there(till, response["Location"])

    back = learner.get(f"/purchases/checkout/{intent.pk}/?paid")

    assert leads_to(back) == lesson.url


@pytest.fixture
def forged(make_course: Callable[..., CoursePage], make_lesson: Callable[..., LessonPage]) -> dict[str, LessonPage]:
    """Lessons that buying the course does not open, by why."""
    return {
        "draft": make_lesson(make_course(slug="one"), live=False),
        "of a draft": make_lesson(make_course(slug="two", live=False)),
        "of a course to come": make_lesson(make_course(slug="three", availability="coming_soon")),
        "of another paid course": make_lesson(make_course(slug="four", access="purchase")),
        "open to all": make_lesson(make_course(slug="five")),
    }


def test_order_leads_into_no_lesson_but_of_its_course(
    till: Till, learner: Client, lesson: LessonPage, forged: dict[str, LessonPage]
) -> None:
    """By a form, and by a row that an older form made."""
    for why, page in forged.items():
        response = learner.post(buy_url(till), {"which": "pay", "page": page.pk})
        intent = CheckoutIntent.objects.get(session_url=response["Location"])
        assert intent.page_id == till.course.pk, why

    till.stripe.pay(str(intent.session))
    for why, page in forged.items():
        CheckoutIntent.objects.update(page=page)
        assert leads_to(learner.get(f"/purchases/checkout/{intent.pk}/?paid")) == lesson.url, why
        assert page.url not in learner.get(f"/purchases/checkout/{intent.pk}/").content.decode(), why


def test_order_leads_to_the_lesson_of_its_course_that_is_open(
    till: Till, learner: Client, lesson: LessonPage, make_lesson: Callable[..., LessonPage], now: Any
) -> None:
    second, third = make_lesson(till.course, slug="second"), make_lesson(till.course, slug="third")
    intent = till.paid(page=third)
    found = [leads_to(learner.get(f"/purchases/checkout/{intent.pk}/?paid"))]

    LessonPage.objects.filter(pk__in=[third.pk, lesson.pk]).update(availability="coming_soon")
    found.append(leads_to(learner.get(f"/purchases/checkout/{intent.pk}/?paid")))
    CoursePage.objects.filter(pk=till.course.pk).update(live=False)
    found.append(leads_to(learner.get(f"/purchases/checkout/{intent.pk}/?paid")))

    assert found == [third.url, second.url, "/access/"]


def test_two_tabs_pay_one_checkout(till: Till, learner: Client, sign_in: Callable[[Email], Client]) -> None:
    other_browser = sign_in(till.email)

    urls = {browser.post(buy_url(till), {"which": "pay"})["Location"] for browser in (learner, learner, other_browser)}

    assert len(urls) == 1
    assert len(till.stripe.all("checkout.session")) == 1


def test_database_allows_one_open_checkout(till: Till) -> None:
    till.intent()

    with pytest.raises(IntegrityError), transaction.atomic():
        till.intent()


def test_who_has_the_course_is_told_so(till: Till, learner: Client, lesson: LessonPage) -> None:
    till.paid()
    till.bring_all()

    page = learner.get(buy_url(till)).content.decode()
    response = learner.post(buy_url(till), {"which": "pay"})

    assert "You have this course" in page
    assert lesson.url in page
    assert response["Location"] == buy_url(till)
    assert CheckoutIntent.objects.count() == 1


def test_gift_is_not_sold_again(till: Till, learner: Client) -> None:
    Grant.objects.create(
        email=till.email,
        course_key=till.course.translation_key,
        source=Grant.Source.GIFT,
        granted_at=timezone.now(),
    )

    learner.post(buy_url(till), {"which": "pay"})

    assert not CheckoutIntent.objects.exists()


def test_price_changed_meanwhile_leaves_the_open_checkout_alone(till: Till, learner: Client) -> None:
    learner.post(buy_url(till), {"which": "pay"})
    CoursePage.objects.filter(pk=till.course.pk).update(price=9900)

    page = learner.get(buy_url(till)).content.decode()
    learner.post(buy_url(till), {"which": "pay"})

    assert "Pay €49.00" in page
    assert [session["amount_total"] for session in till.stripe.all("checkout.session")] == [4900]


def test_old_checkout_is_closed_before_a_new_one_opens(till: Till, learner: Client) -> None:
    learner.post(buy_url(till), {"which": "pay"})
    old = CheckoutIntent.objects.get()
    CheckoutIntent.objects.update(created_at=timezone.now() - REUSED_FOR - timedelta(minutes=1))
    CoursePage.objects.filter(pk=till.course.pk).update(price=9900)

    learner.post(buy_url(till), {"which": "pay"})

    assert till.stripe.session(str(old.session))["status"] == "expired"
    assert {session["amount_total"] for session in till.stripe.all("checkout.session")} == {4900, 9900}


def test_old_checkout_that_was_paid_is_not_paid_again(till: Till, learner: Client) -> None:
    """Paid in another tab, of which we heard nothing: asked before a second checkout opens."""
    intent = till.paid()
    CheckoutIntent.objects.update(created_at=timezone.now() - REUSED_FOR - timedelta(minutes=1))

    response = learner.post(buy_url(till), {"which": "pay"})

    assert response["Location"] == buy_url(till)
    assert till.has_course
    assert CheckoutIntent.objects.get() == intent


def test_money_on_its_way_is_not_asked_for_again(till: Till, learner: Client) -> None:
    intent = till.intent()
    till.stripe.pay(str(intent.session), how="bank")
    till.bring_all()

    response = learner.post(buy_url(till), {"which": "pay"})

    assert response["Location"] == f"/purchases/checkout/{intent.pk}/"
    assert "pending" in learner.get(response["Location"]).content.decode()


def test_page_says_that_money_is_on_its_way(till: Till, learner: Client) -> None:
    intent = till.intent()
    till.stripe.pay(str(intent.session), how="bank")
    till.bring_all()

    page = learner.get(buy_url(till)).content.decode()

    assert "Your payment is pending" in page
    assert f"/purchases/checkout/{intent.pk}/" in page


def test_checkout_that_the_provider_does_not_know_holds_up_nobody(till: Till, learner: Client) -> None:
    """As after a change from test keys to real ones."""
    old = till.intent()
    CheckoutIntent.objects.update(session="cs_of_another_mode", created_at=timezone.now() - REUSED_FOR * 1.5)

    response = learner.post(buy_url(till), {"which": "pay"})

    old.refresh_from_db()
    assert response.status_code == 303
    assert old.closed_at


def test_paid_twice_all_the_same_is_marked_and_said(till: Till, learner: Client) -> None:
    first = till.paid(amount=4900)
    CheckoutIntent.objects.update(closed_at=timezone.now())  # as if the provider had let it expire
    second = till.paid(amount=4900)

    till.bring_all()

    assert till.grants.filter(revoked_at=None).count() == 1
    twice = Payment.objects.get(is_duplicate=True)
    assert twice.intent in {first, second}
    assert twice in Payment.objects.needing_attention()
    assert [message.subject for message in mail.outbox if "twice" in message.subject]
    assert "twice" in learner.get(f"/purchases/checkout/{twice.intent_id}/").content.decode()


def test_second_payment_keeps_the_course_when_the_first_is_refunded(till: Till) -> None:
    till.paid()
    CheckoutIntent.objects.update(closed_at=timezone.now())
    till.paid()
    till.bring_all()
    first = Payment.objects.get(is_duplicate=False)

    till.stripe.refund(first.reference)
    till.bring_all()

    assert till.has_course
    assert not Payment.objects.filter(is_duplicate=True).exists()


# By an address that is still to be proved


def ask(till: Till, browser: Client, address: str, page: Any = "") -> EmailVerificationToken:
    response = browser.post(buy_url(till), {"email": address, "page": page})
    assert response.status_code == 303
    return EmailVerificationToken.objects.get(pk=response["Location"].split("/")[-2])


def press(browser: Client) -> Any:
    found = LINK.search(str(mail.outbox[-1].body))
    assert found
    return browser.post(found[0])


def test_unknown_address_is_proved_first_and_then_pays(till: Till, lesson: LessonPage) -> None:
    browser = Client()
    ask(till, browser, "new@example.org", lesson.pk)
    assert "€49.00" in mail.outbox[-1].body

    confirmed = press(browser)
    assert (confirmed.status_code, confirmed["Location"]) == (303, buy_url(till))
    paying = browser.post(buy_url(till), {"which": "pay"})
    intent = pay_there(till, paying["Location"])
    back = browser.get(f"/purchases/checkout/{intent.pk}/?paid")

    assert leads_to(back) == lesson.url
    assert "canary" in browser.get(lesson.url).content.decode()
    assert CheckoutIntent.objects.count() == 1


def test_price_of_the_mail_is_the_price_of_the_till(till: Till) -> None:
    browser = Client()
    ask(till, browser, "new@example.org")
    CoursePage.objects.filter(pk=till.course.pk).update(price=9900)
    press(browser)

    page = browser.get(buy_url(till)).content.decode()

    assert "Pay €49.00" in page
    assert "The price has changed since you started" in page


def test_nothing_can_be_paid_before_the_address_is_proved(till: Till) -> None:
    browser = Client()
    ask(till, browser, "new@example.org")
    intent = CheckoutIntent.objects.get()

    answers = [
        browser.post(f"/purchases/checkout/{intent.pk}/").status_code,
        browser.get(f"/purchases/checkout/{intent.pk}/?paid").status_code,
        browser.get(f"/purchases/checkout/{intent.pk}/status/").status_code,
    ]

    assert answers == [404] * 3
    assert not till.stripe.all("checkout.session")


def test_known_and_unknown_addresses_are_answered_alike(till: Till) -> None:
    till.paid()
    till.bring_all()

    answers = {
        re.sub(r"[0-9a-f-]{36}", "ID", Client().post(buy_url(till), {"email": address})["Location"])
        for address in (till.email.address, "nobody@example.org")
    }

    assert len(answers) == 1


def test_what_somebody_began_in_anothers_name_is_not_gone_on_with(till: Till, learner: Client) -> None:
    """An old price kept open for a victim, or a page of the attacker's liking."""
    ask(till, Client(), till.email.address)
    CoursePage.objects.filter(pk=till.course.pk).update(price=100)

    assert "Pay €1.00" in learner.get(buy_url(till)).content.decode()


def test_asking_again_at_once_sends_one_mail(till: Till) -> None:
    browser = Client()

    tokens = {ask(till, browser, "new@example.org").pk for _ in range(2)}

    assert len(tokens) == 1
    assert len(mail.outbox) == 1
    assert CheckoutIntent.objects.count() == 1


def test_address_that_is_none_comes_back_with_a_sentence(till: Till) -> None:
    response = Client().post(buy_url(till), {"email": "ada@"})

    assert response.status_code == 422
    assert "look like an email address" in response.content.decode()


# Somebody else's order


@pytest.mark.refusal("own order")
@pytest.mark.parametrize("path", ["", "?paid", "status/", "invoice/"])
def test_order_is_shown_to_its_own_address_alone(till: Till, sign_in: Callable[[Email], Client], path: str) -> None:
    intent = till.paid()
    till.bring_all()
    stranger = sign_in(Email.objects.create(address="eve@example.org", asked_at=timezone.now()))

    for browser in (Client(), stranger):
        response = browser.get(f"/purchases/checkout/{intent.pk}/{path}")

        assert response.status_code == 404
        assert till.course.title not in response.content.decode()


@pytest.mark.refusal("own order")
def test_nobody_opens_anothers_checkout(till: Till, sign_in: Callable[[Email], Client]) -> None:
    intent = till.intent()
    stranger = sign_in(Email.objects.create(address="eve@example.org", asked_at=timezone.now()))

    response = stranger.post(f"/purchases/checkout/{intent.pk}/")

    assert response.status_code == 404


# Waiting for the payment


def test_page_waits_for_the_payment_and_then_says_thank_you(till: Till, learner: Client, lesson: LessonPage) -> None:
    intent = till.intent(page=lesson)
    waiting = learner.get(f"/purchases/checkout/{intent.pk}/?paid").content.decode()
    assert "Confirming your payment" in waiting
    assert 'http-equiv="refresh"' in waiting
    till.stripe.pay(str(intent.session))
    till.bring_all()

    polled = learner.get(f"/purchases/checkout/{intent.pk}/status/?looked=1")

    assert leads_to(polled) == lesson.url
    assert "L-" in polled.text
    assert "hx-get" not in polled.text


def test_provider_is_asked_when_its_message_does_not_come(till: Till, learner: Client) -> None:
    intent = till.paid()

    polled = learner.get(f"/purchases/checkout/{intent.pk}/status/?looked=1")

    assert leads_to(polled)
    assert till.has_course


def test_message_after_the_answer_changes_nothing(till: Till, learner: Client) -> None:
    intent = till.paid()
    learner.get(f"/purchases/checkout/{intent.pk}/?paid")

    till.bring_all()

    assert till.grants.count() == 1
    assert till.payment.amount == 4900


def test_provider_is_not_asked_at_every_look(till: Till, learner: Client) -> None:
    intent = till.intent()
    before = len(till.stripe.requests)

    for _ in range(5):
        learner.get(f"/purchases/checkout/{intent.pk}/status/?looked=1")

    assert len(till.stripe.requests) == before + 1


@pytest.mark.parametrize("looked", ["40", "99999", "-1", "x", "9" * 30])
def test_waiting_ends_by_itself(till: Till, learner: Client, looked: str) -> None:
    intent = till.intent()

    page = learner.get(f"/purchases/checkout/{intent.pk}/status/?looked={looked}").content.decode()

    assert ("longer than usual" in page) == (looked in {"40", "99999"})
    assert ("hx-get" in page) == (looked not in {"40", "99999"})


def test_coming_back_without_paying_offers_to_pay(till: Till, learner: Client) -> None:
    intent = till.intent()

    page = learner.get(f"/purchases/checkout/{intent.pk}/").content.decode()
    again = learner.post(f"/purchases/checkout/{intent.pk}/")

    assert "Not paid yet" in page
    assert again["Location"] == intent.session_url


def test_expired_checkout_says_so_and_begins_again(till: Till, learner: Client) -> None:
    intent = till.intent()
    till.stripe.expire(str(intent.session))
    till.bring_all()

    page = learner.get(f"/purchases/checkout/{intent.pk}/").content.decode()

    assert "This checkout has ended" in page
    assert buy_url(till) in page


# The provider's bad days


@pytest.mark.parametrize("fault", ["down", "500", "429", "nonsense", "invalid"])
def test_absent_provider_is_a_sentence_and_nothing_half_done(till: Till, learner: Client, fault: Any) -> None:
    till.stripe.fault = fault

    response = learner.post(buy_url(till), {"which": "pay"})

    assert response.status_code == 503
    assert response["Retry-After"]
    assert "haven’t been charged" in response.content.decode()
    assert "sk_test" not in response.content.decode()
    till.stripe.fault = ""
    assert learner.post(buy_url(till), {"which": "pay"}).status_code == 303
    assert len(till.stripe.all("checkout.session")) == 1
    assert CheckoutIntent.objects.count() == 1


def test_slow_provider_holds_nobody_for_long(till: Till, learner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stripe_api, "SECONDS", 0.2)
    stripe_api._client_of.cache_clear()
    till.stripe.fault = "slow"

    began = timezone.now()
    response = learner.post(buy_url(till), {"which": "pay"})

    stripe_api._client_of.cache_clear()
    assert response.status_code == 503
    assert timezone.now() - began < timedelta(seconds=5)


def test_answer_that_was_lost_is_not_a_second_checkout(till: Till, learner: Client) -> None:
    till.stripe.fault = "lost"
    learner.post(buy_url(till), {"which": "pay"})
    till.stripe.fault = ""

    learner.post(buy_url(till), {"which": "pay"})

    assert len(till.stripe.all("checkout.session")) == 1


@pytest.mark.parametrize("fault", ["down", "500", "invalid"])
def test_messages_are_taken_while_the_provider_does_not_answer(till: Till, fault: Any) -> None:
    till.paid()
    till.stripe.fault = fault

    till.bring_all()

    assert till.has_course


@pytest.mark.parametrize("fault", ["down", "nonsense"])
def test_waiting_page_stands_while_the_provider_does_not_answer(till: Till, learner: Client, fault: Any) -> None:
    intent = till.intent()
    till.stripe.fault = fault

    page = learner.get(f"/purchases/checkout/{intent.pk}/?paid")

    assert page.status_code == 200
    assert "Confirming your payment" in page.content.decode()


# Afterwards


def test_receipt_is_mailed_once(till: Till) -> None:
    till.paid()

    till.bring_all()
    till.bring_all()

    (receipt,) = [message for message in mail.outbox if "receipt" in message.subject]
    assert receipt.to == [till.email.address]
    assert "€49.00" in receipt.body


def test_receipt_that_the_mail_server_refuses_opens_the_course_and_is_sent_later(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: Any, **kwargs: Any) -> int:
        raise SMTPServerDisconnected

    till.paid()
    with monkeypatch.context() as patch:
        patch.setattr(EmailMultiAlternatives, "send", refuse)
        till.bring_all()
    assert till.has_course
    assert not mail.outbox

    sent = [outbox.send_due(now=timezone.now() + timedelta(minutes=minutes)) for minutes in (0, 10, 20)]

    assert sent == [0, 1, 0]
    assert "receipt" in mail.outbox[0].subject


def test_blocked_buyer_is_not_written_to_and_keeps_the_course(till: Till, settings: Any) -> None:
    till.paid()
    blocking.block(till.email, now=timezone.now())

    till.bring_all()

    assert till.has_course
    assert not mail.outbox


def test_orders_stand_on_the_learners_own_page(till: Till, learner: Client) -> None:
    intent = till.paid()
    till.bring_all()

    page = learner.get("/access/").content.decode()

    assert "Your orders" in page
    assert f"/purchases/checkout/{intent.pk}/" in page


def test_a_payment_without_an_invoice_leads_to_its_receipt(till: Till, learner: Client) -> None:
    intent = till.paid()
    session = till.stripe.shelf.tables["checkout.session"][str(intent.session)]
    session["invoice"] = None  # as of a shop that makes none
    (charge,) = till.stripe.shelf.all("charge")

    response = learner.get(f"/purchases/checkout/{intent.pk}/invoice/")

    assert (response.status_code, response["Location"]) == (302, charge["receipt_url"])


def test_invoice_is_the_providers_own_page(till: Till, learner: Client) -> None:
    intent = till.paid()
    till.bring_all()

    response = learner.get(f"/purchases/checkout/{intent.pk}/invoice/")

    assert response.status_code == 302
    assert response["Location"].startswith(till.stripe.origin)


def test_orders_are_in_the_data_that_learners_take_with_them(till: Till, learner: Client) -> None:
    till.paid()
    till.bring_all()

    data = learner.post("/access/data/", {"which": "export"}).json()

    assert data["orders"][0]["amount"] == "€49.00"


def test_erased_buyer_leaves_the_books_and_no_name(till: Till, learner: Client) -> None:
    till.paid()
    till.bring_all()

    learner.post("/access/data/", {"which": "erase"})

    payment = till.payment
    assert payment.amount == 4900
    assert payment.email is None
    assert not any(till.email.address in event.body for event in payment.events.all())


def test_checkouts_of_addresses_never_proved_are_let_go_of(till: Till) -> None:
    ask(till, Client(), "new@example.org")
    CheckoutIntent.objects.update(created_at=timezone.now() - timedelta(days=30))
    kept = till.intent(created_at=timezone.now() - PAYABLE_FOR / 4)

    buyer_data.let_go(now=timezone.now())

    assert list(CheckoutIntent.objects.all()) == [kept]


# What a checkout of before is worth


def test_a_price_is_called_kept_only_where_one_is(learner: Client, till: Till) -> None:
    def prices() -> tuple[str, str]:
        context = learner.get(buy_url(till)).context
        return context["price"], context["kept_price"]

    before = prices()
    till.intent()
    begun = prices()
    CoursePage.objects.filter(pk=till.course.pk).update(price=5900)
    dearer = prices()
    CheckoutIntent.objects.update(created_at=timezone.now() - REUSED_FOR)
    over = prices()

    assert (before, begun) == (("€49.00", ""), ("€49.00", ""))
    assert (dearer, over) == (("€49.00", "€49.00"), ("€59.00", ""))


@pytest.mark.parametrize("is_old", [False, True])
def test_a_checkout_that_is_out_of_date_leads_to_no_provider(learner: Client, till: Till, is_old: bool) -> None:
    intent = till.intent()
    if is_old:
        CheckoutIntent.objects.update(created_at=timezone.now() - REUSED_FOR)
    page = f"/purchases/checkout/{intent.pk}/"

    answer = learner.post(page)

    assert (answer.status_code, answer["Location"]) == (303, page if is_old else intent.session_url)

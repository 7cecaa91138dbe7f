"""Who sells: named in emails about an order and on its page, as far as the shop's settings say; asked for otherwise."""

from collections.abc import Callable
from datetime import datetime
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from access.models import Email
from courses.models import CoursePage
from purchases.mail import messages
from purchases.models import Payment, PurchaseMail, ShopSettings
from purchases.models.states import State
from purchases.tests.staff_fixtures import MakeClient, course, staff

__all__ = ["course", "staff"]
SELLER = {
    "seller_name": "Bees & <b>Sons</b>",
    "seller_address": "1 Honey Lane\r\n\r\n  AB1 2CD Hive",
    "contact_email": "shop@bees.example",
    "tax_number": "GB 123 & 4",
}
PANEL = "Your shop doesn’t say who sells"
SETTINGS = "/admin/settings/purchases/shopsettings/"


@pytest.fixture
def payment(make_payment: Callable[..., Payment], make_intent: Callable[..., Any], now: datetime) -> Payment:
    return make_payment(intent=make_intent(), state=State.PAID, paid_at=now)


def told(payment: Payment, kind: str, now: datetime) -> EmailMultiAlternatives:
    return messages.told(PurchaseMail(payment=payment, kind=kind, queued_at=now, pk=1), to="ada@example.org")


def html_of(message: EmailMultiAlternatives) -> str:
    return str(message.alternatives[0][0])


@pytest.mark.parametrize("kind", PurchaseMail.Kind.values)
def test_every_email_about_an_order_names_the_seller(payment: Payment, now: datetime, kind: str) -> None:
    ShopSettings.objects.create(**SELLER)

    message = told(payment, kind, now)

    sold_by = "Sold by\nBees & <b>Sons</b>\n1 Honey Lane\nAB1 2CD Hive\nTax number: GB 123 & 4\n\n"
    assert (
        f"\n\n{sold_by}Questions about this order? Reply to this email or write to shop@bees.example\n\n"
        in message.body
    )
    html = html_of(message)
    assert "Bees &amp; &lt;b&gt;Sons&lt;/b&gt;<br>1 Honey Lane<br>AB1 2CD Hive<br>" in html
    assert "Tax number: GB 123 &amp; 4" in html
    assert 'href="mailto:shop@bees.example"' in html


def test_nothing_is_said_of_what_is_left_empty(payment: Payment, now: datetime) -> None:
    message = told(payment, "paid", now)

    for part in (message.body, unescape(html_of(message))):
        assert [word for word in ("Sold by", "Tax number", "Questions", "mailto:") if word in part] == []
    assert "\n\n\n" not in message.body


@pytest.mark.parametrize("left", SELLER)
def test_each_part_is_shown_by_itself(payment: Payment, now: datetime, left: str) -> None:
    ShopSettings.objects.create(**{left: SELLER[left]})
    label = {"contact_email": "Questions", "tax_number": "Tax number"}.get(left, "Sold by")

    message = told(payment, "paid", now)

    for part in (str(message.body), html_of(message)):
        found = {word for word in ("Sold by", "Tax number", "Questions") if word in part}
        assert found == {label}


def test_the_order_page_names_the_seller(payment: Payment, learner_email: Email, sign_in: Any) -> None:
    path = f"/purchases/checkout/{payment.intent_id}/"
    buyer = sign_in(learner_email)
    assert "Sold by" not in buyer.get(path).text

    ShopSettings.objects.create(**SELLER)
    page = buyer.get(path).text

    assert "Bees &amp; &lt;b&gt;Sons&lt;/b&gt;<br>1 Honey Lane<br>AB1 2CD Hive" in page
    assert "GB 123 &amp; 4" in page
    assert 'href="mailto:shop@bees.example"' in page


# Who reads an answer


@pytest.mark.parametrize("kind", PurchaseMail.Kind.values)
def test_an_answer_goes_to_the_shops_contact(payment: Payment, now: datetime, kind: str) -> None:
    ShopSettings.objects.create(contact_email="shop@bees.example")

    message = told(payment, kind, now)

    assert message.reply_to == ["shop@bees.example"]
    assert message.message()["Reply-To"] == "shop@bees.example"


@pytest.mark.parametrize(
    "contact", ["", "shop", "shop@bees.example\r\nBcc: all@bees.example", "a@b.example, c@d.example"]
)
@pytest.mark.parametrize("kind", PurchaseMail.Kind.values)
def test_nobody_is_invited_to_answer_where_nobody_reads_it(
    payment: Payment, now: datetime, kind: str, contact: str
) -> None:
    """The form refuses all but the first; a row that got in by another way stops no receipt, and writes no header."""
    ShopSettings.objects.create(contact_email=contact)

    message = told(payment, kind, now)

    assert message.reply_to == []
    assert {"Reply-To", "Bcc"}.isdisjoint(message.message().keys())
    for part in (message.body, html_of(message)):
        assert [word for word in ("reply", "Reply", "Questions", "Bcc") if word in part] == []


# The settings


@pytest.fixture
def owner(admin_user: User) -> Client:
    client = Client()
    client.force_login(admin_user)
    return client


def test_the_owner_enters_the_seller(owner: Client) -> None:
    path = f"{SETTINGS}{ShopSettings.load().pk}/"

    assert owner.post(path, SELLER | {"tax_note": "1"}).status_code == 302

    shop = ShopSettings.current()
    assert shop.seller_lines == ["Bees & <b>Sons</b>", "1 Honey Lane", "AB1 2CD Hive"]
    assert shop.is_seller_named


@pytest.mark.parametrize(
    "wrong",
    [
        {"seller_name": "x" * 121},
        {"seller_address": "x" * 301},
        {"contact_email": f"{'x' * 250}@bees.example"},
        {"contact_email": "shop"},
        {"contact_email": "shop@bees.example\nBcc: all@bees.example"},
        {"tax_number": "1" * 41},
    ],
)
def test_what_is_too_long_or_no_address_is_refused(owner: Client, wrong: dict[str, str]) -> None:
    path = f"{SETTINGS}{ShopSettings.load().pk}/"

    answer = owner.post(path, SELLER | wrong)

    assert list(answer.context["form"].errors) == list(wrong)
    assert ShopSettings.current().seller_name == ""


# The dashboard


@pytest.fixture
def on_sale(course: CoursePage, settings: Any) -> CoursePage:
    settings.STRIPE_SECRET_KEY = "sk_test_of_nobody"
    return course


@pytest.mark.usefixtures("on_sale")
@pytest.mark.parametrize("known", [{}, {"seller_name": "Bees"}, {"contact_email": "shop@bees.example"}])
def test_dashboard_asks_for_who_sells(staff: MakeClient, known: dict[str, str]) -> None:
    ShopSettings.objects.create(**known)

    text = staff("change_shopsettings").get("/admin/").text

    assert PANEL in text
    assert f'href="{SETTINGS}"' in text


@pytest.mark.usefixtures("on_sale")
def test_dashboard_asks_nobody_who_could_not_say_it(staff: MakeClient) -> None:
    assert PANEL not in staff("view_payment").get("/admin/").text


@pytest.mark.usefixtures("on_sale")
def test_dashboard_asks_no_more_once_it_is_said(staff: MakeClient) -> None:
    ShopSettings.objects.create(seller_name="Bees", contact_email="shop@bees.example")

    assert PANEL not in staff("change_shopsettings").get("/admin/").text


@pytest.mark.parametrize("why", ["no key", "no price", "coming soon", "free"])
def test_dashboard_asks_for_nothing_where_nothing_is_sold(
    on_sale: CoursePage, staff: MakeClient, settings: Any, why: str
) -> None:
    if why == "no key":
        settings.STRIPE_SECRET_KEY = ""
    changes: dict[str, dict[str, Any]] = {
        "no key": {"slug": "bees"},
        "no price": {"price": None, "currency": ""},
        "coming soon": {"availability": "coming_soon"},
        "free": {"access": "email"},
    }
    CoursePage.objects.update(**changes[why])

    assert PANEL not in staff("change_shopsettings").get("/admin/").text

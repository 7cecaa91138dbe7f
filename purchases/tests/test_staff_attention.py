"""What needs somebody: on the dashboard, and the payment messages that belong nowhere."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils.html import escape

from purchases.ledger import ledger
from purchases.models import Payment, PaymentEvent
from purchases.orders import orders
from purchases.provider_events import Fact, Kind
from purchases.tests.staff_fixtures import (
    MakeClient,
    MakeOrder,
    course,
    desk,
    event,
    make_order,
    order,
    staff,
    tell_more,
)

__all__ = ["course", "desk", "make_order", "order", "staff"]
PANEL = "Orders that need you"
MESSAGES = "/admin/orders/messages/"


def foreign(now: datetime, *, intent: str = "", is_live: bool = False) -> PaymentEvent:
    """A message about a checkout that is not known here."""
    fact = Fact(kind=Kind.COMPLETED, at=int(now.timestamp()), intent=intent, amount=4900, currency="EUR", is_paid=True)
    told = event(fact, is_live=is_live)
    ledger.record(told, now=now)
    return PaymentEvent.objects.get(reference=told.reference)


# The dashboard


def test_there_is_no_panel_while_all_goes_well(desk: Client, order: Payment) -> None:
    assert PANEL not in desk.get("/admin/").text


def test_an_editor_is_shown_no_panel(staff: MakeClient, make_order: MakeOrder) -> None:
    make_order(amount=100)

    assert PANEL not in staff().get("/admin/").text


def test_panel_says_why_an_order_needs_somebody(desk: Client, make_order: MakeOrder, now: datetime) -> None:
    make_order("ada@example.org")
    twice = make_order("ada@example.org")
    held = make_order("bob@example.org", amount=100)
    disputed = tell_more(make_order("eve@example.org"), Kind.DISPUTED, now=now)

    text = desk.get("/admin/").text

    for payment, said in [
        (twice, "On bees, €49.00. Paid twice."),
        (held, "On bees, €1.00. Wrong amount."),
        (disputed, "On bees, €49.00. Disputed."),
    ]:
        assert f'href="/admin/orders/{payment.pk}/">{orders.number(payment)}</a>: {said}' in text


def test_panel_is_short_however_many_there_are(desk: Client, make_order: MakeOrder) -> None:
    for name in "abcdefg":
        make_order(f"{name}@example.org", amount=100)

    text = desk.get("/admin/").text

    assert text.count("Wrong amount.") == 5
    assert "/admin/orders/?attention=needed" in text


def test_panel_counts_messages_that_belong_nowhere(desk: Client, now: datetime) -> None:
    foreign(now, intent="gone")
    foreign(now, is_live=True)

    text = desk.get("/admin/").text

    assert "2 messages from the last 30 days don’t match any order on this site." in text
    assert MESSAGES in text


def test_old_messages_and_those_of_other_sites_are_not_said(desk: Client, now: datetime) -> None:
    foreign(now)
    foreign(now - timedelta(days=31), intent="gone")

    assert PANEL not in desk.get("/admin/").text


# The messages


def test_list_has_what_belongs_nowhere(desk: Client, order: Payment, now: datetime) -> None:
    wanted = [foreign(now, intent="gone"), foreign(now, is_live=True)]
    foreign(now)

    found = desk.get(MESSAGES).context["object_list"]

    assert set(found) == set(wanted)


def test_list_is_filtered(desk: Client, now: datetime) -> None:
    foreign(now, intent="gone")
    wanted = foreign(now, is_live=True)

    assert list(desk.get(f"{MESSAGES}?outcome=other_mode").context["object_list"]) == [wanted]


def test_empty_list_says_what_comes_here(desk: Client) -> None:
    assert "None. A Stripe message appears here" in desk.get(MESSAGES).text


@pytest.mark.parametrize("file", ["csv", "xlsx"])
def test_messages_are_not_exported(staff: MakeClient, now: datetime, file: str) -> None:
    foreign(now, intent="gone")

    answer = staff("view_payment").get(f"{MESSAGES}?export={file}")

    assert answer["Content-Type"].startswith("text/html")


def test_message_is_read_word_for_word(desk: Client, now: datetime) -> None:
    row = foreign(now, intent="gone")

    text = desk.get(f"{MESSAGES}{row.pk}/").text

    assert escape('"told": 1') in text
    assert "names a checkout this site" in text


def test_message_that_cannot_be_laid_out_is_shown_as_it_came(desk: Client, now: datetime) -> None:
    row = foreign(now, intent="gone")
    PaymentEvent.objects.update(body="[" * 5000)

    assert "[" * 5000 in desk.get(f"{MESSAGES}{row.pk}/").text


def test_message_runs_no_script(desk: Client, now: datetime) -> None:
    row = foreign(now, intent="gone")
    PaymentEvent.objects.update(body="<script>alert(1)</script>")

    assert "<script>alert(1)" not in desk.get(f"{MESSAGES}{row.pk}/").text


def test_erased_message_says_so(desk: Client, now: datetime) -> None:
    row = foreign(now, intent="gone")
    PaymentEvent.objects.update(body="")

    assert "Erased at the request" in desk.get(f"{MESSAGES}{row.pk}/").text


def test_message_of_an_order_leads_to_it(desk: Client, order: Payment) -> None:
    row = PaymentEvent.objects.get()

    text = desk.get(f"{MESSAGES}{row.pk}/").text

    assert f'href="/admin/orders/{order.pk}/"' in text
    assert "w-help-block" not in text

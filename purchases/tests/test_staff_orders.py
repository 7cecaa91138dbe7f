"""Orders in the admin: the list, its search and export, and the page of one order; and who may not see them."""

import csv
import io
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import ModelLogEntry

from access.models import Grant
from courses.models import CoursePage
from purchases.models import Payment, PaymentEvent, PurchaseMail
from purchases.orders import orders, refunds
from purchases.provider_events import Kind
from purchases.staff import words
from purchases.tests.staff_fixtures import MakeClient, MakeOrder, course, desk, make_order, order, staff, tell_more
from purchases.wagtail_hooks import register_permissions

__all__ = ["course", "desk", "make_order", "order", "staff"]
ORDERS = "/admin/orders/"


def found(client: Client, query: str) -> list[Payment]:
    return list(client.get(f"{ORDERS}?{query}").context["object_list"])


# Who may not


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    "page",
    ["", "results/", "?export=csv", "?export=xlsx", "messages/", "messages/results/", "messages/{event}/", "{order}/"],
)
def test_an_editor_finds_nothing(staff: MakeClient, order: Payment, page: str, method: str) -> None:
    event = PaymentEvent.objects.get()

    answer = getattr(staff(), method)(ORDERS + page.format(order=order.pk, event=event.pk))

    assert (answer.status_code, answer["Location"]) == (302, "/admin/")


@pytest.mark.parametrize("file", ["csv", "xlsx"])
def test_who_may_look_may_not_export(staff: MakeClient, order: Payment, file: str) -> None:
    client = staff("view_payment", "change_payment", "refund_payment")

    answer = client.get(f"{ORDERS}?export={file}")

    assert (answer.status_code, answer["Location"]) == (302, "/admin/")
    assert not ModelLogEntry.objects.filter(action="purchases.export").exists()


def test_who_may_look_is_offered_no_action(staff: MakeClient, order: Payment) -> None:
    text = staff("view_payment").get(f"{ORDERS}{order.pk}/").text

    assert not [page for page in ("refund", "receipt", "move", "end", "reopen") if f"{order.pk}/{page}/" in text]
    assert "/admin/learners/" not in text


def test_an_editor_is_shown_no_menu(staff: MakeClient) -> None:
    text = staff().get("/admin/").text

    assert ORDERS not in text
    assert "/admin/gifts/" not in text
    assert "/admin/reports/revenue/" not in text


def test_the_desk_is_shown_the_menus(desk: Client) -> None:
    text = desk.get("/admin/").text

    assert ORDERS in text
    assert "/admin/gifts/" in text
    assert "/admin/reports/revenue/" in text


def test_the_permissions_can_be_given_to_a_group(admin_client: Client) -> None:
    text = admin_client.get("/admin/groups/new/").text.lower()

    for right in ("refund orders", "export orders", "set the price of courses"):
        assert right in text


# The list


def test_the_list_shows_who_bought_what(desk: Client, order: Payment) -> None:
    text = desk.get(ORDERS).text

    for said in (orders.number(order), "ada@example.org", "On bees", "€49.00"):
        assert said in text


def test_an_empty_list_says_what_comes_here(desk: Client) -> None:
    assert "No orders yet" in desk.get(ORDERS).text


def test_a_search_that_finds_nothing_says_what_can_be_searched(desk: Client, order: Payment) -> None:
    assert "No orders match" in desk.get(f"{ORDERS}?q=nobody").text


@pytest.mark.parametrize("query", ["ADA@", "L-{number}", "l-{padded}", "{padded}", "{number}", "{reference}", "bees"])
def test_an_order_is_found(desk: Client, make_order: MakeOrder, make_course: Any, query: str) -> None:
    wanted = make_order("ada@example.org")
    make_order("bob@example.net", of=make_course(slug="wasps", title="On wasps", price=100, currency="EUR"))
    words_of = {"number": wanted.pk, "padded": f"{wanted.pk:06d}", "reference": wanted.reference}

    assert found(desk, f"q={query.format(**words_of)}") == [wanted]


def test_a_refund_is_found_by_its_reference(desk: Client, order: Payment, now: datetime) -> None:
    row = refunds.ask(order, amount=100, reason="x", keeps_access=False, by=None, now=now)
    type(row).objects.update(reference="re_77")

    assert found(desk, "q=re_77") == [order]


@pytest.mark.parametrize("query", ["999999999999999999999999", "%00", "L-", "'", "0"])
def test_a_strange_search_finds_nothing(desk: Client, order: Payment, query: str) -> None:
    assert desk.get(f"{ORDERS}?q={query}").status_code == 200


def test_the_list_is_filtered_by_state(desk: Client, make_order: MakeOrder) -> None:
    make_order("ada@example.org")
    pending = make_order("bob@example.org", is_paid=False)

    assert found(desk, "state=pending") == [pending]


def test_the_list_is_filtered_by_course(desk: Client, make_order: MakeOrder, make_course: Any) -> None:
    make_order()
    wasps = make_course(slug="wasps", title="On wasps", price=100, currency="EUR")
    wanted = make_order("bob@example.org", of=wasps)

    assert found(desk, f"course={wasps.translation_key}") == [wanted]


def test_the_list_is_filtered_by_day(desk: Client, make_order: MakeOrder, now: datetime) -> None:
    old = now - timedelta(days=40)
    make_order("ada@example.org", at=int(old.timestamp()))
    wanted = make_order("bob@example.org")
    day = (now - timedelta(days=20)).date()

    assert found(desk, f"paid_at_from={day}&paid_at_to=") == [wanted]


def test_the_list_is_filtered_by_what_needs_somebody(desk: Client, make_order: MakeOrder, now: datetime) -> None:
    make_order("ada@example.org")
    twice = make_order("ada@example.org")
    held = make_order("bob@example.org", amount=100)
    disputed = tell_more(make_order("eve@example.org"), Kind.DISPUTED, now=now)

    assert set(found(desk, "attention=needed")) == {twice, held, disputed}


def test_every_mark_belongs_to_an_order_that_needs_somebody(make_order: MakeOrder, now: datetime) -> None:
    make_order("ada@example.org")
    make_order("ada@example.org")
    make_order("bob@example.org", amount=100)
    make_order("joe@example.org", amount=100, is_paid=False)
    tell_more(make_order("eve@example.org"), Kind.DISPUTED, now=now)
    tell_more(make_order("kim@example.org", amount=100), Kind.REFUNDED, now=now, amount=100)
    tell_more(make_order("sue@example.org"), Kind.DISPUTE_LOST, now=now)

    marked = {each for each in Payment.objects.orders() if words.marks(each)}

    assert marked == set(Payment.objects.needing_attention())
    assert all(words.advice(each) for each in marked)


def test_the_list_costs_the_same_however_long(desk: Client, make_order: MakeOrder) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            desk.get(f"{ORDERS}results/")
        return len(queries)

    make_order("ada@example.org")
    cost()
    once = cost()
    for name in "abcdef":
        make_order(f"{name}@example.org")

    assert cost() == once


def test_payments_of_another_site_are_left_out(desk: Client, db: None) -> None:
    Payment.objects.create(reference="pi_foreign")

    assert found(desk, "") == []


# The export


def rows(client: Client) -> list[dict[str, str]]:
    text = b"".join(client.get(f"{ORDERS}?export=csv").streaming_content).decode()  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(text)))


def test_the_export_has_amounts_to_count_with(desk: Client, order: Payment) -> None:
    (row,) = rows(desk)

    assert (row["Order"], row["Address"], row["Course"]) == (orders.number(order), "ada@example.org", "On bees")
    assert (row["Amount"], row["Refunded"], row["Currency"]) == ("49.00", "0.00", "EUR")


def test_the_export_runs_no_formula(desk: Client, make_order: MakeOrder, make_course: Any) -> None:
    make_order(of=make_course(slug="evil", title="=cmd()", price=100, currency="EUR"))

    (row,) = rows(desk)

    assert row["Course"] == "'=cmd()"


def test_the_export_as_a_workbook(desk: Client, order: Payment) -> None:
    answer = desk.get(f"{ORDERS}?export=xlsx")

    sheet = openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content))).active  # type: ignore[attr-defined]
    assert [cell.value for cell in sheet[2]][:3] == [orders.number(order), "ada@example.org", "On bees"]


def test_the_export_is_logged(desk: Client, order: Payment) -> None:
    rows(desk)

    assert ModelLogEntry.objects.get(action="purchases.export").data["about"] == "1"


# One order


@pytest.fixture
def text_of(desk: Client) -> Callable[[Payment], str]:
    return lambda payment: " ".join(desk.get(f"{ORDERS}{payment.pk}/").text.split())


def test_the_page_of_an_order_tells_all_about_it(
    text_of: Callable[[Payment], str], order: Payment, course: CoursePage
) -> None:
    text = text_of(order)

    for said in (orders.number(order), "€49.00", "On bees", "The course is open to ada@example.org.", "Paid: €49.00"):
        assert said in text
    assert f"/admin/learners/{order.email_id}/" in text
    assert f"/admin/pages/{course.pk}/" in text


@pytest.mark.parametrize(("is_live", "path"), [(False, "/test/payments/"), (True, "/payments/")])
def test_the_page_leads_to_the_payment_at_stripe(
    text_of: Callable[[Payment], str], order: Payment, is_live: bool, path: str
) -> None:
    type(order.intent).objects.update(is_live=is_live)  # type: ignore[union-attr]

    assert f'href="https://dashboard.stripe.com{path}{order.reference}"' in text_of(order)


def test_a_free_order_leads_nowhere_at_stripe(text_of: Callable[[Payment], str], make_order: MakeOrder) -> None:
    free = make_order(payment="cs_free", amount=0, discount=4900)

    assert "dashboard.stripe.com" not in text_of(free)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (Kind.REFUNDED, "The course is closed: it was refunded."),
        (Kind.DISPUTED, "Respond in Stripe before the deadline"),
        (Kind.DISPUTE_LOST, "The course is closed: the buyer’s bank reversed the payment."),
        (Kind.DISPUTE_WON, "The course is open to ada@example.org."),
    ],
)
def test_the_page_says_what_a_state_means(
    text_of: Callable[[Payment], str], order: Payment, now: datetime, kind: Kind, said: str
) -> None:
    tell_more(order, kind, now=now, amount=4900)

    assert said in text_of(order)


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        ({"amount": 100}, "The amount paid"),
        ({"currency": "USD"}, "a different currency"),
        ({"course": "another"}, "a different course"),
        ({"is_paid": False}, "opens automatically when the payment arrives"),
    ],
)
def test_the_page_says_why_an_order_opens_nothing(
    text_of: Callable[[Payment], str], make_order: MakeOrder, fact: dict[str, Any], said: str
) -> None:
    assert said in text_of(make_order(**fact))


def test_an_order_paid_twice_says_what_to_do(text_of: Callable[[Payment], str], make_order: MakeOrder) -> None:
    make_order()
    second = make_order()

    text = text_of(second)

    assert "Refund this order: the other one keeps the course open." in text
    assert "The course is open to ada@example.org, but not through this order." in text


def test_an_order_of_an_erased_person_still_has_a_page(text_of: Callable[[Payment], str], order: Payment) -> None:
    Grant.objects.update(email=None)
    type(order.email).objects.all().delete()  # type: ignore[union-attr]

    assert "erased" in text_of(order)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Queued"),
        ({"sends": 3}, "Queued, tried 3 times"),
        ({"sent_at": "now"}, "Sent"),
        ({"parked_at": "now", "sends": 8}, "Failed"),
        ({"parked_at": "now", "sends": 1}, "Not sent: the address is blocked or erased"),
    ],
)
def test_what_became_of_a_mail(order: Payment, now: datetime, fields: dict[str, Any], said: str) -> None:
    moments = {name: now if value == "now" else value for name, value in fields.items()}

    assert words.mail(PurchaseMail(payment=order, **moments)) == said


def test_an_order_of_another_site_is_not_found(desk: Client, db: None) -> None:
    foreign = Payment.objects.create(reference="pi_foreign")

    assert desk.get(f"{ORDERS}{foreign.pk}/").status_code == 404


def test_the_page_costs_the_same_however_long_its_history(desk: Client, order: Payment, now: datetime) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            desk.get(f"{ORDERS}{order.pk}/")
        return len(queries)

    tell_more(order, Kind.REFUNDED, now=now, amount=100)
    cost()
    once = cost()
    for amount in (200, 300, 400):
        tell_more(order, Kind.REFUNDED, now=now, amount=amount)

    assert cost() == once


def test_only_what_the_admin_asks_for_is_offered_to_groups(db: None) -> None:
    offered = register_permissions().values_list("codename", flat=True)

    assert set(offered) == {"view_payment", "change_payment", "refund_payment", "export_payment"}

"""What was earned, by course and month: as a chart, a table and a file; and who may not see it."""

import csv
import io
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.content.money import Money
from purchases.models import CheckoutIntent
from purchases.orders import revenue
from purchases.provider_events import Kind
from purchases.staff import chart
from purchases.tests.staff_fixtures import MakeClient, MakeOrder, course, desk, make_order, staff, tell_more

__all__ = ["course", "desk", "make_order", "staff"]
REVENUE = "/admin/reports/revenue/"
YEAR = "first=2026-01&last=2026-12"


def at(*moment: int) -> int:
    return int(datetime(*moment, tzinfo=UTC).timestamp())  # type: ignore[misc,arg-type]


def lines(first: date = date(2026, 1, 1), last: date = date(2026, 12, 1)) -> list[tuple[str, str, str, str, str, int]]:
    return [
        (f"{line.month:%Y-%m}", line.course, str(line.gross), str(line.gone), str(line.net), line.count)
        for line in revenue.lines(first, last)
    ]


# Who may not


@pytest.mark.parametrize("query", ["", "?export=csv", f"?{YEAR}"])
def test_an_editor_sees_no_revenue(staff: MakeClient, query: str) -> None:
    answer = staff("change_payment", "export_payment", "add_grant").get(REVENUE + query)

    assert (answer.status_code, answer["Location"]) == (302, "/admin/")


# The figures


def test_orders_of_a_month_are_added_up(make_order: MakeOrder) -> None:
    make_order("ada@example.org", at=at(2026, 3, 1))
    make_order("bob@example.org", at=at(2026, 3, 31, 23, 59))
    make_order("eve@example.org", at=at(2026, 4, 1))

    assert lines() == [
        ("2026-04", "On bees", "€49.00", "€0.00", "€49.00", 1),
        ("2026-03", "On bees", "€98.00", "€0.00", "€98.00", 2),
    ]


def test_courses_and_currencies_stay_apart(make_order: MakeOrder, make_course: Any) -> None:
    yen = make_course(slug="wasps", title="On wasps", price=4900, currency="JPY")
    make_order("ada@example.org", at=at(2026, 3, 1))
    make_order("ada@example.org", of=yen, at=at(2026, 3, 2))

    assert [line[1:3] for line in lines()] == [("On bees", "€49.00"), ("On wasps", "¥4,900")]


def test_refund_counts_in_the_month_of_its_order(make_order: MakeOrder, now: datetime) -> None:
    tell_more(make_order(at=at(2026, 3, 1)), Kind.REFUNDED, now=now, amount=900)

    assert lines() == [("2026-03", "On bees", "€49.00", "€9.00", "€40.00", 1)]


def test_what_a_bank_took_back_is_gone(make_order: MakeOrder, now: datetime) -> None:
    tell_more(make_order(at=at(2026, 3, 1)), Kind.DISPUTE_LOST, now=now, amount=4900)

    assert lines() == [("2026-03", "On bees", "€49.00", "€49.00", "€0.00", 1)]


def test_months_begin_in_the_time_zone_of_the_site(make_order: MakeOrder, settings: Any) -> None:
    settings.TIME_ZONE = "Pacific/Auckland"
    make_order(at=at(2026, 3, 31, 12))

    assert lines()[0][0] == "2026-04"


def test_first_and_last_moment_of_the_range_count(make_order: MakeOrder) -> None:
    make_order("ada@example.org", at=at(2026, 1, 1))
    make_order("bob@example.org", at=at(2026, 12, 31, 23, 59, 59))
    make_order("eve@example.org", at=at(2027, 1, 1))
    make_order("joe@example.org", at=at(2025, 12, 31, 23, 59, 59))

    assert [line[0] for line in lines()] == ["2026-12", "2026-01"]


def test_money_that_did_not_come_does_not_count(make_order: MakeOrder) -> None:
    make_order(at=at(2026, 3, 1), is_paid=False)

    assert lines() == []


def test_real_money_and_test_money_are_not_added_up(make_order: MakeOrder, settings: Any) -> None:
    make_order("ada@example.org", at=at(2026, 3, 1))
    make_order("bob@example.org", at=at(2026, 3, 1))
    CheckoutIntent.objects.filter(email__address="bob@example.org").update(is_live=True)

    settings.STRIPE_SECRET_KEY = "sk_live_x"

    assert [line[-1] for line in lines()] == [1]


def test_totals_are_by_currency(make_order: MakeOrder, make_course: Any) -> None:
    yen = make_course(slug="wasps", title="On wasps", price=4900, currency="JPY")
    make_order("ada@example.org", at=at(2026, 3, 1))
    make_order("bob@example.org", at=at(2026, 4, 1))
    make_order("ada@example.org", of=yen, at=at(2026, 3, 2))

    totals = revenue.totals(revenue.lines(date(2026, 1, 1), date(2026, 12, 1)))

    assert [total.gross for total in totals] == [Money(9800, "EUR"), Money(4900, "JPY")]


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 11, 22), 11, date(2025, 12, 1)),
        (date(2026, 1, 31), 1, date(2025, 12, 1)),
        (date(2026, 3, 1), 0, date(2026, 3, 1)),
    ],
)
def test_months_are_counted_back(day: date, count: int, expected: date) -> None:
    assert revenue.months_before(day, count) == expected


# The page


def test_page_shows_table_and_chart(desk: Client, make_order: MakeOrder) -> None:
    make_order(at=at(2026, 3, 1))

    text = desk.get(f"{REVENUE}?{YEAR}").text

    assert "<td>March 2026</td><td>On bees</td><td>1</td>" in text
    assert 'role="img" aria-label="Revenue by month in EUR: January 2026: €0.00; ' in text


def test_last_twelve_months_are_usual(desk: Client, make_order: MakeOrder, now: datetime) -> None:
    make_order()

    context = desk.get(REVENUE).context

    first, last = context["form"].initial["first"], context["form"].initial["last"]
    assert (last.year, last.month) == (now.year, now.month)
    assert len(context["charts"][0].bars) == 12
    assert revenue.months_before(last, 11) == first


def test_page_without_revenue_says_so(desk: Client) -> None:
    assert "No payments in these months." in desk.get(REVENUE).text


def test_free_orders_need_no_chart(desk: Client, make_order: MakeOrder) -> None:
    make_order(payment="cs_free", amount=0, discount=4900)

    answer = desk.get(REVENUE)

    assert (answer.context["charts"], "On bees" in answer.text) == ([], True)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("first=2026&last=2026-12", "Enter the month as year and number"),
        ("first=2026-12&last=2026-01", "This month is before the first one."),
        ("first=2000-01&last=2026-01", "At most 60 months at a time."),
        ("first=9999-12&last=9999-12", "Enter the month as year and number"),
        ("first=0001-01&last=0001-02", "Enter the month as year and number"),
        ("first=&last=", "This field is required."),
    ],
)
@pytest.mark.parametrize("export", ["", "&export=csv"])
def test_months_that_make_no_sense_are_refused(desk: Client, query: str, said: str, export: str) -> None:
    answer = desk.get(f"{REVENUE}?{query}{export}")

    assert answer.status_code == 200
    assert export or said in answer.text


def test_page_costs_the_same_however_many_orders(desk: Client, make_order: MakeOrder) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            desk.get(REVENUE)
        return len(queries)

    make_order("ada@example.org")
    cost()
    once = cost()
    for name in "abcd":
        make_order(f"{name}@example.org")

    assert cost() == once


# The chart


def months(*amounts: tuple[int, int]) -> list[revenue.Line]:
    return [
        revenue.Line(
            month=date(2026, number, 1), course="", gross=Money(gross, "EUR"), gone=Money(gone, "EUR"), count=1
        )
        for number, (gross, gone) in enumerate(amounts, start=1)
    ]


def test_bars_stand_on_the_floor_and_end_below_the_top() -> None:
    bars = chart.draw(months((4900, 900), (0, 0), (9800, 9800))).bars

    for bar in bars:
        assert float(bar.net_y) + float(bar.net_height) == pytest.approx(chart.FLOOR, abs=0.2)
        assert float(bar.gone_y) >= chart.TOP - 0.1
    assert float(bars[2].gone_height) == chart.FLOOR - chart.TOP


def test_bars_are_in_digits_that_svg_knows(settings: Any) -> None:
    settings.LANGUAGE_CODE, settings.USE_THOUSAND_SEPARATOR = "de", True

    bars = chart.draw(months((4900, 900), (100, 0), (9800, 0))).bars

    assert all("," not in bar.x + bar.middle + bar.net_y for bar in bars)


def test_bars_say_what_they_show() -> None:
    bars = chart.draw(months((4900, 900), (100, 0))).bars

    assert [bar.said for bar in bars] == ["January 2026: €40.00, and €9.00 refunded", "February 2026: €1.00"]


# The file


def test_file_has_amounts_to_count_with(desk: Client, make_order: MakeOrder) -> None:
    make_order(at=at(2026, 3, 1))

    rows = list(csv.reader(io.StringIO(desk.get(f"{REVENUE}?{YEAR}&export=csv").text)))

    assert rows == [
        ["Month", "Course", "Currency", "Orders", "Gross", "Refunded", "Net"],
        ["2026-03", "On bees", "EUR", "1", "49.00", "0.00", "49.00"],
    ]


def test_file_runs_no_formula(desk: Client, make_order: MakeOrder, make_course: Any) -> None:
    make_order(of=make_course(slug="evil", title="=cmd()", price=100, currency="EUR"))

    assert "'=cmd()" in desk.get(f"{REVENUE}?export=csv").text

"""Who sets the price of a course in the editor, how it is typed, and what is said of what is no price."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from access.policy import Level
from courses.content import money
from courses.content.money import Money
from courses.models import CourseIndexPage, CoursePage
from courses.tests.test_admin import PUBLISH, add, course_form, edit

MakeCourse = Callable[..., CoursePage]


@pytest.fixture
def publisher(make_staff: Callable[[str], Client]) -> Client:
    return make_staff("Publishers")


@pytest.fixture
def sold(make_course: MakeCourse) -> CoursePage:
    course = make_course(slug="sold", access=Level.PURCHASE, price=3900, currency="EUR")
    course.save_revision().publish()
    return course


def form(**fields: Any) -> dict[str, Any]:
    return course_form(slug="sold", access="purchase", **fields)


def newest(course: CoursePage) -> Money | None:
    course.refresh_from_db()
    draft: CoursePage = course.get_latest_revision_as_object()
    return draft.money


# Who may not


def test_editor_has_no_field_for_the_price(editor: Client, sold: CoursePage) -> None:
    fields = editor.get(f"/admin/pages/{sold.pk}/edit/").context["form"].fields

    assert not {"price", "currency"} & fields.keys()


@pytest.mark.parametrize("typed", ["1", "99999", ""])
def test_forged_price_of_an_editor_changes_nothing(editor: Client, sold: CoursePage, typed: str) -> None:
    edit(editor, sold, form(price=typed, currency="JPY"))

    assert newest(sold) == Money(3900, "EUR")
    assert sold.has_unpublished_changes


def test_forged_price_of_a_new_course_is_not_taken(editor: Client, catalogue: CourseIndexPage) -> None:
    add(editor, catalogue, "coursepage", course_form(access="purchase", price="1", currency="EUR"))

    assert newest(CoursePage.objects.get(slug="new")) is None


def test_copy_of_a_course_keeps_its_price(editor: Client, sold: CoursePage, catalogue: CourseIndexPage) -> None:
    copied = {"new_title": "Copy", "new_slug": "copy", "new_parent_page": catalogue.pk, "price": "1"}

    editor.post(f"/admin/pages/{sold.pk}/copy/", copied)

    assert newest(CoursePage.objects.get(slug="copy")) == Money(3900, "EUR")


# Who may


@pytest.mark.parametrize(
    ("typed", "currency", "price"),
    [
        ("49,50", "EUR", Money(4950, "EUR")),
        ("49.5", "EUR", Money(4950, "EUR")),
        (" 49 ", "EUR", Money(4900, "EUR")),
        ("4900", "JPY", Money(4900, "JPY")),
        ("1,250", "KWD", Money(1250, "KWD")),
        ("999999.99", "EUR", Money(99_999_999, "EUR")),
        ("", "EUR", None),
    ],
)
def test_publisher_sets_the_price(
    publisher: Client, sold: CoursePage, typed: str, currency: str, price: Money | None
) -> None:
    edit(publisher, sold, form(price=typed, currency=currency), **PUBLISH)

    sold.refresh_from_db()
    assert sold.money == price


@pytest.mark.parametrize(
    ("typed", "currency", "said"),
    [
        ("free", "EUR", "Enter a plain number, such as 49 or 49.50."),
        ("€49", "EUR", "Enter a plain number"),
        ("1.000,00", "EUR", "Enter a plain number"),
        ("1e3", "EUR", "Enter a plain number"),
        ("1e999999", "EUR", "Enter a plain number"),
        ("NaN", "EUR", "Enter a plain number"),
        ("Infinity", "EUR", "Enter a plain number"),
        ("1_000", "EUR", "Enter a plain number"),
        ("-49", "EUR", "Enter a price between €0.50 and €999,999.99."),
        ("0", "EUR", "Enter a price between"),
        ("0.49", "EUR", "Enter a price between"),
        ("1000000", "EUR", "Enter a price between"),
        ("999999999999", "EUR", "Enter a price between"),
        ("49.505", "EUR", "EUR has 2 decimal places."),
        ("1,000", "EUR", "EUR has 2 decimal places. Enter a thousand as 1000."),
        ("49.50", "JPY", "JPY has no decimal places."),
        ("49,0", "JPY", "JPY has no decimal places."),
        ("1.255", "KWD", "A price in KWD must end in 0."),
    ],
)
@pytest.mark.parametrize("action", [{}, PUBLISH])
def test_what_is_no_price_is_refused_with_a_sentence(
    publisher: Client, sold: CoursePage, typed: str, currency: str, said: str, action: dict[str, str]
) -> None:
    response = edit(publisher, sold, form(price=typed, currency=currency), **action)

    assert any(said in error for error in response.context["form"].errors["price"])
    assert newest(sold) == Money(3900, "EUR")


@pytest.mark.parametrize("currency", ["", "XXX", "eur", "BTC"])
@pytest.mark.parametrize("action", [{}, PUBLISH])
def test_price_without_a_known_currency_is_refused(
    publisher: Client, sold: CoursePage, currency: str, action: dict[str, str]
) -> None:
    response = edit(publisher, sold, form(price="49", currency=currency), **action)

    assert response.context["form"].errors["currency"]
    assert newest(sold) == Money(3900, "EUR")


def test_form_shows_the_price_as_it_is_typed(publisher: Client, sold: CoursePage) -> None:
    shown = publisher.get(f"/admin/pages/{sold.pk}/edit/").text

    assert 'name="price" value="39.00"' in shown
    assert '<option value="EUR" selected>' in shown


def test_history_compares_prices_as_money(publisher: Client, sold: CoursePage) -> None:
    before = sold.latest_revision_id
    edit(publisher, sold, form(price="49", currency="EUR"))

    shown = publisher.get(f"/admin/pages/{sold.pk}/revisions/compare/{before}...latest/").text

    assert "€39.00" in shown
    assert "€49.00" in shown


# Money


@given(minor=st.integers(money.LEAST, money.MOST), currency=st.sampled_from(money.CODES))
def test_what_is_shown_in_the_form_is_read_back(minor: int, currency: str) -> None:
    price = Money(minor - minor % 10, currency)

    assert price.minor < money.least(currency) or money.read(f"{price.decimal:f}", currency) == price


@given(typed=st.text(max_size=20), currency=st.sampled_from(money.CODES))
def test_whatever_is_typed_is_read_or_refused(typed: str, currency: str) -> None:
    try:
        price = money.read(typed, currency)
    except money.NotAPrice:
        return

    assert money.least(currency) <= price.minor <= money.MOST

"""Amounts of money: what an editor may type, and how people read it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.content import money
from courses.content.money import Money, NotAPrice


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [
        ("49", "EUR", 4900),
        (" 49.5 ", "EUR", 4950),
        ("49,50", "EUR", 4950),
        ("0.50", "EUR", 50),
        ("4900", "JPY", 4900),
        ("15", "KWD", 15_000),
        ("15.250", "KWD", 15_250),
        ("999999.99", "USD", 99_999_999),
    ],
)
def test_price_is_whole_minor_units(typed: str, currency: str, minor: int) -> None:
    assert money.read(typed, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    ("typed", "currency", "said"),
    [
        ("", "EUR", "plain number"),
        ("free", "EUR", "plain number"),
        ("1.000,50", "EUR", "plain number"),
        ("49.505", "EUR", "2 decimal places"),
        ("490.5", "JPY", "no decimal places"),
        ("15.255", "KWD", "must end in 0"),
        ("0", "EUR", "between €0.50"),
        ("0.49", "EUR", "between €0.50"),
        ("-49", "EUR", "between €0.50"),
        ("1000000", "EUR", "€999,999.99"),
        ("1", "SEK", "between"),
        ("NaN", "EUR", "plain number"),
        ("Infinity", "EUR", "plain number"),
        ("1e400", "EUR", "plain number"),
        ("1,000", "JPY", "Enter a thousand as 1000"),
        ("1,000", "EUR", "Enter a thousand as 1000"),
        ("1e999999", "EUR", "plain number"),
    ],
)
def test_what_is_no_price_is_refused_with_a_sentence(typed: str, currency: str, said: str) -> None:
    with pytest.raises(NotAPrice, match=said):
        money.read(typed, currency)


@pytest.mark.parametrize(
    ("price", "written"),
    [
        (Money(4900, "EUR"), "€49.00"),
        (Money(4900, "JPY"), "¥4,900"),
        (Money(15_250, "KWD"), "KWD15.250"),
        (Money(0, "USD"), "$0.00"),
    ],
)
def test_people_read_it_with_symbol_and_digits(price: Money, written: str) -> None:
    assert str(price) == written


@given(st.sampled_from(money.CODES), st.integers(20_000, money.MOST))
def test_every_price_is_read_as_it_was_written(currency: str, minor: int) -> None:
    price = Money(minor // 10 * 10, currency)

    assert money.read(f"{price.decimal:f}", currency) == price

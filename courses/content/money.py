"""Money: whole minor units of a currency, how people write it, and how much of it a price may be."""

import re
from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import format_currency, get_currency_name, get_currency_precision
from django.conf import settings
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

# Those in which the payment provider counts the same minor units as ISO 4217. The last five have three digits.
CODES = (
    *("AED", "AUD", "BRL", "CAD", "CHF", "CLP", "CZK", "DKK", "EUR", "GBP", "HKD", "ILS", "INR", "JPY", "KRW", "MXN"),
    *("MYR", "NOK", "NZD", "PHP", "PLN", "RON", "SAR", "SEK", "SGD", "THB", "TRY", "USD", "VND", "ZAR"),
    *("BHD", "JOD", "KWD", "OMR", "TND"),
)
# Minor units: what the provider takes at least, about half a dollar.
LEAST = 50
LEAST_OF = {
    "AED": 200,
    "CLP": 500,
    "CZK": 1500,
    "DKK": 250,
    "HKD": 400,
    "ILS": 200,
    "INR": 5000,
    "KRW": 1000,
    "MXN": 1000,
    "MYR": 200,
    "NOK": 300,
    "PHP": 3000,
    "PLN": 200,
    "RON": 200,
    "SAR": 200,
    "SEK": 300,
    "THB": 1000,
    "TRY": 3000,
    "VND": 15_000,
    "ZAR": 1000,
    "BHD": 200,
    "JOD": 400,
    "KWD": 200,
    "OMR": 200,
    "TND": 2000,
}
MOST = 99_999_999  # minor units: eight digits are the most it takes
TYPED = re.compile(r"(?P<whole>-?[0-9]{1,12})(?:[.,](?P<behind>[0-9]{1,12}))?", re.ASCII)


class NotAPrice(ValueError):
    """What was typed is no price in that currency; the message is for the person who typed it."""


@dataclass(frozen=True)
class Money:
    """`minor` units, as cents: none for yen, a thousandth for dinars. `currency` is an ISO 4217 code."""

    minor: int
    currency: str

    @property
    def decimal(self) -> Decimal:
        return Decimal(self.minor).scaleb(-digits(self.currency))

    def __str__(self) -> str:
        return str(format_currency(self.decimal, self.currency, locale=_locale()))


def digits(currency: str) -> int:
    """How many digits follow the decimal point."""
    return int(get_currency_precision(currency))


def name(currency: str) -> str:
    return str(get_currency_name(currency, locale=_locale()))


def choices() -> list[tuple[str, str]]:
    return [(code, f"{code} – {name(code)}") for code in CODES]


def amount(typed: str, currency: str) -> Money:
    """Money as people type it: '49', '49.50' or '49,50'. NotAPrice when it is none of that currency.

    '1,000' is refused where it would be 1: an editor who means a thousand must not sell for one.
    """
    found = TYPED.fullmatch(typed.strip())
    if found is None:
        raise NotAPrice(_("Enter a plain number, such as 49 or 49.50."))
    whole, behind = found["whole"], found["behind"] or ""
    if len(behind) > digits(currency):
        raise NotAPrice(_has_digits(currency))
    return Money(int(whole + behind.ljust(digits(currency), "0")), currency)


def read(typed: str, currency: str) -> Money:
    """A price as an editor types it. NotAPrice when it is none, or not payable."""
    price = amount(typed, currency)
    if not least(currency) <= price.minor <= MOST:
        raise NotAPrice(_("Enter a price between %(least)s and %(most)s.") % _rules(currency))
    if digits(currency) == 3 and price.minor % 10:
        raise NotAPrice(_("A price in %(currency)s must end in 0.") % _rules(currency))
    return price


def default_currency() -> str:
    return str(settings.CURRENCY)


def least(currency: str) -> int:
    return LEAST_OF.get(currency, LEAST)


def _has_digits(currency: str) -> str:
    if not digits(currency):
        return _("%s has no decimal places. Enter a thousand as 1000.") % currency
    return _("%(currency)s has %(digits)s decimal places. Enter a thousand as 1000.") % _rules(currency)


def _rules(currency: str) -> dict[str, object]:
    bounds = {"least": Money(least(currency), currency), "most": Money(MOST, currency)}
    return {"currency": currency, "digits": digits(currency), **bounds}


def _locale() -> str:
    return to_locale(get_language() or settings.LANGUAGE_CODE)

"""Amounts in the minor units of their currency: how many there are, which amounts are possible, how they are shown."""

from decimal import Decimal

from stand_ins.stripe.answers import Refusal

MINIMUM = 50
MAXIMUM = 99_999_999
ZERO_DECIMAL = frozenset(
    ["bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf", "xof", "xpf"]
)
THREE_DECIMAL = frozenset(["bhd", "jod", "kwd", "omr", "tnd"])
# Stripe counts these in hundredths, though nobody can pay less than a whole one.
WHOLE_ONLY = frozenset(["isk", "ugx"])


def decimals(currency: str) -> int:
    if currency in ZERO_DECIMAL:
        return 0
    return 3 if currency in THREE_DECIMAL else 2


def shown(amount: int, currency: str) -> str:
    places = decimals(currency)
    return f"{Decimal(amount).scaleb(-places):,.{places}f} {currency.upper()}"


def check_currency(currency: str, *, param: str) -> None:
    if not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
        raise Refusal(400, f"No such currency: {currency}", param=param)


def check_unit(amount: int, currency: str, *, param: str) -> None:
    """Amounts that no card network can move."""
    step = 10 if currency in THREE_DECIMAL else 100 if currency in WHOLE_ONLY else 1
    if amount % step:
        raise Refusal(400, f"Amounts in {currency} are multiples of {step}.", param=param)


def check_total(amount: int, currency: str) -> None:
    if 0 < amount < MINIMUM:
        raise Refusal(400, f"A payment is at least {shown(MINIMUM, currency)}.", code="amount_too_small")
    if amount > MAXIMUM:
        raise Refusal(400, f"A payment is at most {shown(MAXIMUM, currency)}.", code="amount_too_large")

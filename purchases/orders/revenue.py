"""Revenue by month, course and currency. Never added up across currencies, nor test money with real."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Case, Count, F, Max, Q, Sum, When
from django.db.models.functions import TruncMonth
from django.utils import timezone

from courses.content.money import Money
from purchases.models import Payment
from purchases.models.states import State
from purchases.stripe import stripe_api


@dataclass(frozen=True, kw_only=True)
class Line:
    """The orders paid in one month. `gone` is what was refunded of them since, or taken back by banks."""

    month: date
    course: str
    gross: Money
    gone: Money
    count: int

    @property
    def net(self) -> Money:
        return Money(self.gross.minor - self.gone.minor, self.gross.currency)


def lines(first: date, last: date) -> list[Line]:
    """From one month to the other, both given by any of their days; the newest month first."""
    zone = timezone.get_default_timezone()
    begin = datetime(first.year, first.month, 1, tzinfo=zone)
    end = datetime.combine(next_month(last), datetime.min.time(), tzinfo=zone)
    of_this_mode = Q(intent=None) | Q(intent__is_live=stripe_api.is_live())
    paid = Payment.objects.orders().filter(of_this_mode, paid_at__gte=begin, paid_at__lt=end)
    found = (
        paid.order_by()
        .values("course_key", "currency", month=TruncMonth("paid_at", tzinfo=zone))
        .annotate(
            title=Max("intent__course_title"),
            gross=Sum("amount"),
            gone=Sum(Case(When(state=State.LOST, then=F("amount")), default=F("refunded"))),
            count=Count("pk"),
        )
    )
    made = [
        Line(
            month=row["month"].date(),
            course=row["title"] or "",
            gross=Money(row["gross"], row["currency"]),
            gone=Money(row["gone"], row["currency"]),
            count=row["count"],
        )
        for row in found
    ]
    return sorted(made, key=lambda line: (-line.month.toordinal(), line.course, line.gross.currency))


def totals(found: Iterable[Line]) -> list[Line]:
    """One for each currency, over all months and courses."""
    by_currency: dict[str, list[Line]] = {}
    for line in found:
        by_currency.setdefault(line.gross.currency, []).append(line)
    return [_sum(of_one) for _currency, of_one in sorted(by_currency.items())]


def by_month(found: Iterable[Line], currency: str, *, first: date, last: date) -> list[Line]:
    """One for each month in one currency, the oldest first, also those in which nothing was earned."""
    made = []
    month = first.replace(day=1)
    of_currency = [line for line in found if line.gross.currency == currency]
    while month <= last:
        nothing = Line(month=month, course="", gross=Money(0, currency), gone=Money(0, currency), count=0)
        made.append(_sum([nothing, *(line for line in of_currency if line.month == month)]))
        month = next_month(month)
    return made


def next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def months_before(day: date, count: int) -> date:
    months = day.year * 12 + day.month - 1 - count
    return date(months // 12, months % 12 + 1, 1)


def _sum(found: list[Line]) -> Line:
    currency = found[0].gross.currency
    return Line(
        month=found[0].month,
        course="",
        gross=Money(sum(line.gross.minor for line in found), currency),
        gone=Money(sum(line.gone.minor for line in found), currency),
        count=sum(line.count for line in found),
    )

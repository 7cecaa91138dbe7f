"""The chart of revenue: bars by month as numbers for an SVG, which the template draws."""

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from purchases.orders.revenue import Line

WIDTH, HEIGHT = 720, 220
TOP, FLOOR = 24, 190  # the highest bar's end, and the base line of all
GAP = 0.25  # of a month's width
MOST_LABELS = 12


@dataclass(frozen=True, kw_only=True)
class Bar:
    """Places as SVG takes them, in no language's own digits. `said` is for those who hear or point."""

    x: str
    middle: str
    width: str
    net_y: str
    net_height: str
    gone_y: str
    gone_height: str
    label: str
    said: str


@dataclass(frozen=True, kw_only=True)
class Chart:
    currency: str
    title: str
    highest: str
    bars: list[Bar]


def draw(months: list[Line]) -> Chart:
    """Of one currency; the oldest month first."""
    most = max(months, key=lambda line: line.gross.minor)
    step, every = WIDTH / len(months), -(-len(months) // MOST_LABELS)
    tallest = max(1, most.gross.minor)
    return Chart(
        currency=most.gross.currency,
        title=_("Revenue by month in %s") % most.gross.currency,
        highest=str(most.gross),
        bars=[
            _bar(line, place=number * step, step=step, scale=(FLOOR - TOP) / tallest, is_labelled=number % every == 0)
            for number, line in enumerate(months)
        ],
    )


def _bar(line: Line, *, place: float, step: float, scale: float, is_labelled: bool) -> Bar:
    net, gone = max(0, line.net.minor) * scale, line.gone.minor * scale
    told = {"month": date_format(line.month, "YEAR_MONTH_FORMAT"), "net": line.net, "gone": line.gone}
    said = _("%(month)s: %(net)s, and %(gone)s refunded") if line.gone.minor else _("%(month)s: %(net)s")
    return Bar(
        x=_px(place + step * GAP / 2),
        middle=_px(place + step / 2),
        width=_px(step * (1 - GAP)),
        net_y=_px(FLOOR - net),
        net_height=_px(net),
        gone_y=_px(FLOOR - net - gone),
        gone_height=_px(gone),
        label=date_format(line.month, "M y") if is_labelled else "",
        said=said % told,
    )


def _px(number: float) -> str:
    return f"{number:.1f}"

"""A day, a week, a month or a year: where it begins and ends, and what it brought (USD)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from bot.charts.model import Period
from bot.reports.completed import Completed
from bot.reports.record import Record
from bot.reports.trades import spent
from bot.reports.worth import gained_percent
from strategy.model import ZERO, Side

DAY = timedelta(days=1)
WEEK = timedelta(days=7)


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """The days of a period, both ends in it; a week begins on Monday."""

    period: Period
    first: date
    last: date


@dataclass(frozen=True, kw_only=True, slots=True)
class Earned:
    """What a span brought: `realized` net of `fees`, `growth_percent` time-weighted.

    `agreed` is the part of `fees` that is the agreed rate's still, as the broker told none.
    `by_hand` is the part of `realized` that came of dividends and hand trades. `by_symbol` is what
    each symbol realized, the best first; `growth_percent` is None without a session.
    """

    span: Span
    sessions: int
    bought: Decimal
    sold: Decimal
    realized: Decimal
    fees: Decimal
    agreed: Decimal
    by_hand: Decimal
    put_in: Decimal
    growth_percent: Decimal | None
    by_symbol: tuple[tuple[str, Decimal], ...]
    finished: tuple[Completed, ...]


def span_of(period: Period, day: date) -> Span:
    """Give the span of a period that a day lies in."""
    match period:
        case Period.DAY:
            return Span(period=period, first=day, last=day)
        case Period.WEEK:
            first = day - timedelta(days=day.weekday())
            return Span(period=period, first=first, last=first + WEEK - DAY)
        case Period.MONTH:
            first = day.replace(day=1)
            last = (first + timedelta(days=31)).replace(day=1) - DAY
            return Span(period=period, first=first, last=last)
        case Period.YEAR:
            return Span(
                period=period, first=day.replace(month=1, day=1), last=day.replace(month=12, day=31)
            )


def before(span: Span) -> Span:
    """Give the span before one."""
    return span_of(span.period, span.first - DAY)


def earned(span: Span, record: Record) -> Earned:
    """Sum a span up."""
    inside = [one for one in record.settlements if _within(span, one.session)]
    aside = [one for one in record.beside if _within(span, one.session)]
    mine = [trade for trade in record.trades if _within(span, trade.session)]
    by_hand = sum((one.realized for one in aside), ZERO)
    aside_fees = sum((one.fees for one in aside), ZERO)
    return Earned(
        span=span,
        sessions=len({settled.session for settled in inside}),
        bought=spent(mine, Side.BUY),
        sold=spent(mine, Side.SELL),
        realized=sum((settled.realized for settled in inside), by_hand),
        fees=sum((one.fees for one in inside), aside_fees),
        agreed=sum((trade.fee for trade in mine if not trade.charged), aside_fees),
        by_hand=by_hand,
        put_in=sum((one.put_in for one in aside), ZERO),
        growth_percent=gained_percent(record.curve, span.first, span.last),
        by_symbol=_by_symbol(
            [*((one.before.rules.symbol, one.realized) for one in inside)]
            + [(one.symbol, one.realized) for one in aside]
        ),
        finished=tuple(one for one in record.completed if _within(span, one.cycle.ended)),
    )


def gains(period: Period, record: Record) -> tuple[tuple[Span, Decimal], ...]:
    """Give what each span of a period realized, net of fees; spans without a session are left out.

    Oldest first.
    """
    found: dict[Span, Decimal] = {}
    for day, amount in record.realized_by_day():
        span = span_of(period, day)
        found[span] = found.get(span, ZERO) + amount
    return tuple(sorted(found.items(), key=lambda each: each[0].first))


def _within(span: Span, day: date) -> bool:
    return span.first <= day <= span.last


def _by_symbol(parts: Iterable[tuple[str, Decimal]]) -> tuple[tuple[str, Decimal], ...]:
    symbols: dict[str, Decimal] = {}
    for symbol, amount in parts:
        symbols[symbol] = symbols.get(symbol, ZERO) + amount
    return tuple(sorted(symbols.items(), key=lambda each: (-each[1], each[0])))

"""The pictures of performance, described: growth, a month's calendar, gains by period."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from bot.charts.model import (
    CalendarPicture,
    EquityPicture,
    Gain,
    GainsPicture,
    Line,
    LineKind,
    Period,
)
from bot.reports.periods import Span, gains, span_of
from bot.reports.record import Record
from bot.reports.rivals import Rival, RivalKind
from strategy.model import ZERO

MOST_BARS = 24
FEWEST_POINTS = 2
_KINDS = {
    RivalKind.HOLD: LineKind.HOLD,
    RivalKind.DCA: LineKind.DCA,
    RivalKind.VERSION: LineKind.OTHER,
}


def growth(record: Record, *, language: str, amounts: bool) -> EquityPicture | None:
    """Draw how the money that the first session began with grew; None before the second session.

    What was put in or taken out later is left out, so that it is no gain in the picture either.
    """
    if len(record.curve) < FEWEST_POINTS:
        return None
    return EquityPicture(language=language, amounts=amounts, lines=(_ours(record),))


def beside_rivals(
    record: Record, rivals: Sequence[Rival], note: str, *, language: str, amounts: bool
) -> EquityPicture | None:
    """Draw the growth beside the rivals of the same days."""
    if len(record.curve) < FEWEST_POINTS:
        return None
    others = [
        Line(
            kind=_KINDS[rival.kind],
            values=rival.values,
            note=f"V{rival.method}/{rival.splits}" if rival.method else "",
        )
        for rival in rivals
    ]
    lines = (_ours(record), *others)
    return EquityPicture(language=language, amounts=amounts, lines=lines, note=note)


def _ours(record: Record) -> Line:
    begun = record.curve[0].put_in
    values = tuple((worth.day, worth.index * begun) for worth in record.curve)
    return Line(kind=LineKind.OURS, values=values)


def calendar(record: Record, first: date, *, language: str, amounts: bool) -> CalendarPicture:
    """Draw the calendar of the month that a day lies in."""
    month = span_of(Period.MONTH, first)
    return CalendarPicture(
        language=language,
        amounts=amounts,
        year=month.first.year,
        month=month.first.month,
        gains=tuple(
            Gain(day=day, amount=amount, percent=_percent(record, day, amount))
            for day, amount in record.realized_by_day()
            if month.first <= day <= month.last
        ),
    )


def review(
    record: Record, period: Period, first: date, *, language: str, amounts: bool
) -> CalendarPicture | EquityPicture | None:
    """Draw what goes with a review: a month's calendar, else the growth."""
    if period is Period.MONTH:
        return calendar(record, first, language=language, amounts=amounts)
    return growth(record, language=language, amounts=amounts)


def bars(record: Record, period: Period, *, language: str, amounts: bool) -> GainsPicture | None:
    """Draw the last gains of a period's kind, at most 24; None where there is none."""
    found: tuple[tuple[Span, Decimal], ...] = gains(period, record)[-MOST_BARS:]
    if not found:
        return None
    return GainsPicture(
        language=language,
        amounts=amounts,
        period=period,
        gains=tuple(
            Gain(day=span.first, amount=amount, percent=_percent(record, span.first, amount))
            for span, amount in found
        ),
    )


def _percent(record: Record, first: date, amount: Decimal) -> Decimal | None:
    """Give an amount in percent of what the cycles were worth before a day."""
    base = ZERO
    for worth in record.curve:
        if worth.day >= first:
            base = base or worth.put_in
            break
        base = worth.value
    return amount / base * 100 if base > 0 else None

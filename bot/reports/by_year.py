"""The account's history by calendar years: what each brought, and how deep it fell."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.charts.model import Period
from bot.reports.periods import Earned, earned, span_of
from bot.reports.record import Record
from bot.reports.worth import ONE, Worth
from strategy.performance import max_drawdown_percent


@dataclass(frozen=True, kw_only=True, slots=True)
class YearBrought:
    """A year's sums, and its deepest fall from a high inside it or just before it, in percent."""

    year: int
    earned: Earned
    fall_percent: Decimal


def by_year(record: Record) -> tuple[YearBrought, ...]:
    """Divide a history by years with a settled session, oldest first."""
    years = sorted({one.session.year for one in record.settlements})
    return tuple(
        YearBrought(
            year=year,
            earned=earned(span_of(Period.YEAR, date(year, 1, 1)), record),
            fall_percent=_fall(record.curve, year),
        )
        for year in years
    )


def _fall(curve: Sequence[Worth], year: int) -> Decimal:
    before = [worth.index for worth in curve if worth.day.year < year][-1:] or [ONE]
    inside = [worth.index for worth in curve if worth.day.year == year]
    return max_drawdown_percent([*before, *inside])

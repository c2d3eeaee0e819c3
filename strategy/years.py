"""A run by calendar years: what each brought, after fees, beside holding."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from strategy import performance
from strategy.cycle import FinishedCycle
from strategy.ledgers import Ledgers
from strategy.model import ZERO


@dataclass(frozen=True, kw_only=True, slots=True)
class Year:
    """One calendar year of a run (USD, percent).

    `cycles` ended in it; `wins` are those of them with a profit after fees, `losses` the others.
    `hold_return_percent` is what holding brought in the same sessions.
    """

    year: int
    sessions: int
    start_equity: Decimal
    end_equity: Decimal
    return_percent: Decimal
    max_drawdown_percent: Decimal
    realized: Decimal
    fees: Decimal
    cycles: int
    wins: int
    losses: int
    hold_return_percent: Decimal


def wins(finished: Sequence[FinishedCycle]) -> int:
    """Count the cycles that ended with a profit after fees."""
    return sum(cycle.realized > 0 for cycle in finished)


def by_year(ledgers: Ledgers, held: Sequence[Decimal]) -> tuple[Year, ...]:
    """Divide a run by calendar years; `held` is holding's equity (USD) after each session."""
    realized: dict[int, Decimal] = {}
    fees: dict[int, Decimal] = {}
    ended: dict[int, list[FinishedCycle]] = {}
    for result in ledgers.results:
        for session in result.sessions:
            year = session.day.year
            realized[year] = realized.get(year, ZERO) + session.realized
            fees[year] = fees.get(year, ZERO) + session.fees
        for cycle in result.finished:
            ended.setdefault(cycle.ended.year, []).append(cycle)
    rows: list[Year] = []
    before, held_before = ledgers.principal, ledgers.principal
    together = zip(ledgers.days, ledgers.equities, held, strict=True)
    for year, group in groupby(together, key=lambda each: each[0].year):
        days = list(group)
        equities = [equity for _, equity, _ in days]
        finished = ended.get(year, [])
        won = wins(finished)
        rows.append(
            Year(
                year=year,
                sessions=len(days),
                start_equity=before,
                end_equity=equities[-1],
                return_percent=performance.return_percent(before, equities[-1]),
                max_drawdown_percent=performance.max_drawdown_percent([before, *equities]),
                realized=realized[year],
                fees=fees[year],
                cycles=len(finished),
                wins=won,
                losses=len(finished) - won,
                hold_return_percent=performance.return_percent(held_before, days[-1][2]),
            )
        )
        before, held_before = equities[-1], days[-1][2]
    return tuple(rows)

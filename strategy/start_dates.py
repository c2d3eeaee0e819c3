"""What a run over a fixed time would have been worth, by the day that it started on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from strategy import comparison
from strategy.errors import StrategyError
from strategy.ledgers import Ledgers
from strategy.model import Bar

Trade = Callable[[Sequence[Bar], Sequence[Bar]], Ledgers]
"""Trade bars after a history: what every start is played by."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Start:
    """A run over the horizon from one day on (USD, percent)."""

    start: date
    end: date
    final_equity: Decimal
    return_percent: Decimal
    max_drawdown_percent: Decimal
    hold_return_percent: Decimal
    exhausted_sessions: int


def starts(sessions: int, every: int, horizon: int) -> range:
    """Place the starts: each `every` sessions, as long as a whole horizon of sessions follows.

    Raises StrategyError where not even the first has one.
    """
    if horizon > sessions:
        raise StrategyError(
            f"a horizon of {horizon} sessions does not fit into {sessions}: choose a shorter one"
        )
    return range(0, sessions - horizon + 1, every)


def from_day(trade: Trade, bars: Sequence[Bar], history: Sequence[Bar], horizon: int) -> Start:
    """Play a horizon of sessions; `bars` begin with the first, `history` ends the day before."""
    ledgers = trade(bars[:horizon], history)
    return Start(
        start=ledgers.days[0],
        end=ledgers.days[-1],
        final_equity=ledgers.final_equity,
        return_percent=ledgers.return_percent,
        max_drawdown_percent=ledgers.max_drawdown_percent,
        hold_return_percent=comparison.price_return_percent(ledgers.tape),
        exhausted_sessions=sum(result.exhausted_sessions for result in ledgers.results),
    )


def median(values: Sequence[Decimal]) -> Decimal:
    """Give the middle one of an odd number of values, the mean of the two in an even one."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2

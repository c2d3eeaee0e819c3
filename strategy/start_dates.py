"""What a run over a fixed time would have been worth, by the day that it started on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from strategy import comparison
from strategy.corporate_actions import Tape
from strategy.errors import StrategyError
from strategy.ledgers import Course


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Summary:
    """The starts together: their returns in percent, and how many gained or ran out of units."""

    count: int
    worst_percent: Decimal
    median_percent: Decimal
    best_percent: Decimal
    gained: int
    better_than_hold: int
    ran_out: int


def starts(sessions: int, every: int, horizon: int) -> range:
    """Place the starts: each `every` sessions, as long as a whole horizon of sessions follows.

    Raises StrategyError where not even the first has one.
    """
    if horizon > sessions:
        raise StrategyError(
            f"a horizon of {horizon} sessions does not fit into {sessions}: choose a shorter one"
        )
    return range(0, sessions - horizon + 1, every)


def begun(tape: Tape, course: Course) -> Start:
    """Say what a start came to, whoever played it."""
    return Start(
        start=tape.bars[0].day,
        end=tape.bars[-1].day,
        final_equity=course.equities[-1],
        return_percent=course.return_percent,
        max_drawdown_percent=course.max_drawdown_percent,
        hold_return_percent=comparison.price_return_percent(tape),
        exhausted_sessions=course.exhausted_sessions,
    )


def summed(found: Sequence[Start]) -> Summary:
    """Sum up starts, one at least."""
    returns = sorted(each.return_percent for each in found)
    return Summary(
        count=len(found),
        worst_percent=returns[0],
        median_percent=_median(returns),
        best_percent=returns[-1],
        gained=sum(each.return_percent > 0 for each in found),
        better_than_hold=sum(each.return_percent > each.hold_return_percent for each in found),
        ran_out=sum(each.exhausted_sessions > 0 for each in found),
    )


def _median(ordered: Sequence[Decimal]) -> Decimal:
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2

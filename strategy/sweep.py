"""Many runs: a grid of agreements, each begun on many days, and what they come to together.

Only computing happens here: files, worker processes and progress live in bot/laboratory/sweeps.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from math import prod
from typing import Any, NamedTuple

from strategy import backtest, start_dates, versions
from strategy.backtest import Result
from strategy.corporate_actions import CLOSES_KEPT
from strategy.cycle import start
from strategy.errors import StrategyError
from strategy.ledgers import Course, course_of
from strategy.model import Bar, Rules
from strategy.options import ALL, OPTIONS
from strategy.performance import percent
from strategy.price import HUNDRED, plain

MOST_VALUES = 10_000
"""Values of one list, and agreements of one grid: more is a slip of the pen."""

MOST_RUNS = 1_000_000
"""Runs of one sweep: they are all held in memory, two gigabytes or so with their figures."""

_BEARING = {option.name: option.versions for option in OPTIONS}
_LARGEST = Decimal("1E15")
_FIGURE = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)")


class Job(NamedTuple):
    """One run: an agreement over the bars from `first` up to, and without, `last`."""

    rules: Rules
    principal: Decimal
    first: int
    last: int


class Outcome(NamedTuple):
    """What a run came to (USD, percent); `cycles` are those that ended."""

    final_equity: Decimal
    max_drawdown_percent: Decimal
    exhausted_sessions: int
    cycles: int


Engine = Callable[[Sequence[Bar], Sequence[Job]], Sequence[Outcome]]
"""Play jobs over one symbol's bars: the seam that a faster engine of the same numbers fits into."""


class LeftOut(NamedTuple):
    """A choice that the book refuses, and its sentence."""

    choice: Mapping[str, Any]
    why: str


class Span(NamedTuple):
    """The bars of a run, from `first` up to, and without, `last`; `horizon` is None to the end."""

    horizon: int | None
    first: int
    last: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Summary:
    """Runs together: their returns in percent, their falls, and how often the units ran out.

    The percentiles are those of the ordered returns, between two neighbours in proportion.
    `exhausted` counts the runs with a session that began with less than one unit left, `gained`
    those that ended above their principal, `better_than_hold` those that beat the price alone.
    """

    runs: int
    worst_percent: Decimal
    percentile_5_percent: Decimal
    median_percent: Decimal
    best_percent: Decimal
    worst_drawdown_percent: Decimal
    exhausted: int
    gained: int
    better_than_hold: int

    @property
    def odds_of_exhaustion_percent(self) -> Decimal:
        return percent(HUNDRED * self.exhausted / self.runs)


class Found(NamedTuple):
    """A run as the summaries see it."""

    return_percent: Decimal
    hold_return_percent: Decimal
    max_drawdown_percent: Decimal
    exhausted_sessions: int


def numbers(text: str) -> tuple[Decimal, ...]:
    """Read numbers and ranges, such as "0,8" or "5:20:0.5": from, to and step, both ends counted.

    Each value comes once, in the order written. Raises StrategyError with one sentence.
    """
    found: dict[Decimal, None] = {}
    for part in text.split(","):
        for value in _range(part.strip()):
            found[plain(value)] = None
            if len(found) > MOST_VALUES:
                raise StrategyError(
                    f"{text!r} has more than {MOST_VALUES} values: take wider steps"
                )
    return tuple(found)


def agreements(
    axes: Mapping[str, Sequence[Any]],
) -> tuple[tuple[Rules, ...], tuple[LeftOut, ...]]:
    """Write an agreement for every choice out of `axes`, the last axis turning fastest.

    `axes` holds values by the names that `versions.rules` takes. An option that does not bear upon
    a version is not varied there. Choices that the book refuses are left out, with its sentence; a
    study orders nothing, so that unofficial splits need no consent. Raises StrategyError when every
    choice is refused, or when they are too many.
    """
    if prod(map(len, axes.values())) > MOST_VALUES:
        raise StrategyError(f"the grid has more than {MOST_VALUES} agreements: take fewer values")
    made: dict[Rules, None] = {}
    refused: list[LeftOut] = []
    for values in product(*axes.values()):
        choice = dict(zip(axes, values, strict=True))
        bearing = {
            name: value
            for name, value in choice.items()
            if choice["method"] in _BEARING.get(name, ALL) or choice["method"] not in ALL
        }
        try:
            made[versions.rules(**bearing, unofficial=True)] = None
        except StrategyError as error:
            refused.append(LeftOut(choice, str(error)))
    if not made:
        raise StrategyError(refused[0].why)
    return tuple(made), tuple(refused)


def spans(bars: int, first: int, every: int, horizons: Sequence[int | None]) -> tuple[Span, ...]:
    """Lay every horizon behind a start each `every` sessions; `first` is the first bar to trade.

    A horizon of None runs to the last bar. Raises StrategyError for one that does not fit, and for
    more than one sweep takes, before they are laid.
    """
    if first >= bars:
        raise StrategyError("a run needs a bar for the previous close and one more to trade on")
    begun = {
        horizon: start_dates.starts(bars - first, every, 1 if horizon is None else horizon)
        for horizon in horizons
    }
    check_runs(sum(map(len, begun.values())))
    laid: list[Span] = []
    for horizon, places in begun.items():
        laid += [
            Span(horizon, first + place, bars if horizon is None else first + place + horizon)
            for place in places
        ]
    return tuple(laid)


def check_runs(total: int) -> None:
    """Refuse more runs than a small machine holds. Raises StrategyError."""
    if total > MOST_RUNS:
        raise StrategyError(
            f"these are {total} runs, and one sweep takes {MOST_RUNS}: start less often "
            "(--start-every), or vary less"
        )


def reference(bars: Sequence[Bar], jobs: Sequence[Job]) -> list[Outcome]:
    """Play jobs as `muhan backtest` does, one after the other."""
    return [_played(bars, job) for job in jobs]


def followed(bars: Sequence[Bar], jobs: Sequence[Job]) -> list[Course]:
    """Play jobs as `reference` does, and keep what each was worth after every session."""
    return [course_of(_run(bars, job)) for job in jobs]


def percentile(ordered: Sequence[Decimal], wanted: int) -> Decimal:
    """Give a percentile of ordered values, between two neighbours in proportion."""
    place = Decimal(wanted) * (len(ordered) - 1) / HUNDRED
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return percent(ordered[low] + (ordered[high] - ordered[low]) * (place - low))


def summed(found: Sequence[Found]) -> Summary:
    """Sum up runs, one at least."""
    returns = sorted(each.return_percent for each in found)
    return Summary(
        runs=len(found),
        worst_percent=returns[0],
        percentile_5_percent=percentile(returns, 5),
        median_percent=percentile(returns, 50),
        best_percent=returns[-1],
        worst_drawdown_percent=max(each.max_drawdown_percent for each in found),
        exhausted=sum(each.exhausted_sessions > 0 for each in found),
        gained=sum(each.return_percent > 0 for each in found),
        better_than_hold=sum(each.return_percent > each.hold_return_percent for each in found),
    )


def _run(bars: Sequence[Bar], job: Job) -> Result:
    return backtest.run(
        start(job.rules, job.principal),
        bars[job.first : job.last],
        history=bars[max(job.first - CLOSES_KEPT, 0) : job.first],
    )


def _played(bars: Sequence[Bar], job: Job) -> Outcome:
    result = _run(bars, job)
    return Outcome(
        final_equity=result.final_equity,
        max_drawdown_percent=result.max_drawdown_percent,
        exhausted_sessions=result.exhausted_sessions,
        cycles=len(result.finished),
    )


def _range(part: str) -> Iterator[Decimal]:
    ends = [_number(word, part) for word in part.split(":")]
    if len(ends) == 1:
        yield ends[0]
        return
    if len(ends) != 3:
        raise StrategyError(f"{part!r} is no range: write from:to:step, such as 5:20:0.5")
    value, last, step = ends
    if step <= 0 or value > last:
        raise StrategyError(f"{part!r} is no range: it must rise from the first to the second end")
    while value <= last:
        yield value
        value += step


def _number(word: str, part: str) -> Decimal:
    text = word.strip()
    # Decimal alone would take 1_000, digits of other scripts, NaN and Infinity.
    if _FIGURE.fullmatch(text) is None:
        raise StrategyError(f"{part!r} is not a number, nor a range from:to:step")
    value = Decimal(text)
    if abs(value) >= _LARGEST or len(text) > 30:
        raise StrategyError(f"{part!r} is beyond any figure of the method")
    return value

"""How likely the units run out: days of the past drawn anew in blocks, and a cycle played on them.

A day's shape is its four prices as parts of the close before it, so that blocks from years of
other price heights can follow each other. Which days are drawn is decided outside: see `picks`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from strategy import versions
from strategy.corporate_actions import CLOSES_KEPT, Tape, closes_after
from strategy.cycle import settle
from strategy.errors import StrategyError
from strategy.matching import fills
from strategy.model import Bar, Cycle, Market
from strategy.performance import percent
from strategy.price import CENT, HUNDRED, round_half_up
from strategy.sweep import Engine, Job

_NINETY_FIVE = Decimal("1.959964")
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Shape:
    """A session's prices as parts of the close before it."""

    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class Odds:
    """In how many of so many drawn futures the units ran out, with the 95 % Wilson interval.

    The interval is that of the drawing alone: it says nothing of whether the past is like what
    comes.
    """

    horizon: int
    block: int
    runs: int
    exhausted: int

    @property
    def percent(self) -> Decimal:
        return percent(HUNDRED * self.exhausted / self.runs)

    @property
    def interval_percent(self) -> tuple[Decimal, Decimal]:
        return wilson_percent(self.exhausted, self.runs)


def shapes(tape: Tape) -> tuple[Shape, ...]:
    """Take the shapes of a run's sessions, splits followed."""
    before = tape.known[-1]
    found: list[Shape] = []
    for place, bar in enumerate(tape.bars):
        if place and place in tape.due:
            (before,) = closes_after((before,), tape.due[place])
        found.append(Shape(*(p / before for p in (bar.open, bar.high, bar.low, bar.close))))
        before = bar.close
    return tuple(found)


def picks(count: int, horizon: int, block: int, below: Callable[[int], int]) -> Iterator[int]:
    """Draw which of `count` days follow each other: blocks in their order, past the end to the top.

    `below(n)` draws a whole number from 0 to n - 1 (the circular block bootstrap).
    """
    drawn = 0
    while drawn < horizon:
        first = below(count)
        for step in range(min(block, horizon - drawn)):
            yield (first + step) % count
        drawn += block


def future(drawn: Iterable[Shape], close: Decimal, day: date) -> Iterator[Bar]:
    """Lay drawn days behind a close (USD) and a day, on weekdays; a cent is the lowest price."""
    for shape in drawn:
        day += timedelta(days=1)
        while day.weekday() >= _SATURDAY:
            day += timedelta(days=1)
        bar = Bar(
            day=day,
            open=_price(close * shape.open),
            high=_price(close * shape.high),
            low=_price(close * shape.low),
            close=_price(close * shape.close),
        )
        yield bar
        close = bar.close


def runs_out(cycle: Cycle, closes: Sequence[Decimal], bars: Iterable[Bar]) -> bool:
    """Play a cycle, and those that follow it, until the units are used up or the bars end.

    `closes` are the last known before the first bar (USD, oldest first).
    """
    planned = versions.plan
    known = tuple(closes)[-CLOSES_KEPT:]
    tonight = planned(cycle, Market(closes=known))
    for bar in bars:
        cycle = settle(tonight, fills(tonight, bar), bar.day).cycle
        known = (*known, bar.close)[-CLOSES_KEPT:]
        tonight = planned(cycle, Market(closes=known))
        if tonight.used_up:
            return True
    return False


def run_out(
    play: Engine, begun: Cycle, last: Bar, futures: Sequence[Sequence[Bar]]
) -> Sequence[bool]:
    """Tell of each future whether a fresh cycle runs out in it, as `runs_out` does one by one.

    All are played at once, behind the last bar known. Where units run out is seen by the session
    that begins so; one is added for the evening after the last. The closes that stand before a
    future's own do not matter: only the days after the units ran out look at more than one.
    """
    bars: list[Bar] = []
    jobs: list[Job] = []
    for future_ in futures:
        bars += [last] * CLOSES_KEPT
        first = len(bars)
        bars += [*future_, future_[-1]]
        jobs.append(Job(begun.rules, begun.principal, first, len(bars)))
    return [outcome.exhausted_sessions > 0 for outcome in play(bars, jobs)]


def check(days: int, horizon: int, block: int) -> None:
    """Refuse a drawing that makes no sense; raises StrategyError with one sentence."""
    if not 1 <= block <= days:
        raise StrategyError(f"a block is 1 to {days} sessions of the run long, not {block}")
    if horizon < 1:
        raise StrategyError(f"the horizon is one session at least, not {horizon}")


def wilson_percent(hits: int, runs: int) -> tuple[Decimal, Decimal]:
    """Give the 95 % interval of a share in percent (Wilson's score interval)."""
    share, squared = Decimal(hits) / runs, _NINETY_FIVE**2
    middle = share + squared / (2 * runs)
    half = _NINETY_FIVE * ((share * (1 - share) + squared / (4 * runs)) / runs).sqrt()
    whole = 1 + squared / runs
    low = max((middle - half) / whole, Decimal(0))
    high = min((middle + half) / whole, Decimal(1))
    return percent(low * HUNDRED), percent(high * HUNDRED)


def _price(value: Decimal) -> Decimal:
    return max(round_half_up(value), CENT)

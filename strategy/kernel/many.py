"""The kernel's counter: agreements, prices and runs in, figures out.

What it answers equals `strategy.backtest.run` to the cent; a run that it cannot follow exactly is
marked and left to the reference (docs/decisions/0041).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from strategy import performance
from strategy.kernel import fields as f
from strategy.kernel import lanes
from strategy.kernel import runs as r
from strategy.kernel.groups import in_step
from strategy.kernel.rows import Row, Table
from strategy.kernel.terms import Unsupported, table
from strategy.model import Bar, Rules
from strategy.price import CENT

_MOST_PRICE = 10**7
_SATURDAY = 5
_WIDEST_REMAINDER = 4e-4
_TROUBLES = {
    f.FIVE_CLOSES: "the reverse phase needs five closes",
    f.TOO_LARGE: "its sums are larger than 64-bit integers hold",
    f.TOO_CLOSE: "a rounding is closer than the reference's 28 digits tell",
}


@dataclass(frozen=True, slots=True)
class Run:
    """A run to play: the place of its agreement, of its first session's bar, and past its last.

    All bars before `first`, one at least, are history.
    """

    agreement: int
    first: int
    stop: int
    principal: Decimal


@dataclass(frozen=True, slots=True)
class Ends:
    """What runs came to, in their order; where `troubles` is not 0 the other figures say nothing.

    Money is in cents. A fall from `peaks` to `troughs` was the deepest one of its run.
    """

    troubles: Row
    final_equities: Row
    peaks: Row
    troughs: Row
    exhausted_sessions: Row
    cycles: Row

    def trouble(self, place: int) -> str:
        """Say why a run has to be played by the reference, "" where it was played."""
        return _TROUBLES.get(int(self.troubles[place]), "")

    def final_equity(self, place: int) -> Decimal:
        """Give what a run was worth at its end (USD)."""
        return int(self.final_equities[place]) * CENT

    def max_drawdown_percent(self, place: int) -> Decimal:
        """Give a run's deepest fall in percent, as the reference rounds it."""
        peak, trough = int(self.peaks[place]), int(self.troughs[place])
        return performance.max_drawdown_percent([peak * CENT, trough * CENT])


@dataclass(frozen=True, slots=True)
class Days:
    """A run session by session: the columns are named by `fields.DAY_PHASE` and its neighbours."""

    trouble: str
    table: NDArray[np.int64]


def prices_of(bars: Sequence[Bar]) -> Table:
    """Lay bars (oldest first) out for the kernel: cents, and the years that compounding asks for.

    Raises Unsupported for prices that are not whole cents up to $100,000.
    """
    laid = np.empty((len(bars), f.PRICES_SIZE), dtype=np.int64)
    for place, bar in enumerate(bars):
        row = [_cents(price) for price in (bar.open, bar.high, bar.close)]
        laid[place] = (*row, bar.day.year, _next_weekday(bar.day).year)
    return laid


def run_many(agreements: Sequence[Rules], prices: Table, runs: Sequence[Run]) -> Ends:
    """Play many runs over the same prices, on all cores.

    Raises Unsupported for an agreement that the kernel cannot follow, and for a run that does not
    lie within the prices.
    """
    return run_table(table(agreements), prices, _rows(runs, len(prices)))


def run_table(terms: Table, prices: Table, rows: Table) -> Ends:
    """Play rows of runs (`fields.RUN_TERMS` and its neighbours; the principal in cents).

    Runs that go in step do, the others run by run; what comes out is the same.
    """
    _check_star(terms, prices)
    ends = np.zeros((len(rows), f.STATE_SIZE), dtype=np.int64)
    places = in_step(rows, terms)
    if len(places):
        played = ends[places]
        lanes.play_groups(played, rows[places], terms, prices)
        ends[places] = played
    others = np.setdiff1d(np.arange(len(rows)), places, assume_unique=True)
    if len(others):
        played = ends[others]
        no_days = np.zeros((0, 0, f.DAY_SIZE), dtype=np.int64)
        r.play_all(played, rows[others], terms, prices, no_days)
        ends[others] = played
    return Ends(
        troubles=ends[:, f.TROUBLE],
        final_equities=ends[:, f.END_EQUITY],
        peaks=ends[:, f.END_PEAK],
        troughs=ends[:, f.END_TROUGH],
        exhausted_sessions=ends[:, f.END_USED_UP],
        cycles=ends[:, f.NUMBER] - 1,
    )


def run_days(rules: Rules, prices: Table, run: Run) -> Days:
    """Play one run and keep every session. Raises as `run_many` does."""
    (days,) = each_day([rules], prices, [replace(run, agreement=0)])
    return days


def each_day(agreements: Sequence[Rules], prices: Table, runs: Sequence[Run]) -> list[Days]:
    """Play many runs as `run_many` does, and keep every session of each."""
    longest = max((run.stop - run.first for run in runs), default=0)
    days = np.zeros((len(runs), longest, f.DAY_SIZE), dtype=np.int64)
    ends = np.zeros((len(runs), f.STATE_SIZE), dtype=np.int64)
    terms = table(agreements)
    _check_star(terms, prices)
    r.play_all(ends, _rows(runs, len(prices)), terms, prices, days)
    return [
        Days(_TROUBLES.get(int(end[f.TROUBLE]), ""), own[: run.stop - run.first])
        for run, end, own in zip(runs, ends, days, strict=True)
    ]


def _check_star(terms: Table, prices: Table) -> None:
    """Refuse a star whose remainder near half a cent would not fit into 64 bits."""
    widest = int(terms[:, f.STAR + 1].max(initial=0))
    if widest * (1e-10 + 2e-15 * int(prices.max(initial=0))) > _WIDEST_REMAINDER:
        raise Unsupported("the kernel cannot follow so fine a target percent at such prices")


def _rows(runs: Sequence[Run], bars: int) -> Table:
    rows = np.array([_row(run, bars) for run in runs], dtype=np.int64)
    return rows.reshape(len(runs), f.RUN_SIZE)


def _row(run: Run, bars: int) -> tuple[int, int, int, int]:
    if not 1 <= run.first < run.stop <= bars:
        raise Unsupported(f"a run from bar {run.first} to {run.stop} does not lie in {bars} bars")
    return run.agreement, run.first, run.stop, _principal(run.principal)


def _principal(principal: Decimal) -> int:
    cents = principal / CENT
    if not 0 < cents <= 10**11 or cents != int(cents):
        raise Unsupported(f"the kernel takes a principal of whole cents, not {principal}")
    return int(cents)


def _cents(price: Decimal) -> int:
    cents = price / CENT
    if not 0 < cents <= _MOST_PRICE or cents != int(cents):
        raise Unsupported(f"the kernel takes prices of whole cents up to $100,000, not {price}")
    return int(cents)


def _next_weekday(day: date) -> date:
    following = day + timedelta(days=1)
    while following.weekday() >= _SATURDAY:
        following += timedelta(days=1)
    return following

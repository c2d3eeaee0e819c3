"""A backtest that somebody asked for from afar: what is asked, and what comes back.

Money is USD, percentages are percent, days are New York session dates.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.errors import MuhanError
from strategy.model import Rules


class ErrandFailed(MuhanError):
    """A backtest that could not be run; nothing else is touched by that."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Errand:
    """A run over the stored prices of `rules.symbol`.

    `start` is its first day, the earliest there is when None. `language` is "ko" or "en"; without
    `amounts` the picture shows worth as 100 at the start, and no money. Where it is not to be
    `drawn`, picture and page stay empty: who asked draws the run's description himself.
    """

    rules: Rules
    principal: Decimal
    start: date | None
    language: str
    amounts: bool = True
    drawn: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Way:
    """What one way of investing came to."""

    return_percent: Decimal
    cagr_percent: Decimal
    max_drawdown_percent: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class Started:
    """What runs of `horizon` sessions came to, one begun every `every` sessions (percent)."""

    every: int
    horizon: int
    count: int
    worst_percent: Decimal
    median_percent: Decimal
    best_percent: Decimal
    gained: int
    ran_out: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """A run's figures. `left_out` are days at its beginning whose prices are too low to trade.

    `missing` and `jumps` count sessions without a bar, and moves that look like a split. `started`
    is None where the run is too short for it; `engine` played it, and the numbers are the same.
    """

    first: date
    last: date
    sessions: int
    final_equity: Decimal
    ours: Way
    hold: Way
    dca: Way
    finished: int
    wins: int
    longest: int
    spells: int
    exhausted_sessions: int
    fees: Decimal
    left_out: int
    missing: int
    jumps: int
    started: Started | None
    engine: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Brought:
    """What a worker brings: figures, a picture (PNG), a page (HTML) and the table of days (CSV).

    `run` is the picture's description, packed (`bot.charts.wire`).
    """

    outcome: Outcome
    picture: bytes
    page: bytes
    days: bytes
    run: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """How far a worker is: `done` of `total` sessions; drawing counts as none."""

    name: str
    done: int
    total: int

"""A grid of backtests that somebody asked for: what is asked, and what comes back.

Money is USD, percentages are percent, days are New York session dates.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.laboratory.errand import Way
from strategy.model import Rules


@dataclass(frozen=True, kw_only=True, slots=True)
class GridErrand:
    """Runs over the stored prices of `rules.symbol` from `start` on, as `rules` but for two things.

    Every one of `splits` goes with every one of `targets` (percent).
    """

    rules: Rules
    principal: Decimal
    start: date | None
    splits: tuple[int, ...]
    targets: tuple[Decimal, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """What one pair came to; `exhausted_sessions` began with less than one unit left."""

    splits: int
    target_percent: Decimal
    way: Way
    finished: int
    exhausted_sessions: int


NOBODY = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Grid:
    """The cells that could be run, over the sessions from `first` to `last`.

    `engine` is the name of who played what was not known from before, NOBODY where all was; the
    numbers are the same.
    """

    first: date
    last: date
    sessions: int
    cells: tuple[Cell, ...]
    engine: str

"""What a backtest is asked, and what may be asked beside it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.laboratory.engines import Wanted
from strategy.corporate_actions import CorporateAction
from strategy.model import Bar, Rules

Track = Callable[[str, int], Callable[[], None]]
"""Announce a long work and its number of steps; what comes back is called after each step."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawing:
    """How futures are drawn: so many runs of `horizon` sessions, in blocks, from a seed."""

    runs: int
    horizon: int
    block: int
    seed: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Starting:
    """A start every so many sessions, each followed for `horizon` sessions."""

    every: int
    horizon: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """What a backtest is asked.

    `history` are the bars before trading, `principal` is USD for all `cycles` together,
    `dca_sessions` the sessions that the plain spreading takes, all of the run when None. `engine`
    is wanted for the drawn futures and the start dates; the run itself is the reference's.
    """

    rules: Rules
    principal: Decimal
    bars: Sequence[Bar]
    history: Sequence[Bar] = ()
    actions: Sequence[CorporateAction] = ()
    cycles: int = 1
    stagger: int = 0
    dca_sessions: int | None = None
    drawing: Drawing | None = None
    starting: Starting | None = None
    scale: Decimal = Decimal(1)
    data_sha256: str = ""
    engine: Wanted = Wanted.AUTO

    @property
    def asks_many(self) -> bool:
        """Tell whether many runs are asked beside the one."""
        return self.drawing is not None or self.starting is not None

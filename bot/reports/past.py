"""How often the units would have run out in the past under an agreement; the code of live."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from strategy import backtest
from strategy.corporate_actions import jumps, tape
from strategy.cycle import start
from strategy.exhaustion import used_up_cycles
from strategy.model import Bar, Rules

SESSIONS = 750
"""So many past sessions are looked at: about three years."""
FEWEST = 60
SLICE = 25


@dataclass(frozen=True, kw_only=True, slots=True)
class Past:
    """Cycles that would have run from `first` to `last`, and those whose units ran out."""

    cycles: int
    used_up: int
    sessions: int
    first: date
    last: date

    @property
    def percent(self) -> Decimal:
        return Decimal(100 * self.used_up) / self.cycles


def past(rules: Rules, principal: Decimal, bars: Sequence[Bar]) -> Iterator[Past | None]:
    """Trade an agreement over past bars (as traded, USD, oldest first), a few sessions at a time.

    Gives None after each slice and the answer last; None last where the past is too short. Bars
    before a move like a share split's are left out, the cycle that still runs counts too.
    """
    bars = _since_the_last_seam(bars)
    if len(bars) <= FEWEST:
        yield None
        return
    cycle = start(rules, principal)
    used_up: set[int] = set()
    for place in range(1, len(bars), SLICE):
        played = backtest.run(cycle, bars[place : place + SLICE], history=bars[:place])
        used_up |= used_up_cycles(played)
        cycle = played.cycle
        yield None
    yield Past(
        cycles=cycle.number,
        used_up=len(used_up),
        sessions=len(bars) - 1,
        first=bars[1].day,
        last=bars[-1].day,
    )


def _since_the_last_seam(bars: Sequence[Bar]) -> Sequence[Bar]:
    if len(bars) <= FEWEST:
        return bars
    seams = jumps(tape(bars[:1], bars[1:], ()))
    return [bar for bar in bars if not seams or bar.day >= seams[-1]]

"""How likely the units run out in the coming sessions, by days of the past drawn anew in blocks."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from strategy import corporate_actions, odds
from strategy.model import Bar, Cycle, Phase
from strategy.odds import Odds, Shape

RUNS = 200
HORIZON = 60
BLOCK = 10
SEED = 20201012
"""Some number, always the same: who asks twice gets the same answer."""
FEWEST_DAYS = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class OutlookAsked:
    """A cycle as it stands after the last of `bars` (as traded, USD, oldest first)."""

    cycle: Cycle
    bars: tuple[Bar, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Outlook:
    """What the drawn futures say, and which days they were drawn from.

    `odds` is None where the past is too short to draw from, or where the units are used up
    already (`used_up`).
    """

    odds: Odds | None
    days: int
    first: date | None
    last: date | None
    used_up: bool


def outlook(asked: OutlookAsked) -> Iterator[Outlook | None]:
    """Draw futures from the days of the past, and play the cycle and its followers in each.

    The work of a second comes in slices of a few milliseconds: None after each, the answer last.
    Days on which a split seems to lie between two bars are left out.
    """
    bars, cycle = asked.bars, asked.cycle
    shapes = _shapes(bars)
    used_up = cycle.phase is not Phase.NORMAL or cycle.turn > cycle.rules.splits - 1
    exhausted = runs = 0
    if len(shapes) >= FEWEST_DAYS and not used_up:
        for ran_out in _futures(cycle, bars, shapes):
            exhausted += ran_out
            runs += 1
            yield None
    drawn = Odds(horizon=HORIZON, block=BLOCK, runs=runs, exhausted=exhausted)
    yield Outlook(
        odds=drawn if runs else None,
        days=len(shapes),
        first=bars[1].day if shapes else None,
        last=bars[-1].day if shapes else None,
        used_up=used_up,
    )


def _shapes(bars: Sequence[Bar]) -> tuple[Shape, ...]:
    if len(bars) < 2:
        return ()
    tape = corporate_actions.tape(bars[:1], bars[1:], ())
    seams = set(corporate_actions.jumps(tape))
    every = zip(tape.bars, odds.shapes(tape), strict=True)
    return tuple(shape for bar, shape in every if bar.day not in seams)


def _futures(cycle: Cycle, bars: Sequence[Bar], shapes: Sequence[Shape]) -> Iterator[bool]:
    below = random.Random(SEED).randrange
    closes = tuple(bar.close for bar in bars)
    for _ in range(RUNS):
        picked = list(odds.picks(len(shapes), HORIZON, BLOCK, below))
        future = odds.future((shapes[pick] for pick in picked), bars[-1].close, bars[-1].day)
        yield odds.runs_out(cycle, closes, future)

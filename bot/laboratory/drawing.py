"""The odds of exhaustion: days of a run drawn anew, and a cycle played on each future."""

import random
from collections.abc import Iterator
from functools import partial
from itertools import islice

from bot.laboratory.engines import REFERENCE, play
from bot.laboratory.question import Drawing, Track
from strategy import odds
from strategy.corporate_actions import Tape
from strategy.model import Bar, Cycle
from strategy.odds import Odds

AT_ONCE = 50
"""Futures that the kernel is handed together: enough to keep it busy, few to see it progress."""


def drawn(
    drawing: Drawing | None, tape: Tape, begun: Cycle, engine: str, track: Track
) -> Odds | None:
    """Draw futures after a run's last close, and begin its first ledger's cycle in each.

    Raises StrategyError for a drawing that makes no sense.
    """
    if drawing is None:
        return None
    days = len(tape.bars)
    odds.check(days, drawing.horizon, drawing.block)
    step = track("bootstrap", drawing.runs)
    exhausted = 0
    for out in _outs(_futures(drawing, tape), begun, tape.bars[-1], engine):
        exhausted += out
        step()
    return Odds(
        horizon=drawing.horizon, block=drawing.block, runs=drawing.runs, exhausted=exhausted
    )


def _outs(futures: Iterator[Iterator[Bar]], begun: Cycle, last: Bar, engine: str) -> Iterator[bool]:
    """Tell of each future whether the units ran out; the reference stops where they did."""
    if engine == REFERENCE:
        for future in futures:
            yield odds.runs_out(begun, (last.close,), future)
        return
    while batch := [list(future) for future in islice(futures, AT_ONCE)]:
        yield from odds.run_out(partial(play, engine), begun, last, batch)


def _futures(drawing: Drawing, tape: Tape) -> Iterator[Iterator[Bar]]:
    """Draw each future's days whole: one that runs out early shifts none that come after it."""
    below = random.Random(drawing.seed).randrange
    shapes, last = odds.shapes(tape), tape.bars[-1]
    for _ in range(drawing.runs):
        picks = list(odds.picks(len(shapes), drawing.horizon, drawing.block, below))
        yield odds.future((shapes[pick] for pick in picks), last.close, last.day)

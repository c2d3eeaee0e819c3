"""The compiled twin of the backtest (extra `sweep`): whole runs in 64-bit integers, to the cent.

It needs numpy and numba: import it where they are installed, and use `strategy.backtest` where
they are not (docs/decisions/0041).
"""

from strategy.kernel.engine import follow, play, refusal
from strategy.kernel.many import Run, prices_of, run_days, run_many
from strategy.kernel.terms import Unsupported

__all__ = ["Run", "Unsupported", "follow", "play", "prices_of", "refusal", "run_days", "run_many"]

"""Runs of the reference written down for other engines: bars, every order, and what was filled.

They are handed the orders ready made, so they plan nothing, and are held to the shares that filled.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from strategy.backtest import Result, Session
from strategy.model import Bar, Order, OrderType, Side

_KINDS = {OrderType.LOC: 0, OrderType.MOC: 1, OrderType.LIMIT: 2}


def record(runs: Sequence[Result], bars: Sequence[Bar], file: Path) -> None:
    """Write runs that end with the last bar as arrays (.npz), which need none of our code to read.

    `bars` are open, high, low, close (USD) a row, `days` their dates. An order is a row of
    `orders`: +1 to buy or -1 to sell, 0 LOC, 1 MOC or 2 limit, limit (USD), shares. Those of run r
    on bar b stand from `places[r, b]` up to, and without, `places[r, b + 1]`; `bought[r, b]` and
    `sold[r, b]` are the shares that filled.
    """
    sessions = [session for run in runs for session in run.sessions]
    counts = _counted(runs, len(bars), lambda session: len(session.plan.orders))
    ends = counts.cumsum().reshape(counts.shape)
    np.savez(
        file,
        bars=np.array([[float(x) for x in (b.open, b.high, b.low, b.close)] for b in bars]),
        days=np.array([bar.day for bar in bars], dtype="datetime64[D]"),
        orders=np.array([_row(order) for each in sessions for order in each.plan.orders]),
        places=np.hstack([ends[:, :1] - counts[:, :1], ends]),
        bought=_counted(runs, len(bars), lambda session: session.bought),
        sold=_counted(runs, len(bars), lambda session: session.sold),
    )


def _counted(
    runs: Sequence[Result], bars: int, count: Callable[[Session], int]
) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """Count something of each run's sessions; nothing on the bars before its first."""
    found = np.zeros((len(runs), bars), dtype=np.int64)
    for row, run in zip(found, runs, strict=True):
        row[bars - len(run.sessions) :] = [count(session) for session in run.sessions]
    return found


def _row(order: Order) -> tuple[float, float, float, float]:
    side = 1.0 if order.side is Side.BUY else -1.0
    return side, float(_KINDS[order.type]), float(order.price or 0), float(order.quantity)

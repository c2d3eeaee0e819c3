"""Runs in the peers' own environment: plays recorded runs with backtesting.py, one at a time.

It knows no closing auction: a bar whose other prices are the close makes its limit orders fill as
LOC does. The high stays, for the target's sake; a sale at the close that the high alone would reach
stands out of reach instead, so that as many orders are placed and the same ones fill. Each bar's
orders are cancelled on the next. Reads the file named (tests/benchmarks/recorded.py); then plays
the run of each number in its input, and answers with a line of JSON: the seconds of
`Backtest.run()` alone, the orders placed, and whether every share filled on its bar.
"""

import json
import sys
import time
import warnings
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from backtesting import Backtest, Strategy

warnings.filterwarnings("ignore")

LOC, MOC = 0, 1
OUT_OF_REACH = 1e6

Array = np.ndarray[Any, Any]
Placed = tuple[bool, float | None, int]
"""To buy or to sell, limit (None at market), shares."""


class Recorded(Strategy):
    """Places the orders of the next bar, whatever became of those before."""

    nights: ClassVar[list[list[Placed]]] = []

    def init(self) -> None:
        self.night = 1  # its first turn is on the second bar
        self.placed = 0

    def next(self) -> None:
        for order in list(self.orders):
            order.cancel()
        self.night += 1
        if self.night < len(self.nights):
            for buys, limit, size in self.nights[self.night]:
                (self.buy if buys else self.sell)(size=size, limit=limit)
                self.placed += 1


def nights(bars: Array, orders: Array, places: Array) -> list[list[Placed]]:
    """Give each bar's orders as they are placed. Two bars stand before the first."""
    found: list[list[Placed]] = [[], []]
    for bar, (first, last) in enumerate(pairwise(places)):
        close = bars[bar, 3]
        night = []
        for side, kind, limit, quantity in orders[first:last]:
            reached = side > 0 or kind != LOC or close >= limit
            price = None if kind == MOC else limit if reached else OUT_OF_REACH
            night.append((side > 0, price, int(quantity)))
        found.append(night)
    return found


def shares(trades: Sequence[Any], closed: Sequence[Any], bars: int) -> tuple[Array, Array]:
    """Count the shares bought and sold on each bar."""
    bought, sold = np.zeros(bars + 2), np.zeros(bars + 2)
    for trade in trades:
        bought[trade.entry_bar] += trade.size
    for trade in closed:
        bought[trade.entry_bar] += trade.size
        sold[trade.exit_bar] += trade.size
    return bought[2:], sold[2:]


def main() -> None:
    with np.load(sys.argv[1]) as given:
        held = {name: given[name] for name in given.files}
    bars, days = held["bars"], held["days"]
    close, high = bars[:, 3], bars[:, 1]
    frame = pd.DataFrame({"Open": close, "High": high, "Low": close, "Close": close})
    frame.index = pd.to_datetime(days)
    before = frame.iloc[[0, 0]].set_axis([frame.index[0] - pd.Timedelta(days=n) for n in (2, 1)])
    frame = pd.concat([before, frame])
    for line in sys.stdin:
        run = int(line)
        Recorded.nights = nights(bars, held["orders"], held["places"][run])
        test = Backtest(frame, Recorded, cash=10_000_000)
        began = time.perf_counter()
        played = test.run()
        seconds = time.perf_counter() - began
        strategy = played["_strategy"]
        bought, sold = shares(strategy.trades, strategy.closed_trades, len(bars))
        same = bool((bought == held["bought"][run]).all() and (sold == held["sold"][run]).all())
        answer = {"seconds": seconds, "placed": strategy.placed, "same": same}
        print(json.dumps(answer), flush=True)


main()

"""Runs in the peers' own environment: places a recorded list of orders with backtesting.py.

Reads from the file named {"bars": [[day, open, high, low, close], ...], "orders": [[[side, type,
price, quantity], ...], ...]}; each list of orders is placed on its bar as limit orders (a MOC at
market) for one session, and what is left is cancelled on the next. Prints the run's seconds and the
number of orders placed.
"""

import json
import sys
import time
import warnings
from pathlib import Path
from typing import ClassVar

import pandas as pd
from backtesting import Backtest, Strategy

warnings.filterwarnings("ignore")


class Recorded(Strategy):
    """Places the orders of a day, whatever became of those before."""

    days: ClassVar[list[list[list[object]]]] = []
    placed: ClassVar[int] = 0

    def init(self) -> None:
        self.day = 0

    def next(self) -> None:
        for order in list(self.orders):
            order.cancel()
        if self.day < len(self.days):
            for side, kind, price, quantity in self.days[self.day]:
                limit = None if kind == "MOC" else price
                (self.buy if side == "buy" else self.sell)(size=quantity, limit=limit)
                Recorded.placed += 1
        self.day += 1


def main() -> None:
    given = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    frame = pd.DataFrame(given["bars"], columns=["day", "Open", "High", "Low", "Close"])
    frame.index = pd.to_datetime(frame.pop("day"))
    Recorded.days = given["orders"]
    test = Backtest(frame, Recorded, cash=10_000_000, hedging=False, exclusive_orders=False)
    began = time.perf_counter()
    test.run()
    seconds = time.perf_counter() - began
    print(json.dumps({"seconds": seconds, "placed": Recorded.placed}))


main()

"""Runs in the peers' own environment: places a recorded list of orders with backtesting.py.

Reads {"bars": [[day, open, high, low, close]...], "orders": [[[side, type, price, quantity]...]...]}
from the file named; each list of orders is placed on its bar as limit orders (MOC as market) for one
session, and what is left is cancelled on the next. Prints the runs' seconds and the orders placed.
"""

import json
import sys
import time
import warnings

import pandas as pd
from backtesting import Backtest, Strategy

warnings.filterwarnings("ignore")


class Recorded(Strategy):
    days: list = []
    placed = 0

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
    with open(sys.argv[1], encoding="utf-8") as file:
        given = json.load(file)
    runs = int(sys.argv[2])
    frame = pd.DataFrame(given["bars"], columns=["day", "Open", "High", "Low", "Close"])
    frame.index = pd.to_datetime(frame.pop("day"))
    Recorded.days = given["orders"]
    took = []
    for _ in range(runs):
        Recorded.placed = 0
        test = Backtest(frame, Recorded, cash=10_000_000, hedging=False, exclusive_orders=False)
        began = time.perf_counter()
        test.run()
        took.append(time.perf_counter() - began)
    print(json.dumps({"seconds": took, "placed": Recorded.placed}))


main()

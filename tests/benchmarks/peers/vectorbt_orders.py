"""Runs in the peers' own environment: plays recorded runs with vectorbt, all of them at once.

Each run is a column. vectorbt keeps no resting orders, so its order function, compiled by numba,
looks through the orders of the bar and hands over those that the bar fills. Reads the file named
first (tests/benchmarks/recorded.py), repeats its runs up to so many columns; then plays once for
each line of its input, and answers with a line of JSON: the seconds of the run alone, those of
asking for every column's final value and deepest fall, and whether every share filled on its bar.
"""

import json
import sys
import time
from typing import Any

import numpy as np
import vectorbt as vbt
from numba import njit
from vectorbt.portfolio.enums import OrderSide
from vectorbt.portfolio.nb import order_nb, order_nothing_nb

Array = np.ndarray[Any, Any]

MOC, LIMIT = 1, 2


@njit
def first_order(c: Any, cursor: Array, places: Array) -> tuple[Array]:
    cursor[0] = places[c.from_col, c.i]
    return (cursor,)


@njit
def next_filled(
    c: Any, cursor: Array, places: Array, orders: Array, bars: Array
) -> tuple[int, Any]:
    last = places[c.from_col, c.i + 1]
    while cursor[0] < last:
        order = orders[cursor[0]]
        cursor[0] += 1
        side, kind, limit, price = order[0], order[1], order[2], bars[c.i, 3]
        if kind == LIMIT:
            filled = bars[c.i, 1] >= limit  # only sales are of this kind
            price = max(limit, bars[c.i, 0])
        else:
            filled = kind == MOC or (price <= limit if side > 0 else price >= limit)
        if filled:
            return c.from_col, order_nb(size=side * order[3], price=price)
    return -1, order_nothing_nb()


def played(bars: Array, orders: Array, places: Array, fills: int) -> vbt.Portfolio:
    return vbt.Portfolio.from_order_func(
        np.repeat(bars[:, 3:], len(places), axis=1),
        next_filled,
        places,
        orders,
        bars,
        flexible=True,
        init_cash=10_000_000.0,
        pre_segment_func_nb=first_order,
        pre_segment_args=(np.zeros(1, dtype=np.int64), places),
        max_orders=fills,
        update_value=False,
        fill_pos_record=False,
    )


def figures(portfolio: vbt.Portfolio) -> None:
    portfolio.final_value()
    portfolio.max_drawdown()


def shares(portfolio: vbt.Portfolio, side: int, shape: tuple[int, ...]) -> Array:
    records = portfolio.order_records
    records = records[records["side"] == side]
    found = np.zeros(shape)
    np.add.at(found, (records["col"], records["idx"]), records["size"])
    return found


def main() -> None:
    with np.load(sys.argv[1]) as given:
        bars, orders, places = given["bars"], given["orders"], given["places"]
        bought, sold = given["bought"], given["sold"]
    repeated = np.arange(int(sys.argv[2])) % len(places)
    places, bought, sold = places[repeated], bought[repeated], sold[repeated]
    fills = int(np.diff(places, axis=1).sum())
    figures(played(bars, orders, places, fills))  # compiles
    for _ in sys.stdin:
        began = time.perf_counter()
        portfolio = played(bars, orders, places, fills)
        ran = time.perf_counter()
        figures(portfolio)
        asked = time.perf_counter()
        same = bool(
            (shares(portfolio, OrderSide.Buy, bought.shape) == bought).all()
            and (shares(portfolio, OrderSide.Sell, sold.shape) == sold).all()
        )
        answer = {"seconds": ran - began, "figures": asked - ran, "same": same}
        print(json.dumps(answer), flush=True)


main()

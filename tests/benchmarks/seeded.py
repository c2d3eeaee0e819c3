"""The seeded market that the benchmarks of the book run over."""

import random
from datetime import date, timedelta
from decimal import Decimal

from strategy.model import Bar

SEED = 7
BARS = 4_101
CENT = Decimal("0.01")


def market(seed: int, count: int) -> list[Bar]:
    """Make a seeded market on weekdays: long rises, some crashes, prices in cents."""
    rng = random.Random(seed)
    day, close, bars = date(2010, 1, 4), Decimal(60), list[Bar]()
    while len(bars) < count:
        if day.weekday() < 5:
            step = Decimal(round(rng.gauss(0.6, 28))) / 1000
            opened = close * (1 + step * Decimal(rng.randint(0, 6)) / 10)
            close = max(close * (1 + step), Decimal(20))
            if close > 200:
                close /= 2
                opened = close
            high = max(opened, close) * (1 + Decimal(rng.randint(0, 15)) / 1000)
            low = min(opened, close) * (1 - Decimal(rng.randint(0, 15)) / 1000)
            at = [price.quantize(CENT) for price in (opened, high, low, close)]
            bars.append(Bar(day=day, open=at[0], high=at[1], low=at[2], close=at[3]))
        day += timedelta(days=1)
    return bars

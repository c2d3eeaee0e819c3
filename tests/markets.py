"""Wild seeded markets for the tests: bars on real New York sessions, in cents, reproducible."""

import csv
import random
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from bot.sessions import Calendar
from strategy.model import Bar

FIRST = date(2026, 10, 1)
CENT = Decimal("0.01")


def sessions(count: int, *, first: date = FIRST) -> list[date]:
    """List `count` session dates from `first` on; the range holds the half day of 2026-11-27."""
    calendar = Calendar()
    day = calendar.following(calendar.previous(first).day)
    days: list[date] = []
    while len(days) < count:
        days.append(day.day)
        day = calendar.following(day.day)
    return days


def wild_bars(seed: int, count: int) -> list[Bar]:
    """Make bars with regimes, gaps and jumps of up to a third, so that every rule is met soon."""
    rng = random.Random(seed)
    close = Decimal(40)
    bars: list[Bar] = []
    drift = Decimal(0)
    for number, day in enumerate(sessions(count)):
        if number % 12 == 0:
            drift = Decimal(rng.choice((-25, -12, 6, 18))) / 1000
        step = Decimal(round(rng.gauss(0, 45))) / 1000 + drift
        if rng.random() < 0.07:
            step += Decimal(rng.choice((-180, -120, 150, 260))) / 1000
        opened = max(close * (1 + step * Decimal(rng.randint(0, 6)) / 10), Decimal(4))
        close = max(close * (1 + step), Decimal(4))
        high = max(opened, close) * (1 + Decimal(rng.randint(0, 30)) / 1000)
        low = min(opened, close) * (1 - Decimal(rng.randint(0, 30)) / 1000)
        prices = [price.quantize(CENT) for price in (opened, high, low, close)]
        bars.append(
            Bar(
                day=day,
                open=prices[0],
                high=prices[1],
                low=prices[2],
                close=prices[3],
                volume=rng.randint(1_000_000, 90_000_000),
            )
        )
        close = prices[3]
    return bars


def write_csv(bars: Sequence[Bar], path: Path) -> None:
    """Write bars as the CSV file that the commands read."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["date", "open", "high", "low", "close", "volume"])
        for bar in bars:
            writer.writerow([bar.day, bar.open, bar.high, bar.low, bar.close, bar.volume])

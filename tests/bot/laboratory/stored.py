"""Prices in a store, as `muhan prices` leaves them there."""

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from bot.laboratory.price_store import Card, PriceStore
from strategy.model import Bar

D = Decimal
CENT = D("0.01")


def keep(home: Path, symbol: str = "SOXL", *, count: int = 700, first_close: str = "30") -> None:
    """Store a lively market of weekdays that ends on 2026-11-20."""
    rng, close, bars = random.Random(3), D(first_close), list[Bar]()
    last = date(2026, 11, 20)
    days = [last - timedelta(days=number) for number in range(2 * count)]
    for day in sorted(day for day in days if day.weekday() < 5)[-count:]:
        opened = close
        close = max((close * D(str(1 + rng.gauss(0.001, 0.03)))).quantize(CENT), CENT)
        high, low = max(opened, close), min(opened, close)
        bars.append(Bar(day=day, open=opened, high=high, low=low, close=close, volume=1_000_000))
    card = Card(
        symbol=symbol,
        exchange="AMS",
        source="simulator",
        asked_at=datetime(2026, 11, 21, tzinfo=UTC),
        whole_from=bars[0].day,
        earliest=True,
        reason="",
        provisional=None,
        seams=(),
        gaps=(),
        strays=(),
        odd=(),
        jumps=(),
    )
    PriceStore(home).write(card, bars)

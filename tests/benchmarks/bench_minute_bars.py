"""How long a trade takes on its way into a minute bar, beside a plain loop over the same trades.

Nanoseconds a trade, by the size of the batches: one symbol, 6,000 trades a minute. Asserts that
both make the same bars, and no times.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TypeVar

from kis.frames import FrameReader
from kis.minute_bars import MinuteBars, Session
from kis.models import MinuteBar, Trade
from tests.benchmarks import taped
from tests.benchmarks.conftest import Tell
from tests.benchmarks.table import compared

Given = TypeVar("Given")

TRADES = 60_000
A_SECOND = 100
ROUNDS = 7
DAY = Session(taped.OPENS, taped.OPENS + timedelta(hours=6, minutes=30))


@dataclass(slots=True)
class _Plain:
    """A bar as anyone would write it: in order, one trade at a time, nothing asked."""

    start: datetime
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: int


def test_minute_bars_beside_a_plain_loop(tell: Tell) -> None:
    trades = _as_they_come()
    expected = _plain_loop(trades)
    for batch in (1, 10, 100, 1_000, 6_000):
        parts = [trades[at : at + batch] for at in range(0, TRADES, batch)]
        assert [_figures(bar) for bar in _ours(parts)] == [_figures(bar) for bar in expected]
        pairs = [(_took(_ours, parts), _took(_plain_loop, trades)) for _ in range(ROUNDS)]
        tell(
            compared(
                f"minute bars: batches of {batch:,}",
                "ns/trade",
                [own for own, _ in pairs],
                "a plain loop, in order",
                [loop for _, loop in pairs],
            )
        )


def _as_they_come() -> list[Trade]:
    """Give the trades as the stream does, where those of one second share its instant."""
    texts = taped.frames(taped.tape(TRADES, symbols=1, a_second=A_SECOND), 4)
    reader = FrameReader(lambda: DAY.opens)
    return [trade for text in texts for trade in reader.read(text) if isinstance(trade, Trade)]


def _ours(parts: Sequence[Sequence[Trade]]) -> list[MinuteBar]:
    bars = MinuteBars(parts[0][0].symbol, [DAY], since=DAY.opens)
    final = [bar for part in parts for bar in bars.add(part).bars]
    assert bars.late == bars.outside == 0
    return final + bars.until(DAY.closes + timedelta(minutes=1))


def _plain_loop(trades: Sequence[Trade]) -> list[_Plain]:
    bars: list[_Plain] = []
    for trade in trades:
        start = trade.at.replace(second=0)
        price = trade.price
        if not bars or bars[-1].start != start:
            bars.append(_Plain(start, price, price, price, price, trade.quantity))
            continue
        bar = bars[-1]
        bar.high = max(bar.high, price)
        bar.low = min(bar.low, price)
        bar.close = price
        bar.volume += trade.quantity
    return bars


def _took(make: Callable[[Given], object], given: Given) -> float:
    """Give the nanoseconds a trade of one run."""
    began = time.process_time()
    make(given)
    return (time.process_time() - began) / TRADES * 1e9


def _figures(bar: MinuteBar | _Plain) -> tuple[object, ...]:
    return bar.start, bar.open, bar.high, bar.low, bar.close, bar.volume

"""How long a trade takes on its way into a minute bar, beside a plain loop over the same trades.

Prints nanoseconds a trade by the size of the batches, and the baseline of the same run; asserts
that both make the same bars, and no times. One symbol, 6,000 trades a minute.
"""

import platform
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from kis.frames import FrameReader
from kis.minute_bars import MinuteBars, Session
from kis.models import MinuteBar, Trade
from tests.benchmarks import taped

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


def test_minute_bars_beside_a_plain_loop() -> None:
    trades = _as_they_come()
    expected = _plain_loop(trades)
    baseline = _median(lambda: _plain_loop(trades))
    print()
    print(f"{platform.machine()}, CPython {platform.python_version()}, medians of {ROUNDS} runs")
    print(f"a plain loop, in order (baseline) {baseline:8.0f} ns a trade")
    for batch in (1, 10, 100, 1_000, 6_000):
        parts = [trades[at : at + batch] for at in range(0, TRADES, batch)]
        assert [_figures(bar) for bar in _ours(parts)] == [_figures(bar) for bar in expected]
        took = _median(lambda parts=parts: _ours(parts))  # type: ignore[misc]
        print(f"batches of {batch:5,}                  {took:8.0f} ns a trade")


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


def _median(run: Callable[[], object]) -> float:
    seconds = []
    for _ in range(ROUNDS):
        began = time.process_time()
        run()
        seconds.append(time.process_time() - began)
    return statistics.median(seconds) / TRADES * 1e9


def _figures(bar: MinuteBar | _Plain) -> tuple[object, ...]:
    return bar.start, bar.open, bar.high, bar.low, bar.close, bar.volume

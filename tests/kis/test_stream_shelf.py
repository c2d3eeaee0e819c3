"""What waits to be fetched does not grow without end, whatever the feed leaves out."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from kis.minute_bars import MinuteBars, Session
from kis.models import SEOUL, Exchange, Feed, StreamGap, StreamState, StreamStateKind, Trade
from kis.stream_gaps import JUMP, DayVolumes
from kis.stream_shelf import OVERFLOW, Shelf

OPENS = datetime(2026, 11, 20, 23, 30, tzinfo=SEOUL)
SESSION = Session(OPENS, OPENS + timedelta(hours=6.5))


def trade(second: int, quantity: int, volume: int) -> Trade:
    return Trade(
        symbol="TQQQ",
        exchange=Exchange.NASDAQ,
        price=Decimal(76),
        quantity=quantity,
        day_volume=volume,
        at=OPENS + timedelta(seconds=second),
        hours=None,
    )


def jump(second: int) -> StreamGap:
    start = OPENS + timedelta(seconds=second)
    end = start + timedelta(seconds=1)
    return StreamGap(start=start, end=end, reason=JUMP, symbols=("TQQQ",), missed=7)


async def test_a_gap_before_every_trade_does_not_grow_when_nobody_fetches(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("kis.stream_shelf.MOST_WAITING", 4)
    shelf = Shelf()
    for second in range(100):
        shelf.put_jump(jump(second))
        shelf.put_price(trade(second + 1, 3, 10 * second + 10))
    shelf.put_price(trade(1, 3, 10))
    shelf.put_price(trade(50, 3, 10))
    state = StreamState(kind=StreamStateKind.DISCONNECTED)
    shelf.put(state)
    shelf.end()
    items = []
    while (item := await shelf.take()) is not None:
        items.append(item)
    assert [type(item) for item in items] == [
        StreamGap, Trade, StreamGap, Trade, StreamState, StreamGap,
    ]  # fmt: skip
    gap = items[-1]
    assert isinstance(gap, StreamGap)
    assert (gap.reason, gap.feed, gap.missed) == (OVERFLOW, Feed.TRADES, 100)
    assert (gap.start, gap.end) == (OPENS + timedelta(seconds=1), OPENS + timedelta(seconds=100))


def test_the_same_volume_once_more_is_no_new_day_that_missed_all_of_it() -> None:
    volumes = DayVolumes()
    first, again = trade(1, 5, 100), trade(2, 5, 100)
    assert volumes.jump(first, again) is None


def test_gaps_that_meet_are_kept_as_one_and_mark_the_same_bars() -> None:
    bars = MinuteBars("TQQQ", [SESSION], since=OPENS)
    for second in range(70, 130):
        bars.gap(jump(second))
    bars.gap(jump(300))
    assert len(bars._gaps) == 2
    trades = [trade(minute * 60 + 30, 1, minute) for minute in range(7)]
    found = [*bars.add(trades).bars, *bars.until(SESSION.closes)]
    assert [bar.complete for bar in found] == [True, False, False, True, True, False, True]

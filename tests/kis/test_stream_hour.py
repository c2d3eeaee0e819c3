"""An hour of the simulator's market: every tick that is sent is received, or not believed."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from kis.client import Kis
from kis.environment import at
from kis.minute_bars import MinuteBars, Session
from kis.models import (
    Credentials,
    DomesticTrade,
    Exchange,
    ExecutionNotice,
    OrderBook,
    StreamGap,
    Trade,
)
from kis.simulator.config import APP_KEY, APP_SECRET
from kis.stream import Stream
from tests.kis.counter import Clock
from tests.kis.simulator.desk import Desk, new_york, quick, running

MINUTES, TICKS_A_MINUTE = 60, 120
PATIENCE = 20.0
TRADES = [("TQQQ", Exchange.NASDAQ), ("SOXL", Exchange.AMEX), ("005930", None)]
CREDENTIALS = Credentials(
    app_key=APP_KEY, app_secret=APP_SECRET, account="81000000-01", hts_id="SIMUSER1"
)
FAULTS: dict[str, float] = {
    "malformed_frame": 0.01,
    "truncated_frame": 0.01,
    "too_few_fields": 0.01,
    "wrong_count": 0.01,
    "extra_columns": 0.05,
    "out_of_order_ticks": 0.02,
}
Price = Trade | DomesticTrade | OrderBook


class Hour:
    """What one client received in an hour that a simulator played."""

    def __init__(self) -> None:
        self.received: list[Price] = []
        self.gaps: list[StreamGap] = []
        self.pushed = 0
        self.malformed = 0
        self.overflowed = 0

    def of(self, symbol: str) -> list[Trade | DomesticTrade]:
        return [
            item
            for item in self.received
            if isinstance(item, Trade | DomesticTrade) and item.symbol == symbol
        ]


@asynccontextmanager
async def watching(desk: Desk, token_file: Path) -> AsyncIterator[Stream]:
    """Open the client's stream and wait until the simulator has all of its registrations."""
    clock = Clock()
    address = desk.url.replace("http://", "ws://") + "/tryitout"
    environment = at(desk.url, address, calls_per_second=1000)
    async with (
        Kis(
            environment, CREDENTIALS, now=clock.now, sleep=clock.sleep, token_file=token_file
        ) as kis,
        kis.stream(symbols=TRADES, books=TRADES[:1]) as stream,
    ):
        registered = 0
        async with asyncio.timeout(60):
            while registered < len(TRADES) + 1:  # and the notices, asked for first
                registered = (await desk.control("GET", "ticks"))["registrations"]
        yield stream


async def played(token_file: Path, faults: dict[str, float]) -> Hour:
    hour = Hour()

    async def read(stream: Stream) -> None:
        async for item in stream:
            if isinstance(item, ExecutionNotice):
                return  # the order that marks the end of the hour
            if isinstance(item, StreamGap):
                hour.gaps.append(item)
            elif isinstance(item, Trade | DomesticTrade | OrderBook):
                hour.received.append(item)

    async with running(quick(seed=7)) as desk:
        await desk.go("2026-10-07T11:00-04:00")
        async with watching(desk, token_file) as stream, asyncio.TaskGroup() as group:
            reading = group.create_task(read(stream))
            for name, rate in faults.items():
                await desk.control("POST", "faults", {"name": name, "rate": rate, "seed": 3})
            told: dict[str, Any] = {}
            for minute in range(MINUTES):
                now = new_york("2026-10-07T11:00") + timedelta(minutes=minute, seconds=30)
                await desk.go(now.isoformat())
                told = await desk.control("POST", "ticks", {"count": TICKS_A_MINUTE})
            await desk.control("DELETE", "faults")
            await desk.order("buy", "00", 1, "1.00")
            async with asyncio.timeout(PATIENCE):
                await reading
            hour.pushed = told["records_pushed"]
            hour.malformed, hour.overflowed = stream.malformed, stream.overflowed
    return hour


async def test_every_tick_of_an_hour_is_received_once_and_makes_the_days_volume(
    token_file: Path,
) -> None:
    hour = await played(token_file, {})
    assert len(hour.received) == hour.pushed > MINUTES * TICKS_A_MINUTE
    assert (hour.gaps, hour.malformed, hour.overflowed) == ([], 0, 0)
    session = Session(new_york("2026-10-07T09:30"), new_york("2026-10-07T16:00"))
    for symbol in ("TQQQ", "SOXL"):
        trades = [trade for trade in hour.of(symbol) if isinstance(trade, Trade)]
        volume = sum(trade.quantity for trade in trades)
        assert volume == trades[-1].day_volume - trades[0].day_volume + trades[0].quantity
        bars = MinuteBars(symbol, [session], since=session.opens)
        made = [*bars.add(trades).bars, *bars.until(session.closes)]
        assert sum(bar.volume for bar in made) == volume
        assert len(made) >= MINUTES


async def test_an_hour_of_broken_frames_loses_ticks_and_believes_no_wrong_one(
    tmp_path: Path,
) -> None:
    whole = await played(tmp_path / "one", {})
    broken = await played(tmp_path / "two", FAULTS)
    lost = Counter(map(_known, whole.received)) - Counter(map(_known, broken.received))
    invented = Counter(map(_known, broken.received)) - Counter(map(_known, whole.received))
    assert not invented
    assert 0.02 < lost.total() / len(whole.received) < 0.06
    assert broken.malformed > 50


def _known(item: Price) -> tuple[object, ...]:
    if isinstance(item, OrderBook):
        # A book cut short may be shown with the levels that are whole.
        return (item.symbol, item.at, item.bids[0], item.asks[0])
    price: Decimal = item.price
    return (item.symbol, item.at, price, item.quantity, item.day_volume)

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection

from kis.models import (
    DomesticBook,
    DomesticNotice,
    DomesticTrade,
    Exchange,
    ExecutionNotice,
    Feed,
    OrderBook,
    StreamGap,
    StreamState,
    StreamStateKind,
    Trade,
)
from kis.stream import Item, Stream
from kis.stream_connection import HUNG_UP_AGAIN, LONGEST_DELAY
from kis.stream_gaps import JUMP
from tests.kis.counter import NOON, Counter
from tests.kis.floor import CONNECTED, PING, SOXL, TQQQ, Floor, open_floor, take
from tests.kis.test_frames import (
    DOMESTIC_BOOK,
    DOMESTIC_FILL,
    DOMESTIC_TRADE,
    FILL,
    TRADE,
    US_BOOK,
    _with,
    sealed,
)

Handler = Callable[[Floor, ServerConnection, int], Awaitable[None]]


def traded(volume: int, quantity: int, second: int = 0) -> str:
    record = _with(TRADE, _19=str(quantity), _20=str(volume), _7=f"2331{second:02}")
    return f"0|HDFSCNT0|001|{record}"


def saying(*frames: str, registrations: int = 2) -> Handler:
    """Give a server that takes registrations, says its frames and waits."""

    async def handler(floor: Floor, socket: ServerConnection, _: int) -> None:
        for _number in range(registrations):
            await floor.register(socket)
        for frame in frames:
            await socket.send(frame)
        await socket.wait_closed()

    return handler


async def all_of(stream: Stream, count: int) -> list[Item]:
    assert await take(stream) == CONNECTED
    return [await take(stream) for _ in range(count)]


async def test_a_jump_of_the_days_volume_is_a_gap_before_the_trade_that_tells_it(
    counter: Counter, token_file: Path
) -> None:
    script = saying(traded(100, 5), traded(110, 10), traded(150, 7, 3), traded(152, 2, 3))
    async with (
        open_floor(counter, token_file, script) as (kis, _),
        kis.stream(symbols=[TQQQ]) as stream,
    ):
        items = await all_of(stream, 5)
    gap = items[2]
    assert [type(item) for item in items] == [Trade, Trade, StreamGap, Trade, Trade]
    assert isinstance(gap, StreamGap)
    assert (gap.missed, gap.symbols, gap.reason) == (33, ("TQQQ",), JUMP)
    assert gap.end - gap.start == timedelta(seconds=3)


@pytest.mark.parametrize(
    ("frames", "gaps"),
    [
        ([traded(100, 5, 1), traded(95, 3, 0), traded(102, 2, 2)], 0),  # late
        ([traded(100, 5, 1), traded(100, 5, 1), traded(102, 2, 2)], 0),  # twice
        ([traded(100, 5, 1), traded(4, 4, 2), traded(6, 2, 3)], 0),  # a new day
        ([traded(100, 5, 1), traded(9, 4, 2), traded(11, 2, 3)], 1),  # a new day, late for it
    ],
)
async def test_late_and_repeated_trades_and_new_days_are_told_from_gaps(
    frames: list[str], gaps: int, counter: Counter, token_file: Path
) -> None:
    async with (
        open_floor(counter, token_file, saying(*frames)) as (kis, _),
        kis.stream(symbols=[TQQQ]) as stream,
    ):
        items = await all_of(stream, len(frames) + gaps)
    assert sum(isinstance(item, StreamGap) for item in items) == gaps
    assert sum(isinstance(item, Trade) for item in items) == len(frames)


async def test_after_a_drop_every_registration_has_its_gap_before_its_first_new_item(
    counter: Counter, token_file: Path
) -> None:
    async def handler(floor: Floor, socket: ServerConnection, number: int) -> None:
        for _registration in range(3):
            await floor.register(socket)
        await socket.send(traded(number * 100, 100))
        if number == 1:
            counter.clock.time += timedelta(seconds=30)
            await socket.close()
        await socket.wait_closed()

    async with (
        open_floor(counter, token_file, handler) as (kis, _),
        kis.stream(symbols=[TQQQ], books=[SOXL]) as stream,
    ):
        items = await all_of(stream, 7)
    kinds = [type(item) for item in items]
    assert kinds == [Trade, StreamState, StreamState, StreamGap, StreamGap, StreamGap, Trade]
    gaps = [item for item in items if isinstance(item, StreamGap)]
    assert [(gap.feed, gap.symbols) for gap in gaps] == [
        (Feed.NOTICES, ()),
        (Feed.TRADES, ("TQQQ",)),
        (Feed.BOOKS, ("SOXL",)),
    ]
    assert all(NOON < gap.start < gap.end and gap.reason == "closed by KIS" for gap in gaps)


async def test_a_trade_that_comes_before_the_answer_to_its_registration_ends_the_gap(
    counter: Counter, token_file: Path
) -> None:
    async def handler(floor: Floor, socket: ServerConnection, number: int) -> None:
        await floor.register(socket)
        await floor.register(socket, confirm=number == 1)
        if number == 1:
            await socket.close()
        await socket.send(traded(100, 100))
        await socket.wait_closed()

    async with (
        open_floor(counter, token_file, handler) as (kis, _),
        kis.stream(symbols=[TQQQ]) as stream,
    ):
        items = await all_of(stream, 5)
    assert [type(item) for item in items[2:]] == [StreamGap, StreamGap, Trade]


async def test_a_drop_before_the_answer_to_a_registration_that_trades_already_is_a_gap_again(
    counter: Counter, token_file: Path
) -> None:
    async def handler(floor: Floor, socket: ServerConnection, number: int) -> None:
        await floor.register(socket)
        await floor.register(socket, confirm=number != 2)
        if number == 2:
            await socket.send(traded(100, 100))
        if number < 3:
            await socket.close()
        await socket.wait_closed()

    async with (
        open_floor(counter, token_file, handler) as (kis, _),
        kis.stream(symbols=[TQQQ]) as stream,
    ):
        items = await all_of(stream, 9)
    gaps = [item for item in items if isinstance(item, StreamGap) and item.feed is Feed.TRADES]
    assert len(gaps) == 2


async def test_what_nobody_fetched_is_a_gap_with_its_count_where_it_would_have_stood(
    counter: Counter, token_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kis.stream_shelf.MOST_WAITING", 3)
    done = asyncio.Event()

    async def handler(floor: Floor, socket: ServerConnection, _: int) -> None:
        await floor.register(socket)
        await floor.register(socket)
        for number in range(5):
            await socket.send(traded(number + 1, 1, number))
        await socket.send(PING)
        await socket.recv()
        done.set()
        await again.wait()
        await socket.send(traded(6, 1, 9))
        await socket.wait_closed()

    again = asyncio.Event()
    async with (
        open_floor(counter, token_file, handler) as (kis, _),
        kis.stream(symbols=[TQQQ]) as stream,
    ):
        await done.wait()
        items = await all_of(stream, 3)
        again.set()
        last = await take(stream)
        assert stream.overflowed == 3
    assert [type(item) for item in items] == [Trade, Trade, StreamGap]
    gap = items[2]
    assert isinstance(gap, StreamGap)
    assert (gap.missed, gap.end - gap.start) == (3, timedelta(seconds=2))
    assert isinstance(last, Trade)


async def test_both_markets_trades_books_and_notices_come_as_what_they_are(
    counter: Counter, token_file: Path
) -> None:
    script = saying(
        f"0|HDFSASP0|001|{US_BOOK}",
        f"0|H0STCNT0|001|{DOMESTIC_TRADE}",
        f"0|H0STASP0|001|{DOMESTIC_BOOK}",
        f"1|H0STCNI0|001|{sealed(DOMESTIC_FILL)}",
        f"1|H0GSCNI0|001|{sealed(FILL)}",
        registrations=6,
    )
    async with (
        open_floor(counter, token_file, script) as (kis, floor),
        kis.stream(
            symbols=[TQQQ, ("005930", None)],
            books=[TQQQ, ("005930", None)],
            domestic_notices=True,
        ) as stream,
    ):
        items = await all_of(stream, 5)
        assert stream.malformed == stream.unasked == 0
    assert [type(item) for item in items] == [
        OrderBook,
        DomesticTrade,
        DomesticBook,
        DomesticNotice,
        ExecutionNotice,
    ]
    asked = [tuple(one["body"]["input"].values()) for one in floor.registered[0]]
    assert asked == [
        ("H0GSCNI0", "HTSID001"),
        ("H0STCNI0", "HTSID001"),
        ("HDFSCNT0", "DNASTQQQ"),
        ("H0STCNT0", "005930"),
        ("HDFSASP0", "DNASTQQQ"),
        ("H0STASP0", "005930"),
    ]


async def test_what_is_released_comes_no_more_and_is_not_registered_again(
    counter: Counter, token_file: Path
) -> None:
    heard: list[Any] = []

    async def handler(floor: Floor, socket: ServerConnection, number: int) -> None:
        await floor.register(socket)
        if number == 1:
            await floor.register(socket)
            heard.append(json.loads(await socket.recv()))
            await socket.send(traded(1, 1))
            await socket.close()
            return
        await socket.send(f"1|H0GSCNI0|001|{sealed(FILL)}")
        await socket.wait_closed()

    async with (
        open_floor(counter, token_file, handler) as (kis, floor),
        kis.stream(symbols=[TQQQ]) as stream,
    ):
        assert await take(stream) == CONNECTED
        await stream.release(*TQQQ)
        while not isinstance(await take(stream), ExecutionNotice):
            pass
        assert stream.unasked == 1
    assert heard[0]["header"]["tr_type"] == "2"
    assert heard[0]["body"]["input"] == {"tr_id": "HDFSCNT0", "tr_key": "DNASTQQQ"}
    assert len(floor.registered[1]) == 1


async def test_notices_cannot_be_watched_as_a_symbol(counter: Counter, token_file: Path) -> None:
    async with (
        open_floor(counter, token_file, saying(registrations=1)) as (kis, _),
        kis.stream() as stream,
    ):
        with pytest.raises(ValueError, match="account"):
            await stream.watch("TQQQ", Exchange.NASDAQ, Feed.NOTICES)


async def test_jitter_lengthens_the_wait_by_half_of_it_at_most(
    counter: Counter, token_file: Path
) -> None:
    figures = iter([0.0, 1.0, 0.5])

    async def handler(floor: Floor, socket: ServerConnection, number: int) -> None:
        await floor.register(socket)
        if number <= 3:
            await socket.close()
        await socket.wait_closed()

    async with (
        open_floor(counter, token_file, handler, jitter=lambda: next(figures)) as (kis, floor),
        kis.stream() as stream,
    ):
        while len(floor.registered) < 4:  # noqa: ASYNC110  # the floor has no event
            await asyncio.sleep(0)
        assert await take(stream) == CONNECTED
    assert [seconds for seconds in counter.clock.slept if seconds >= 1] == [1, 3, 5]


async def test_a_wrong_hts_id_is_told_after_three_drops_and_tried_once_a_minute(
    counter: Counter, token_file: Path
) -> None:
    async def handler(_floor: Floor, socket: ServerConnection, _: int) -> None:
        await socket.recv()
        socket.transport.abort()

    async with (
        open_floor(counter, token_file, handler) as (kis, floor),
        kis.stream() as stream,
    ):
        states = [await take(stream) for _ in range(2)]
        while len(floor.registered) < 6:  # noqa: ASYNC110  # the floor has no event
            await asyncio.sleep(0)
    assert isinstance(states[1], StreamState)
    assert states[1].kind is StreamStateKind.DISCONNECTED
    assert states[1].reason == HUNG_UP_AGAIN
    waits = [seconds for seconds in counter.clock.slept if seconds >= 1]
    assert waits[:5] == [1, 2, LONGEST_DELAY, LONGEST_DELAY, LONGEST_DELAY]


async def test_registrations_are_spaced(counter: Counter, token_file: Path) -> None:
    async with (
        open_floor(counter, token_file, saying(registrations=3)) as (kis, floor),
        kis.stream(symbols=[TQQQ, SOXL]) as stream,
    ):
        assert await take(stream) == CONNECTED
        while len(floor.registered[0]) < 3 or len(counter.clock.slept) < 3:  # noqa: ASYNC110
            await asyncio.sleep(0)
    assert counter.clock.slept[:3] == [0.1, 0.1, 0.1]

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from websockets.asyncio.server import ServerConnection

from kis.models import (
    Exchange,
    ExecutionNotice,
    NoticeKind,
    StreamState,
    StreamStateKind,
    Trade,
)
from kis.stream import MOST_SUBSCRIPTIONS
from tests.kis.counter import APPROVAL_PATH, CREDENTIALS, Counter, kis_at
from tests.kis.floor import CONNECTED, PING, SOXL, TQQQ, Floor, ack, open_floor, take
from tests.kis.test_frames import ACCEPT, FILL, TRADE, sealed


async def test_it_registers_symbols_and_notices_and_gives_what_comes(
    counter: Counter, token_file: Path
) -> None:
    async def handler(floor: Floor, socket: ServerConnection, _: int) -> None:
        for _number in range(3):
            await floor.register(socket)
        await socket.send(f"0|HDFSCNT0|001|{TRADE}")
        await socket.send(f"1|H0GSCNI0|001|{sealed(FILL)}")
        await socket.wait_closed()

    async with (
        open_floor(counter, token_file, handler) as (kis, floor),
        kis.stream(symbols=[TQQQ, SOXL]) as stream,
    ):
        assert await take(stream) == CONNECTED
        trade, notice = await take(stream), await take(stream)
    assert isinstance(trade, Trade)
    assert isinstance(notice, ExecutionNotice)
    assert (trade.symbol, notice.order_number) == ("TQQQ", "30138295")
    assert floor.paths == ["/tryitout"]
    assert [asked["body"]["input"] for asked in floor.registered[0]] == [
        {"tr_id": "H0GSCNI0", "tr_key": "HTSID001"},
        {"tr_id": "HDFSCNT0", "tr_key": "DNASTQQQ"},
        {"tr_id": "HDFSCNT0", "tr_key": "DAMSSOXL"},
    ]
    assert {tuple(asked["header"].items()) for asked in floor.registered[0]} == {
        (
            ("approval_key", "CANARYapproval-0001"),
            ("custtype", "P"),
            ("tr_type", "1"),
            ("content-type", "utf-8"),
        )
    }
    assert counter.to(APPROVAL_PATH)[0].body == {
        "grant_type": "client_credentials",
        "appkey": CREDENTIALS.app_key,
        "secretkey": CREDENTIALS.app_secret,
    }


@pytest.mark.fault(77)
async def test_a_ping_is_echoed_word_for_word(counter: Counter, token_file: Path) -> None:
    heard: list[str | bytes] = []

    async def handler(floor: Floor, socket: ServerConnection, _: int) -> None:
        await floor.register(socket)
        await socket.send(PING)
        heard.append(await socket.recv())
        await socket.send(f"1|H0GSCNI0|001|{sealed(ACCEPT)}")
        await socket.wait_closed()

    async with (
        open_floor(counter, token_file, handler) as (kis, _floor),
        kis.stream() as stream,
    ):
        assert await take(stream) == CONNECTED
        notice = await take(stream)
    assert isinstance(notice, ExecutionNotice)
    assert notice.kind is NoticeKind.ACCEPTED
    assert heard == [PING]


async def test_one_subscription_refused_leaves_the_others(
    counter: Counter, token_file: Path
) -> None:
    async def handler(floor: Floor, socket: ServerConnection, _: int) -> None:
        await floor.register(socket)
        key = await floor.register(socket, confirm=False)
        await socket.send(ack("HDFSCNT0", key, "OPSP0008", "1"))
        await socket.send(f"1|H0GSCNI0|001|{sealed(FILL)}")
        await socket.wait_closed()

    async with (
        open_floor(counter, token_file, handler) as (kis, _floor),
        kis.stream(symbols=[TQQQ]) as stream,
    ):
        items = [await take(stream) for _ in range(3)]
    assert items[1] == StreamState(
        kind=StreamStateKind.SUBSCRIPTION_REFUSED,
        reason="HDFSCNT0 DNASTQQQ: OPSP0008 WORDS OF OPSP0008",
    )
    assert isinstance(items[2], ExecutionNotice)


async def test_malformed_frames_are_dropped_and_counted(counter: Counter, token_file: Path) -> None:
    rubbish: list[str | bytes] = [
        "",
        "{",
        "hello",
        b"\xff\xfe",
        "0|HDFSCNT0|001|short",
        f"0|HDFSCNT0|002|{TRADE}",
        "1|H0GSCNI0|001|????",
    ]

    async def handler(floor: Floor, socket: ServerConnection, _: int) -> None:
        await floor.register(socket)
        await floor.register(socket)
        for frame in rubbish:
            await socket.send(frame)
        await socket.send(f"0|H0IFCNT0|001|{TRADE}")
        await socket.send(f"0|HDFSCNT0|001|{TRADE}")
        await socket.wait_closed()

    async with (
        open_floor(counter, token_file, handler) as (kis, _floor),
        kis.stream(symbols=[TQQQ]) as stream,
    ):
        assert await take(stream) == CONNECTED
        assert isinstance(await take(stream), Trade)
        assert stream.dropped == {"unreadable": 4, "HDFSCNT0": 3, "H0GSCNI0": 1}
        assert stream.malformed == 8


async def test_notices_about_another_account_of_the_owner_are_not_ours(
    counter: Counter, token_file: Path
) -> None:
    async def handler(floor: Floor, socket: ServerConnection, _: int) -> None:
        await floor.register(socket)
        foreign = FILL.replace("8100000001", "9900000001")
        await socket.send(f"1|H0GSCNI0|002|{sealed(f'{foreign}^{FILL}')}")
        await socket.wait_closed()

    async with (
        open_floor(counter, token_file, handler) as (kis, _floor),
        kis.stream() as stream,
    ):
        assert await take(stream) == CONNECTED
        assert isinstance(await take(stream), ExecutionNotice)
        assert stream.foreign == 1


async def test_a_symbol_watched_later_is_registered_now_and_after_a_drop(
    counter: Counter, token_file: Path
) -> None:
    async def handler(floor: Floor, socket: ServerConnection, number: int) -> None:
        await floor.register(socket)
        await floor.register(socket)
        if number == 1:
            await socket.close()
        await socket.wait_closed()

    async with (
        open_floor(counter, token_file, handler) as (kis, floor),
        kis.stream() as stream,
    ):
        assert await take(stream) == CONNECTED
        await stream.watch(*TQQQ)
        await stream.watch(*TQQQ)
        await take(stream)
        assert await take(stream) == CONNECTED
    keys = [one["body"]["input"]["tr_key"] for asked in floor.registered for one in asked]
    assert keys[:3] == ["HTSID001", "DNASTQQQ", "HTSID001"]


async def test_mock_says_that_it_has_no_quotes_and_gives_notices_under_its_own_id(
    counter: Counter, token_file: Path
) -> None:
    async def handler(floor: Floor, socket: ServerConnection, _: int) -> None:
        await floor.register(socket)
        await socket.send(f"1|H0GSCNI9|001|{sealed(FILL)}")
        await socket.wait_closed()

    async with (
        open_floor(counter, token_file, handler, mock=True) as (kis, floor),
        kis.stream(symbols=[TQQQ]) as stream,
    ):
        items = [await take(stream) for _ in range(3)]
    assert isinstance(items[0], StreamState)
    assert items[0].kind is StreamStateKind.SUBSCRIPTION_REFUSED
    assert isinstance(items[2], ExecutionNotice)
    assert floor.registered[0][0]["body"]["input"]["tr_id"] == "H0GSCNI9"


async def test_without_an_hts_id_it_says_that_notices_will_not_come(
    counter: Counter, token_file: Path
) -> None:
    async def handler(_floor: Floor, socket: ServerConnection, _: int) -> None:
        await socket.wait_closed()

    nameless = replace(CREDENTIALS, hts_id="")
    async with (
        open_floor(counter, token_file, handler, credentials=nameless) as (kis, _),
        kis.stream() as stream,
    ):
        state = await take(stream)
    assert isinstance(state, StreamState)
    assert state.kind is StreamStateKind.SUBSCRIPTION_REFUSED


async def test_more_than_41_subscriptions_are_refused_here(
    counter: Counter, token_file: Path
) -> None:
    many = [(f"S{number}", Exchange.NYSE) for number in range(MOST_SUBSCRIPTIONS)]
    async with kis_at(counter, token_file) as kis:
        with pytest.raises(ValueError, match="41"):
            async with kis.stream(symbols=many):
                raise AssertionError


async def test_trades_that_nobody_fetches_overflow_but_notices_do_not(
    counter: Counter, token_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kis.stream_shelf.MOST_WAITING", 3)

    async def handler(floor: Floor, socket: ServerConnection, _: int) -> None:
        await floor.register(socket)
        await floor.register(socket)
        for _number in range(5):
            await socket.send(f"0|HDFSCNT0|001|{TRADE}")
        await socket.send(f"1|H0GSCNI0|001|{sealed(FILL)}")
        await socket.send(PING)
        await socket.recv()
        done.set()
        await socket.wait_closed()

    done = asyncio.Event()
    async with (
        open_floor(counter, token_file, handler) as (kis, _floor),
        kis.stream(symbols=[TQQQ]) as stream,
    ):
        await done.wait()
        items = [await take(stream) for _ in range(4)]
        assert stream.overflowed == 3
    assert isinstance(items[-1], ExecutionNotice)

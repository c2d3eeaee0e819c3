import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from websockets.asyncio.server import ServerConnection

from kis.models import (
    ExecutionNotice,
    Feed,
    StreamGap,
    StreamState,
    StreamStateKind,
)
from kis.stream_connection import LONGEST_DELAY
from tests.kis.counter import APPROVAL_PATH, Answer, Counter, kis_at
from tests.kis.floor import CONNECTED, PING, TQQQ, Floor, ack, open_floor, take
from tests.kis.test_frames import FILL, sealed


@pytest.mark.fault(77)
async def test_after_a_drop_it_comes_back_with_a_new_key_and_registers_everything(
    counter: Counter, token_file: Path
) -> None:
    async def handler(floor: Floor, socket: ServerConnection, number: int) -> None:
        await floor.register(socket)
        await floor.register(socket)
        if number == 1:
            await socket.close()
            return
        await socket.send(f"1|H0GSCNI0|001|{sealed(FILL)}")
        await socket.wait_closed()

    async with (
        open_floor(counter, token_file, handler) as (kis, floor),
        kis.stream(symbols=[TQQQ]) as stream,
    ):
        items = [await take(stream) for _ in range(6)]
    assert isinstance(items[1], StreamState)
    assert items[1].kind is StreamStateKind.DISCONNECTED
    assert items[2] == CONNECTED
    gaps = [item for item in items if isinstance(item, StreamGap)]
    assert [(gap.feed, gap.symbols) for gap in gaps] == [
        (Feed.NOTICES, ()),
        (Feed.TRADES, ("TQQQ",)),
    ]
    assert isinstance(items[5], ExecutionNotice)
    assert len(counter.to(APPROVAL_PATH)) == 2
    first, second = ([one["body"] for one in asked] for asked in floor.registered)
    assert first == second


async def test_keys_die_with_their_connection(counter: Counter, token_file: Path) -> None:
    async def handler(floor: Floor, socket: ServerConnection, number: int) -> None:
        await floor.register(socket, confirm=number == 1)
        if number == 1:
            await socket.close()
            return
        await socket.send(f"1|H0GSCNI0|001|{sealed(FILL)}")
        await socket.send(ack("H0GSCNI0", "HTSID001"))
        await socket.wait_closed()

    async with (
        open_floor(counter, token_file, handler) as (kis, _floor),
        kis.stream() as stream,
    ):
        items = [await take(stream) for _ in range(3)]
        assert items[2] == CONNECTED
        assert stream.malformed == 1


async def test_the_back_off_doubles_up_to_a_minute_and_starts_again_when_it_held(
    counter: Counter, token_file: Path
) -> None:
    async def handler(floor: Floor, socket: ServerConnection, number: int) -> None:
        await floor.register(socket)
        await socket.send(PING)
        await socket.recv()
        if number == 9:
            counter.clock.time += timedelta(minutes=2)
        await socket.close()

    async with (
        open_floor(counter, token_file, handler) as (kis, floor),
        kis.stream() as stream,
    ):
        while len(floor.registered) < 11:
            await take(stream)
    waits = [seconds for seconds in counter.clock.slept if seconds >= 1]
    assert waits[:10] == [1, 2, 4, 8, 16, 32, 60, 60, 1, 2]
    assert max(waits) == LONGEST_DELAY


@pytest.mark.fault(77)
async def test_silence_means_dead(counter: Counter, token_file: Path) -> None:
    async def handler(floor: Floor, socket: ServerConnection, _: int) -> None:
        await floor.register(socket)
        await socket.wait_closed()

    async with (
        open_floor(counter, token_file, handler) as (kis, floor),
        kis.stream(silence=0.2) as stream,
    ):
        items = [await take(stream) for _ in range(3)]
    assert items[0] == CONNECTED
    assert items[1] == StreamState(kind=StreamStateKind.DISCONNECTED, reason="no message for 0.2 s")
    assert items[2] == CONNECTED
    assert len(floor.registered) >= 2


@pytest.mark.parametrize("code", ["OPSP8996", "OPSP0010"])
@pytest.mark.fault(77)
async def test_a_key_in_use_stops_the_stream_and_tells(
    code: str, counter: Counter, token_file: Path
) -> None:
    async def handler(floor: Floor, socket: ServerConnection, _: int) -> None:
        await floor.register(socket, confirm=False)
        await socket.send(ack("(null)", "", code, "9"))
        await socket.wait_closed()

    async with (
        open_floor(counter, token_file, handler) as (kis, floor),
        kis.stream() as stream,
    ):
        items = [item async for item in stream]
        assert await anext(stream, None) is None
    assert items == [StreamState(kind=StreamStateKind.REFUSED, reason=f"{code} WORDS OF {code}")]
    assert len(floor.registered) == 1
    assert len(counter.to(APPROVAL_PATH)) == 1


async def test_keys_that_kis_does_not_know_stop_the_stream(
    counter: Counter, token_file: Path
) -> None:
    counter.plays(APPROVAL_PATH, Answer(status=403, body={"error_code": "EGW00103"}))

    async def handler(*_: object) -> None:
        raise AssertionError("nobody connects without a key")

    async with (
        open_floor(counter, token_file, handler) as (kis, _floor),
        kis.stream() as stream,
    ):
        items = [item async for item in stream]
    assert [item.kind for item in items if isinstance(item, StreamState)] == [
        StreamStateKind.REFUSED
    ]


async def test_without_an_approval_key_it_waits_and_asks_again(
    counter: Counter, token_file: Path
) -> None:
    counter.plays(
        APPROVAL_PATH,
        Answer(status=503, raw=b""),
        Answer(reset=True),
        Answer(raw=b"<html>"),
        Answer(body={"approval_key": "CANARYapproval-0002"}),
    )

    async def handler(floor: Floor, socket: ServerConnection, _: int) -> None:
        await floor.register(socket)
        await socket.wait_closed()

    async with (
        open_floor(counter, token_file, handler) as (kis, floor),
        kis.stream() as stream,
    ):
        items = [await take(stream) for _ in range(4)]
    assert items[-1] == CONNECTED
    assert floor.registered[0][0]["header"]["approval_key"] == "CANARYapproval-0002"


async def test_an_approval_that_kis_has_forgotten_is_asked_for_anew(
    counter: Counter, token_file: Path
) -> None:
    async def handler(floor: Floor, socket: ServerConnection, number: int) -> None:
        await floor.register(socket, confirm=number > 1)
        if number == 1:
            await socket.send(ack("H0GSCNI0", "HTSID001", "OPSP0011", "1"))
        await socket.wait_closed()

    async with (
        open_floor(counter, token_file, handler) as (kis, _floor),
        kis.stream() as stream,
    ):
        await take(stream)
        assert await take(stream) == CONNECTED
    assert len(counter.to(APPROVAL_PATH)) == 2


async def test_a_close_before_any_word_points_at_the_hts_id(
    counter: Counter, token_file: Path
) -> None:
    async def handler(_floor: Floor, socket: ServerConnection, _: int) -> None:
        await socket.close()

    async with (
        open_floor(counter, token_file, handler) as (kis, _),
        kis.stream() as stream,
    ):
        state = await take(stream)
    assert isinstance(state, StreamState)
    assert "HTS id" in state.reason


async def test_the_blocks_own_exception_comes_out_bare(counter: Counter, token_file: Path) -> None:
    async def handler(_floor: Floor, socket: ServerConnection, _: int) -> None:
        await socket.wait_closed()

    async with open_floor(counter, token_file, handler) as (kis, _):
        with pytest.raises(LookupError, match="mine"):
            async with kis.stream():
                raise LookupError("mine")


async def test_nobody_listening_is_told_and_tried_again(counter: Counter, token_file: Path) -> None:
    environment = counter.environment(websocket_url="ws://127.0.0.1:1")
    async with (
        kis_at(counter, token_file, environment=environment) as kis,
        kis.stream() as stream,
    ):
        state = await take(stream)
        while counter.clock.slept[-1:] != [2]:  # noqa: ASYNC110  # the clock has no event
            await asyncio.sleep(0)
    assert isinstance(state, StreamState)
    assert state.kind is StreamStateKind.DISCONNECTED

import asyncio
import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import unix_connect
from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from kis.models import (
    Exchange,
    ExecutionNotice,
    Feed,
    StreamGap,
    StreamState,
    StreamStateKind,
    Trade,
)
from kis.shared_socket import LONGEST_PATH
from kis.stream import Item, Stream
from kis.stream_connection import IN_USE_WAIT
from tests.kis.counter import CREDENTIALS, Counter, kis_at
from tests.kis.floor import CONNECTED, PING, SOXL, TQQQ, Floor, ack, open_floor, take
from tests.kis.test_frames import FILL, TRADE, sealed

OTHER_PROCESS = """
import asyncio, sys
from datetime import datetime, UTC
from pathlib import Path
from kis.environment import at
from kis.models import Credentials, Exchange
from kis.streams import Streams

async def main():
    async def key():
        return "other"
    streams = Streams(
        at("http://127.0.0.1:1", sys.argv[1]),
        Credentials(app_key=sys.argv[3], app_secret="s", account="81000000-01", hts_id=""),
        approval_key=key, now=lambda: datetime.now(UTC), sleep=asyncio.sleep, clean=str,
    )
    opening = streams.open(symbols=[("TQQQ", Exchange.NASDAQ)], shared=Path(sys.argv[2]))
    async with opening as stream:
        async for item in stream:
            print(type(item).__name__, flush=True)

asyncio.run(main())
"""


class Desk:
    """Plays KIS: takes registrations and releases, and remembers who asked for what."""

    def __init__(self) -> None:
        self.sockets: list[ServerConnection] = []
        self.asked: list[tuple[str, str]] = []
        self.refuse_next = 0
        self._news = asyncio.Event()

    async def serve(self, floor: Floor, socket: ServerConnection, _: int) -> None:
        del floor
        self.sockets.append(socket)
        async for message in socket:
            asked = json.loads(message)
            if asked["header"].get("tr_id") == "PINGPONG":
                continue
            wanted = asked["body"]["input"]
            self.asked.append((asked["header"]["tr_type"], wanted["tr_key"]))
            if self.refuse_next:
                self.refuse_next -= 1
                await socket.send(ack("(null)", "", "OPSP8996", "9"))
            else:
                await socket.send(ack(wanted["tr_id"], wanted["tr_key"]))
            self._news.set()

    async def until_asked(self, *expected: tuple[str, str]) -> None:
        async with asyncio.timeout(60):
            while [one for one in self.asked if one in expected] != list(expected):
                self._news.clear()
                await self._news.wait()

    async def say(self, text: str) -> None:
        await self.sockets[-1].send(text)


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("s") / "kis"


@pytest.fixture
async def stack() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as opened:
        yield opened


async def connected(stream: Stream) -> None:
    """Skip what is said before the connection stands."""
    while await take(stream) != CONNECTED:
        pass


async def first(stream: Stream, kind: type[Item]) -> Any:
    while True:
        item = await take(stream)
        if isinstance(item, kind):
            return item


async def test_two_streams_use_one_websocket_and_one_registration(
    counter: Counter, token_file: Path, folder: Path, stack: AsyncExitStack
) -> None:
    desk = Desk()
    kis, _ = await stack.enter_async_context(open_floor(counter, token_file, desk.serve))
    one = await stack.enter_async_context(kis.stream(symbols=[TQQQ], shared=folder))
    await connected(one)
    two = await stack.enter_async_context(kis.stream(symbols=[TQQQ, SOXL], shared=folder))
    await connected(two)
    await desk.until_asked(("1", "HTSID001"), ("1", "DNASTQQQ"), ("1", "DAMSSOXL"))
    await desk.say(f"0|HDFSCNT0|001|{TRADE}")
    await desk.say(f"1|H0GSCNI0|001|{sealed(FILL)}")
    for stream in (one, two):
        assert (await first(stream, Trade)).symbol == "TQQQ"
        assert (await first(stream, ExecutionNotice)).order_number == "30138295"
    assert len(desk.sockets) == 1
    assert sorted(desk.asked) == [("1", "DAMSSOXL"), ("1", "DNASTQQQ"), ("1", "HTSID001")]


async def test_folder_and_socket_are_the_owners_alone(
    counter: Counter, token_file: Path, folder: Path, stack: AsyncExitStack
) -> None:
    kis, _ = await stack.enter_async_context(open_floor(counter, token_file, Desk().serve))
    await connected(await stack.enter_async_context(kis.stream(shared=folder)))
    (socket,) = folder.glob("*.sock")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(socket.stat().st_mode) == 0o600


async def test_a_registration_is_released_with_the_last_who_wanted_it(
    counter: Counter, token_file: Path, folder: Path, stack: AsyncExitStack
) -> None:
    desk = Desk()
    kis, _ = await stack.enter_async_context(open_floor(counter, token_file, desk.serve))
    one = await stack.enter_async_context(kis.stream(symbols=[TQQQ], shared=folder))
    await connected(one)
    async with kis.stream(symbols=[TQQQ, SOXL], shared=folder) as two:
        await connected(two)
        await desk.until_asked(("1", "DAMSSOXL"))
    await desk.until_asked(("2", "DAMSSOXL"))
    await one.release(*TQQQ)
    await desk.until_asked(("2", "DNASTQQQ"))
    assert ("2", "HTSID001") not in desk.asked


async def test_41_registrations_are_counted_over_all(
    counter: Counter, token_file: Path, folder: Path, stack: AsyncExitStack
) -> None:
    desk = Desk()
    kis, _ = await stack.enter_async_context(open_floor(counter, token_file, desk.serve))
    many = [(f"S{number}", Exchange.NYSE) for number in range(40)]
    one = await stack.enter_async_context(kis.stream(symbols=many, shared=folder))
    await connected(one)
    await desk.until_asked(("1", "DNYSS39"))
    two = await stack.enter_async_context(kis.stream(symbols=[TQQQ], notices=False, shared=folder))
    state = await first(two, StreamState)
    assert state.kind is StreamStateKind.SUBSCRIPTION_REFUSED
    assert "OPSP0008" in state.reason


async def test_a_key_in_use_elsewhere_stops_everybody(
    counter: Counter, token_file: Path, folder: Path, stack: AsyncExitStack
) -> None:
    desk = Desk()
    desk.refuse_next = 1
    kis, _ = await stack.enter_async_context(open_floor(counter, token_file, desk.serve))
    stream = await stack.enter_async_context(kis.stream(shared=folder))
    items = [item async for item in stream]
    assert items[-1] == StreamState(
        kind=StreamStateKind.REFUSED, reason="OPSP8996 WORDS OF OPSP8996"
    )
    assert len(desk.sockets) == 1


async def test_a_lost_connection_to_kis_is_a_gap_for_everybody(
    counter: Counter, token_file: Path, folder: Path, stack: AsyncExitStack
) -> None:
    desk = Desk()
    kis, _ = await stack.enter_async_context(open_floor(counter, token_file, desk.serve))
    streams = []
    for _number in range(2):
        stream = await stack.enter_async_context(
            kis.stream(symbols=[TQQQ], notices=False, shared=folder)
        )
        await connected(stream)
        streams.append(stream)
    await desk.until_asked(("1", "DNASTQQQ"))
    await desk.sockets[0].close()
    for stream in streams:
        gap = await first(stream, StreamGap)
        assert (gap.feed, gap.symbols) == (Feed.TRADES, ("TQQQ",))
        assert "closed by KIS" in gap.reason
    assert len(desk.sockets) == 2


async def test_a_long_korean_reason_is_cut_where_a_letter_ends(
    counter: Counter, token_file: Path, folder: Path, stack: AsyncExitStack
) -> None:
    desk = Desk()
    kis, _ = await stack.enter_async_context(open_floor(counter, token_file, desk.serve))
    stream = await stack.enter_async_context(
        kis.stream(symbols=[TQQQ], notices=False, shared=folder)
    )
    await connected(stream)
    await desk.sockets[0].close(1001, "점검 중입니다" * 6)
    gap = await first(stream, StreamGap)
    assert gap.reason.startswith("the connection to KIS was lost: 점검 중입니다점검")


async def test_pings_reach_every_guest_as_signs_of_life(
    counter: Counter, token_file: Path, folder: Path, stack: AsyncExitStack
) -> None:
    kis, _ = await stack.enter_async_context(open_floor(counter, token_file, (d := Desk()).serve))
    stream = await stack.enter_async_context(kis.stream(shared=folder, silence=0.4))
    await connected(stream)
    for _number in range(6):
        await d.say(PING)
        await asyncio.sleep(0.1)
    await d.say(f"1|H0GSCNI0|001|{sealed(FILL)}")
    assert isinstance(await take(stream), ExecutionNotice)


async def test_when_the_owner_ends_a_guest_takes_over(
    counter: Counter, token_file: Path, folder: Path, stack: AsyncExitStack
) -> None:
    desk = Desk()
    kis, _ = await stack.enter_async_context(open_floor(counter, token_file, desk.serve))
    async with AsyncExitStack() as owner:
        await connected(await owner.enter_async_context(kis.stream(symbols=[SOXL], shared=folder)))
        guest = await stack.enter_async_context(
            kis.stream(symbols=[TQQQ], notices=False, shared=folder)
        )
        await connected(guest)
    assert await first(guest, StreamGap)
    await desk.say(f"0|HDFSCNT0|001|{TRADE}")
    assert await first(guest, Trade)
    assert len(desk.sockets) == 2


@contextmanager
def another_process(url: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", OTHER_PROCESS, url, str(folder), CREDENTIALS.app_key]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


async def line_of(process: subprocess.Popen[str], word: str) -> None:
    assert process.stdout is not None
    async with asyncio.timeout(60):
        while (await asyncio.to_thread(process.stdout.readline)).strip() != word:
            pass


async def test_a_killed_owner_leaves_its_place_and_its_session_is_waited_out(
    counter: Counter, token_file: Path, folder: Path, stack: AsyncExitStack
) -> None:
    desk = Desk()
    kis, floor = await stack.enter_async_context(open_floor(counter, token_file, desk.serve))
    with another_process(floor.url, folder) as process:
        await line_of(process, "StreamState")
        guest = await stack.enter_async_context(
            kis.stream(symbols=[TQQQ], notices=False, shared=folder)
        )
        await connected(guest)
        await desk.say(f"0|HDFSCNT0|001|{TRADE}")
        await line_of(process, "Trade")
        desk.refuse_next = 1
        os.kill(process.pid, signal.SIGKILL)
        assert (await first(guest, StreamGap)).symbols == ("TQQQ",)
    await desk.say(f"0|HDFSCNT0|001|{TRADE}")
    assert await first(guest, Trade)
    assert IN_USE_WAIT in counter.clock.slept
    assert len(desk.sockets) == 3


async def test_a_guest_that_reads_too_slowly_is_dropped_and_holds_up_nobody(
    counter: Counter,
    token_file: Path,
    folder: Path,
    stack: AsyncExitStack,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("kis.shared_socket_hub.MOST_WAITING", 200)
    desk = Desk()
    kis, _ = await stack.enter_async_context(open_floor(counter, token_file, desk.serve))
    quick = await stack.enter_async_context(
        kis.stream(symbols=[TQQQ], notices=False, shared=folder)
    )
    await connected(quick)
    (path,) = folder.glob("*.sock")
    slow = await stack.enter_async_context(unix_connect(str(path), max_queue=1))
    wanted = {"tr_id": "HDFSCNT0", "tr_key": "DNASTQQQ"}
    await slow.send(json.dumps({"header": {"tr_type": "1"}, "body": {"input": wanted}}))
    await slow.recv()
    many = 8
    frame = "0|HDFSCNT0|500|" + "^".join([TRADE] * 500)
    for _number in range(many):
        for _again in range(40):
            await desk.say(frame)
        for _again in range(40 * 500):
            assert isinstance(await take(quick), Trade)
    with pytest.raises(ConnectionClosed):
        async for _message in slow:
            pass


async def test_what_is_no_request_is_answered_as_kis_would(
    counter: Counter, token_file: Path, folder: Path, stack: AsyncExitStack
) -> None:
    kis, _ = await stack.enter_async_context(open_floor(counter, token_file, Desk().serve))
    await connected(await stack.enter_async_context(kis.stream(shared=folder)))
    (path,) = folder.glob("*.sock")
    guest = await stack.enter_async_context(unix_connect(str(path)))
    wanted = {"tr_id": "HDFSCNT0", "tr_key": "DNASTQQQ"}
    asked = ["{", json.dumps([]), *(_request(kind, wanted) for kind in ("2", "9", "1", "2"))]
    codes = []
    for text in asked:
        await guest.send(text)
        codes.append(json.loads(await guest.recv())["body"]["msg_cd"])
    assert codes == ["OPSP9991", "OPSP9991", "OPSP0003", "OPSP8997", "OPSP0000", "OPSP0001"]


def _request(kind: str, wanted: dict[str, str]) -> str:
    return json.dumps({"header": {"tr_type": kind}, "body": {"input": wanted}})


async def test_a_path_too_long_for_a_socket_is_refused(
    counter: Counter, token_file: Path, tmp_path: Path
) -> None:
    async with kis_at(counter, token_file) as kis:
        with pytest.raises(ValueError, match="too long"):
            kis.stream(shared=tmp_path / ("x" * LONGEST_PATH))


async def test_a_guest_that_does_not_read_cannot_hold_up_the_end(
    counter: Counter, token_file: Path, folder: Path, stack: AsyncExitStack
) -> None:
    desk = Desk()
    kis, _ = await stack.enter_async_context(open_floor(counter, token_file, desk.serve))
    stream = await stack.enter_async_context(kis.stream(symbols=[TQQQ], shared=folder))
    await connected(stream)
    (path,) = folder.glob("*.sock")
    deaf = await stack.enter_async_context(unix_connect(str(path), max_queue=1, close_timeout=0.1))
    await deaf.send(_request("1", {"tr_id": "HDFSCNT0", "tr_key": "DNASTQQQ"}))
    await deaf.recv()
    frame = "0|HDFSCNT0|500|" + "^".join([TRADE] * 500)
    for _number in range(50):
        await desk.say(frame)
    await desk.say(ack("(null)", "", "OPSP8996", "9"))
    async with asyncio.timeout(60):
        items = [item async for item in stream]
        while path.exists():  # noqa: ASYNC110  # a file has no event
            await asyncio.sleep(0.05)
    assert items[-1] == StreamState(
        kind=StreamStateKind.REFUSED, reason="OPSP8996 WORDS OF OPSP8996"
    )

"""The client against the simulator's stream faults: it comes back, tells a gap, or stops."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from kis.client import Kis
from kis.environment import at
from kis.models import (
    Credentials,
    Exchange,
    ExecutionNotice,
    StreamGap,
    StreamState,
    StreamStateKind,
    Trade,
)
from kis.simulator.config import APP_KEY, APP_SECRET
from kis.stream import Item, Stream
from tests.kis.counter import Clock
from tests.kis.simulator.desk import Desk, quick, running

CREDENTIALS = Credentials(
    app_key=APP_KEY, app_secret=APP_SECRET, account="81000000-01", hts_id="SIMUSER1"
)
TQQQ = ("TQQQ", Exchange.NASDAQ)
PATIENCE = 20.0


class Watcher:
    """One client, its stream, and what it was given."""

    def __init__(self, desk: Desk, stream: Stream) -> None:
        self.desk = desk
        self.stream = stream
        self.items: list[Item] = []

    async def until(self, kind: type, count: int = 1) -> None:
        """Read until so many items of a kind have come."""
        async with asyncio.timeout(PATIENCE):
            while sum(isinstance(item, kind) for item in self.items) < count:
                self.items.append(await anext(self.stream))

    async def registered(self, count: int = 2) -> None:
        """Wait until the simulator holds the client's registrations."""
        async with asyncio.timeout(PATIENCE):
            told: list[object] = []
            while len(told) < count:
                state = await self.desk.control("GET", "ticks")
                told = [None] * (state["registrations"] + 1 if state["connections"] else 0)

    async def fault(self, name: str, **more: object) -> None:
        answer = await self.desk.control("POST", "faults", {"name": name, **more})
        assert "error" not in answer

    async def ticks(self, count: int) -> None:
        await self.desk.control("POST", "ticks", {"count": count})

    def states(self) -> list[StreamStateKind]:
        return [item.kind for item in self.items if isinstance(item, StreamState)]

    def gaps(self) -> list[StreamGap]:
        return [item for item in self.items if isinstance(item, StreamGap)]


@asynccontextmanager
async def watching(
    token_file: Path, *, silence: float = 90.0, pingpong: float = 10.0
) -> AsyncIterator[Watcher]:
    clock = Clock()
    async with running(quick(pingpong_seconds=pingpong)) as desk:
        await desk.go("2026-10-07T11:00-04:00")
        address = desk.url.replace("http://", "ws://") + "/tryitout"
        environment = at(desk.url, address, calls_per_second=1000)
        async with (
            Kis(
                environment, CREDENTIALS, now=clock.now, sleep=clock.sleep, token_file=token_file
            ) as kis,
            kis.stream(symbols=[TQQQ], silence=silence) as stream,
        ):
            watcher = Watcher(desk, stream)
            await watcher.registered()
            yield watcher


@pytest.mark.fault(77)
async def test_a_dropped_socket_comes_back_with_everything_registered_and_a_gap(
    token_file: Path,
) -> None:
    async with watching(token_file) as watcher:
        await watcher.ticks(5)
        await watcher.until(Trade, 5)
        await watcher.fault("socket_dropped")
        await watcher.ticks(5)
        await watcher.until(StreamGap)
        await watcher.registered()
        await watcher.ticks(5)
        await watcher.until(Trade, 10)
        assert StreamStateKind.DISCONNECTED in watcher.states()
        assert watcher.gaps()


@pytest.mark.fault(77)
async def test_a_half_open_socket_is_given_up_after_its_silence(token_file: Path) -> None:
    async with watching(token_file, silence=0.3, pingpong=0.05) as watcher:
        await watcher.fault("socket_half_open")
        await watcher.until(StreamGap)
        await watcher.registered()
        await watcher.ticks(5)
        await watcher.until(Trade, 5)
        assert StreamStateKind.DISCONNECTED in watcher.states()


@pytest.mark.fault(77)
async def test_opsp8996_ends_the_stream_and_says_so(token_file: Path) -> None:
    async with watching(token_file) as watcher:
        await watcher.fault("opsp8996")
        await watcher.stream.watch("SOXL", Exchange.AMEX)
        async with asyncio.timeout(PATIENCE):
            watcher.items += [item async for item in watcher.stream]
        assert watcher.states()[-1] is StreamStateKind.REFUSED
        assert (await watcher.desk.control("GET", "ticks"))["connections"] == []


@pytest.mark.fault(77)
async def test_a_lost_tick_is_told_by_the_days_volume(token_file: Path) -> None:
    async with watching(token_file) as watcher:
        await watcher.ticks(1)
        await watcher.until(Trade)
        await watcher.fault("too_few_fields")
        await watcher.ticks(1)
        await watcher.ticks(1)
        await watcher.until(Trade, 2)
        (gap,) = watcher.gaps()
        assert gap.missed is not None
        assert gap.missed > 0
        assert watcher.stream.malformed == 1


async def test_notices_come_twice_or_late_but_never_wrong(token_file: Path) -> None:
    async with watching(token_file) as watcher:
        await watcher.fault("duplicate_notice")
        await watcher.desk.order("buy", "00", 1, "41.00")
        await watcher.until(ExecutionNotice, 2)
        await watcher.fault("undecryptable_notice")
        await watcher.desk.order("buy", "00", 1, "42.00")
        await watcher.desk.order("buy", "00", 1, "43.00")
        await watcher.until(ExecutionNotice, 3)
        notices = [item for item in watcher.items if isinstance(item, ExecutionNotice)]
        assert notices[0] == notices[1]
        assert [str(notice.price) for notice in notices[1:]] == ["41.0000", "43.0000"]
        assert watcher.stream.malformed == 1

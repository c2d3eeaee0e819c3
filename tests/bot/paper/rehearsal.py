"""A whole rehearsal in a test: `muhan run` in venue paper beside a stand-in for KIS real.

The stand-in is `muhan simulator` in a process of its own: real TR ids, prices, a websocket. Its
market time jumps, and the bot and its room follow it, so that days pass in seconds.
"""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import aiohttp

from bot.clock import NEW_YORK
from bot.demo.headless import _Conductor
from bot.demo.stage import Script, Stage
from bot.demo.world import World, seeded
from bot.nursery import Nursery
from bot.storage.database import opened
from bot.storage.views import RoundView, Views
from bot.trading.model import Approval, RoundState
from strategy.model import Bar
from strategy.versions import rules

SYMBOL = "TQQQ"
PRINCIPAL = Decimal(20000)
CASH = Decimal(60000)
SEED = 7
PATIENCE = 60.0
ROOM_CHILD = "bot.paper"


class PaperStage(Stage):
    """The demo's stage, with the market in KIS's place and the bot in venue paper."""

    def bot_environment(self) -> dict[str, str]:
        return super().bot_environment() | {
            "MUHAN_VENUE": "paper",
            "MUHAN_PAPER_CASH": str(CASH),
            "HOME": str(self.home),
        }


class Rehearsing:
    """A bot that rehearses, and what a test wants to know of it."""

    def __init__(self, stage: PaperStage, world: World, nursery: Nursery) -> None:
        self.stage = stage
        self.world = world
        self.sessions = world.sessions[1:]
        self._nursery = nursery
        self._conductor = _Conductor("")
        self.standin = ""

    async def begin(self) -> None:
        """Open the stand-in at the evening of the first session, and the chat."""
        self.standin = await self.stage.open_simulator()
        self._conductor = _Conductor(self.standin)
        first = datetime.combine(self.sessions[0].day, time(4, 30), NEW_YORK)
        await self._conductor.register(first)
        await self.stage.open_chat()

    async def reach(self, until: datetime) -> None:
        """Let market time come to an instant, and stand there."""
        async with asyncio.timeout(PATIENCE):
            await self._conductor.reach(until, self._nursery)

    async def rounds(self) -> tuple[RoundView, ...]:
        async with opened(self.stage.database) as database:
            return await Views(database).rounds_in(*RoundState)

    async def events(self, kind: str) -> list[str]:
        async with opened(self.stage.database) as database:
            rows = await database.all(
                "SELECT body FROM journal WHERE type = ? ORDER BY seq", (kind,)
            )
        return [str(row["body"]) for row in rows]

    async def until(self, kind: str, count: int = 1) -> list[str]:
        """Wait until the journal holds so many events of a kind."""
        async with asyncio.timeout(PATIENCE):
            while len(events := await self.events(kind)) < count:  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.05)
        return events

    async def chat(self) -> str:
        assert self.stage.chat is not None
        return await self._text(f"{self.stage.chat.told['listening']}/chat/transcript")

    @property
    def room_pid(self) -> int:
        """The process of the room: the bot's only child that is one."""
        bot = self.stage.bot
        assert bot is not None
        children = Path(f"/proc/{bot.pid}/task/{bot.pid}/children").read_text().split()
        rooms = [pid for pid in children if ROOM_CHILD in _command(int(pid))]
        assert len(rooms) == 1
        return int(rooms[0])

    @property
    def room(self) -> str:
        noted = (self.stage.home / "bot" / "paper-room.json").read_text()
        return str(json.loads(noted)["listening"])

    async def market(self) -> dict[str, Any]:
        return await self.ask("GET", f"{self.room}/simulator/market")

    async def ask(self, method: str, url: str, body: object = None) -> dict[str, Any]:
        async with aiohttp.ClientSession() as http, http.request(method, url, json=body) as answer:
            told: dict[str, Any] = await answer.json()
            return told

    async def room_is_back(self) -> dict[str, Any]:
        """Wait until the room answers again; its feed needs market time to pass."""
        async with asyncio.timeout(PATIENCE):
            while True:
                with suppress(aiohttp.ClientError):
                    return await self.market()
                await asyncio.sleep(0.05)

    async def _text(self, url: str) -> str:
        async with aiohttp.ClientSession() as http, http.get(url) as answer:
            return await answer.text()

    def bar(self, day: date) -> Bar:
        """The official bar of a session, as the method's own matching takes it."""
        for each in self.world.bars[SYMBOL]:
            if each.day == day:
                return Bar(
                    day=each.day,
                    open=each.open,
                    high=each.high,
                    low=each.low,
                    close=each.close,
                    volume=each.volume,
                )
        raise LookupError(day)


def alive(pid: int) -> bool:
    """Tell whether a process runs; one that only waits to be buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


async def gone(pid: int, within: float) -> bool:
    """Tell whether a process ends in time."""
    with suppress(TimeoutError):
        async with asyncio.timeout(within):
            while alive(pid):  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.05)
    return not alive(pid)


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


@asynccontextmanager
async def rehearsing(
    home: Path, *, split: str = "", split_on: int = 0
) -> AsyncIterator[Rehearsing]:
    """Set a rehearsal up on a folder; the bot is started by the test.

    `split`, as 2:1, is made by the stand-in on the session with the number `split_on` from 0.
    """
    world = seeded(SEED, SYMBOL)
    words = f"{SYMBOL}:{world.sessions[1 + split_on].day}:{split}"
    script = Script(
        prices=None,
        seed=SEED,
        rules=rules("4.0", symbol=SYMBOL, splits=20),
        principal=PRINCIPAL,
        approval=Approval.AUTO,
        first_day=datetime.combine(world.sessions[1].day, time(3), NEW_YORK),
        seconds_per_day=0.0,
        calls_per_second=1000,
        market_options=("--split", words) if split else (),
    )
    stage = PaperStage(home, script)
    await stage.prepare(world)
    async with Nursery() as nursery:
        playing = Rehearsing(stage, world, nursery)
        try:
            await playing.begin()
            yield playing
        finally:
            await stage.close()
    for child in (stage.bot, stage.chat, stage.simulator):
        if child is not None and child.alive:
            os.kill(child.pid, 9)

"""The trading room in a process of its own: the real rules, KIS client and file; it dies when told.

Nothing of the program knows that it will die. The file's connections and the way to KIS are handed
in, as they are in the composition root, and count: a step is the instant before or after a request
to KIS, and before, at and after each commit. At the step that the test names, something happens to
the process or to what it stands on (`tests/faults/processes/troubles.py`).
"""

import asyncio
import sqlite3
from collections.abc import Coroutine
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import aiosqlite

from bot.bus import Bus
from bot.commands import RunDue
from bot.events import CycleStarted
from bot.nursery import Nursery
from bot.storage.database import DATABASE_NAME, Connect, opened
from bot.storage.journal import Journal
from bot.storage.views import UNRESOLVED, Views
from bot.trading.broker import KisBroker
from bot.trading.desk import Desk
from bot.trading.model import Approval
from bot.trading.owner import Owner
from bot.trading.ports import BrokerSilent
from bot.trading.recovery import check_ledger
from bot.trading.service import Trading
from kis.client import Kis
from kis.environment import at
from kis.http_wire import HttpWire
from kis.models import Credentials
from kis.simulator.config import APP_KEY, APP_SECRET
from kis.transport import Outcome
from tests.bot.trading.counter import WorldClock
from tests.bot.trading.floor import ALICE, CALENDAR, DAY, holding, table_of
from tests.faults.processes.broker import ACCOUNT, HTS_ID
from tests.faults.processes.troubles import Trouble, killed

TABLE = table_of(DAY)
NEVER = 0


@dataclass
class Fate:
    """Counts a process's steps; at the step `at` its trouble comes."""

    at: int = NEVER
    trouble: Trouble = killed
    steps: list[str] = field(default_factory=list)

    def step(self, what: str) -> None:
        self.steps.append(what)
        if len(self.steps) == self.at:
            self.trouble()


def mortal(fate: Fate, *, every: int = 0) -> Connect:
    """Make connections to the state file that meet their fate around every transaction.

    With `every`, inside of statements too: after so many instructions of SQLite's machine.
    """

    class Mortal(sqlite3.Connection):
        def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
            if sql == "BEGIN IMMEDIATE":
                fate.step("before begin")
            return super().execute(sql, *values)

        def commit(self) -> None:
            fate.step("before commit")
            super().commit()
            fate.step("after commit")

        def __init__(self, *values: Any, **named: Any) -> None:
            super().__init__(*values, **named)
            if every:
                self.set_progress_handler(lambda: fate.step("inside a statement"), every)

    def connect(path: Path) -> AbstractAsyncContextManager[aiosqlite.Connection]:
        return aiosqlite.connect(path, isolation_level=None, factory=Mortal)

    return connect


class MortalWire(HttpWire):
    """The way to KIS, with a fate before and after each request."""

    def __init__(self, url: str, fate: Fate) -> None:
        super().__init__(url)
        self._fate = fate

    async def send(self, method: str, path: str, **rest: Any) -> Outcome:
        what = f"{method} {path.rpartition('/')[2]}"
        self._fate.step(f"before {what}")
        outcome = await super().send(method, path, **rest)
        self._fate.step(f"after {what}")
        return outcome


class MarketClock(WorldClock):
    """The bot's clock; the simulator's goes with it."""

    def __init__(self, now: datetime, url: str) -> None:
        super().__init__(now)
        self._url = f"{url}/simulator/clock"

    async def sleep(self, seconds: float) -> None:
        await self.go(self.at + timedelta(seconds=seconds))

    async def go(self, to: datetime) -> None:
        self.at = max(self.at, to)
        body = {"to": self.at.isoformat()}
        async with aiohttp.ClientSession() as http, http.post(self._url, json=body) as answer:
            await answer.read()


@dataclass(frozen=True, kw_only=True)
class Life:
    """One incarnation: where it works, from when until when, and when trouble strikes.

    `begins` journals a cycle that holds shares first.
    """

    home: Path
    kis: str
    wakes: datetime
    until: datetime
    strikes_at: int = NEVER
    trouble: Trouble = killed
    begins: bool = False


def live(life: Life, told: Any = None) -> None:
    """Be a trading process: recover, open the gate, do what is due until an instant.

    The steps that were taken go into the pipe at the end, where there is one.
    """
    fate = Fate(at=life.strikes_at, trouble=life.trouble)
    run_to_the_end(_live(life, fate), fate, told)


def run_to_the_end(work: Coroutine[Any, Any, None], fate: Fate, told: Any) -> None:
    """Do the work of a process; at its end, tell the steps that it took."""
    asyncio.run(work)
    if told is not None:
        told.send(fate.steps)


async def _live(life: Life, fate: Fate) -> None:
    clock = MarketClock(life.wakes, life.kis)
    await clock.go(life.wakes)
    async with (
        Nursery() as nursery,
        opened(life.home / DATABASE_NAME, mortal(fate)) as database,
        _counter(life, clock, fate) as kis,
    ):
        bus, journal, views = Bus(nursery), Journal(database), Views(database)
        desk = Desk(
            clock=clock,
            journal=journal,
            views=views,
            broker=KisBroker(kis),
            bus=bus,
            calendar=CALENDAR,
            started=clock.now(),
        )
        trading = Trading(desk)
        trading.register(bus)
        Owner(trading).register(bus)
        if life.begins and not await views.cycles():
            await _begin(desk)
        await check_ledger(journal, views)
        for order in await views.orders_in(*UNRESOLVED):
            try:
                await trading.resolver.resolve(order, desk.table(order.session))
            except BrokerSilent as silence:
                await desk.troubled(str(silence))
        desk.gate_open = True
        while True:
            wake = await bus.ask(RunDue())
            if clock.now() >= life.until:
                return
            await clock.go(min(wake.at, life.until))


def _counter(life: Life, clock: MarketClock, fate: Fate) -> Kis:
    credentials = Credentials(
        app_key=APP_KEY, app_secret=APP_SECRET, account=ACCOUNT, hts_id=HTS_ID
    )
    return Kis(
        at(life.kis, "ws://-", calls_per_second=100_000),
        credentials,
        now=clock.now,
        sleep=clock.sleep,
        token_file=life.home / "kis-token.json",
        wire=MortalWire(life.kis, fate),
    )


async def _begin(desk: Desk) -> None:
    async with desk.recording() as recording:
        await recording.record(
            CycleStarted(cycle_id=1, cycle=holding(), approval=Approval.AUTO, by=ALICE)
        )

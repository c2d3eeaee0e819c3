"""The trading room over a real file and the tests' counter; every clean exit audits the journal."""

from collections import Counter as Count
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from bot.bus import Bus
from bot.commands import RunDue, Wake
from bot.events import (
    CycleStarted,
    Event,
    OrderSent,
)
from bot.nursery import Nursery
from bot.sessions import Calendar
from bot.storage.chat import ChatStore
from bot.storage.database import Database, opened
from bot.storage.journal import Entry, Journal, Recording
from bot.storage.views import OrderView, RoundView, Views
from bot.timetable import DEFAULT_HOURS, Hours, Timetable, timetable
from bot.trading.desk import Desk
from bot.trading.emulation import Emulation
from bot.trading.model import Actor, Approval, OrderState
from bot.trading.orders import may_follow
from bot.trading.owner import Owner
from bot.trading.recovery import check_ledger, rebuild, recover
from bot.trading.service import Trading
from strategy import versions
from strategy.cycle import start
from strategy.model import Cycle
from tests.bot.trading.counter import Counter, WorldClock
from tests.simulation.lives import edges

E = TypeVar("E", bound=Event)

CALENDAR = Calendar()
DAY = date(2026, 10, 7)
NEXT = date(2026, 10, 8)
HALF_DAY = date(2026, 11, 27)
ALICE = Actor(kind="owner", user_id=4242)


class Killed(BaseException):
    """kill -9, as far as one process can do it to itself."""


def table_of(day: date) -> Timetable:
    session = CALENDAR.session(day)
    assert session is not None
    return timetable(session)


def holding(
    *, quantity: int = 40, ladder: int = 2, symbol: str = "TQQQ", cash: str = "8000"
) -> Cycle:
    """A cycle that holds shares at 50.00, so that a day has buys and both sells."""
    rules = versions.rules("4.0", symbol, 20, ladder=ladder)
    cycle = start(rules, Decimal(10000))
    if not quantity:
        return cycle
    return Cycle(
        rules=rules,
        number=1,
        seed=cycle.seed,
        principal=cycle.principal,
        cash=Decimal(cash),
        quantity=quantity,
        average=Decimal(50),
        turn=Decimal(4),
        max_turn=Decimal(4),
        started=date(2026, 10, 1),
        sessions=4,
    )


class WatchedJournal(Journal):
    """The journal, dying where the test says: before, inside and after its transactions."""

    def __init__(self, database: Database, counter: Counter) -> None:
        super().__init__(database)
        self._counter = counter

    @asynccontextmanager
    async def recording(self, at: datetime) -> AsyncIterator[Recording]:
        self._counter.io()
        async with super().recording(at) as recording:
            yield recording
            self._counter.io()
            self._counter.step("inside", recording.events)
        self._counter.io()
        self._counter.step("after", recording.events)


@dataclass
class Floor:
    """One process's trading room."""

    clock: WorldClock
    counter: Counter
    database: Database
    journal: Journal
    views: Views
    bus: Bus
    trading: Trading
    owner: Owner
    taps: ChatStore

    async def begin(
        self, cycle: Cycle | None = None, *, approval: Approval = Approval.AUTO, cycle_id: int = 1
    ) -> None:
        """Journal a cycle that runs already, and give the account its shares."""
        made = holding() if cycle is None else cycle
        symbol = made.rules.symbol
        self.counter.holdings[symbol] = self.counter.holdings.get(symbol, 0) + made.quantity
        async with self.trading.desk.recording() as recording:
            await recording.record(
                CycleStarted(cycle_id=cycle_id, cycle=made, approval=approval, by=ALICE)
            )

    async def look(self, at: datetime | None = None) -> Wake:
        if at is not None:
            self.clock.at = at
        return await self.bus.ask(RunDue())

    async def live(self, until: datetime) -> None:
        """Look whenever the bot wants to, until an instant; then once more at it."""
        while True:
            wake = await self.look()
            assert wake.at > self.clock.at, f"{wake.at} is not after {self.clock.at}"
            if self.clock.at >= until:
                return
            self.clock.at = min(wake.at, until)

    async def entries(self) -> list[Entry]:
        return await self.journal.entries()

    async def all(self, kind: type[E]) -> list[E]:
        return [entry.event for entry in await self.entries() if isinstance(entry.event, kind)]

    async def round(self, day: date = DAY, cycle_id: int = 1) -> RoundView:
        found = await self.views.round(f"{day.isoformat()}.{cycle_id}")
        assert found is not None
        return found

    async def orders(self, day: date = DAY) -> tuple[OrderView, ...]:
        return await self.views.orders_of_session(day)

    async def states(self, day: date = DAY) -> list[OrderState]:
        return [order.state for order in await self.orders(day)]

    async def cycle(self, cycle_id: int = 1) -> Cycle:
        view = await self.views.cycle(cycle_id)
        assert view is not None
        return view.cycle

    async def audit(self) -> None:
        """Hold the journal to its laws: allowed edges only, one post per "sent", ledger rebuilt."""
        entries = await self.entries()
        check_edges(entries)
        sent = Count(e.event.slot for e in entries if isinstance(e.event, OrderSent))
        for slot, times in Count(slot.key for slot in self.counter.placed).items():
            assert times <= sent[slot], f"{slot} was posted {times} times, journalled {sent[slot]}"
        for view in await self.views.cycles():
            assert rebuild(entries)[view.cycle_id] == view.cycle


def check_edges(entries: list[Entry]) -> None:
    """Walk every slot of a journal along the table of transitions."""
    for before, after in edges(entries):
        assert may_follow(before, after), f"{before} -> {after}"


def world(at: datetime | None = None) -> Counter:
    """A counter that stands just before the evening of DAY."""
    clock = WorldClock((at or table_of(DAY).propose_at - timedelta(minutes=5)).astimezone(UTC))
    return Counter(clock=clock, calendar=CALENDAR)


@asynccontextmanager
async def on_floor(
    path: Path, counter: Counter, *, hours: Hours = DEFAULT_HOURS
) -> AsyncIterator[Floor]:
    """Start a process on a state file: ledger check, one look at what is unresolved, the gate."""
    counter.journal = path
    async with Nursery() as nursery, opened(path) as database:
        journal = WatchedJournal(database, counter)
        views = Views(database)
        bus = Bus(nursery)
        desk = Desk(
            clock=counter.clock,
            journal=journal,
            views=views,
            broker=counter,
            bus=bus,
            calendar=CALENDAR,
            started=counter.clock.now(),
            emulation=Emulation(touch=counter.touch) if counter.mock else None,
            hours=hours,
        )
        trading = Trading(desk)
        trading.register(bus)
        owner = Owner(trading)
        owner.register(bus)
        await check_ledger(journal, views)
        await recover(trading)
        desk.gate_open = True
        floor = Floor(
            clock=counter.clock,
            counter=counter,
            database=database,
            journal=journal,
            views=views,
            bus=bus,
            trading=trading,
            owner=owner,
            taps=ChatStore(database),
        )
        yield floor
        await floor.audit()

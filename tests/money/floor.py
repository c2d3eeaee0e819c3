"""A trading floor for tests: real trading, journal and SQLite, a scripted counter, a set clock.

The counter is the other side of `bot.trading.ports.Broker`; everything on this side of it is real.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from bot.bus import Bus
from bot.commands import RunDue, StartCycle, Wake
from bot.nursery import Nursery
from bot.sessions import Calendar
from bot.storage.database import DATABASE_NAME, opened
from bot.storage.journal import Journal
from bot.storage.views import Views
from bot.timetable import Timetable, timetable
from bot.trading.desk import Desk
from bot.trading.model import CONSOLE, Approval, Slot
from bot.trading.owner import Owner
from bot.trading.ports import (
    Accepted,
    Announced,
    BrokerOrder,
    BrokerSilent,
    Held,
    OrderList,
    PlaceAnswer,
    RestingList,
    Unknown,
)
from bot.trading.service import Trading
from strategy import versions
from strategy.model import Bar, Side

SESSION = date(2026, 10, 7)
CLOSE = Decimal("100.00")
FLAT = tuple(
    Bar(day=day, open=CLOSE, high=CLOSE, low=CLOSE, close=CLOSE, volume=1)
    for day in (date(2026, 9, 30), *(date(2026, 10, n) for n in (1, 2, 5, 6)))
)


class TestClock:
    """Market time that stands where it is put."""

    __test__ = False

    def __init__(self, now: datetime) -> None:
        self.at = now

    def now(self) -> datetime:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)

    async def sleep_until(
        self, at: datetime, *, hold: str | None = None, nudge: asyncio.Event | None = None
    ) -> None:
        del hold, nudge
        self.at = max(self.at, at)

    @contextmanager
    def working(self) -> Iterator[None]:
        yield


Script = Callable[["Counter", Slot], PlaceAnswer]


def accept(counter: "Counter", slot: Slot) -> PlaceAnswer:
    return Accepted(order_number=counter.take(slot))


def lose_the_answer(counter: "Counter", slot: Slot) -> PlaceAnswer:
    counter.take(slot)
    return Unknown(reason="no answer in time")


def lose_the_order(counter: "Counter", slot: Slot) -> PlaceAnswer:
    del counter, slot
    return Unknown(reason="no answer in time")


@dataclass
class Counter:
    """A broker's counter that does as its script says, order by order; then it accepts."""

    clock: TestClock
    script: list[Script] = field(default_factory=list)
    bars_known: tuple[Bar, ...] = FLAT
    rows: list[BrokerOrder] = field(default_factory=list)
    placed: list[Slot] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    silent: bool = False
    complete: bool = True
    held: int = 0
    watch: Callable[[Slot], None] = lambda _slot: None

    def take(self, slot: Slot, *, by_api: bool = True) -> str:
        number = str(1000 + len(self.rows))
        self.rows.append(
            BrokerOrder(
                order_number=number,
                original_number="",
                symbol=slot.symbol,
                side=slot.side,
                is_cancel=False,
                quantity=slot.quantity,
                price=slot.price or Decimal(0),
                filled=0,
                filled_price=Decimal(0),
                open_quantity=slot.quantity,
                done=False,
                refusal="",
                ordered_at=self.clock.now(),
                by_api=by_api,
            )
        )
        return number

    def finish(self, number: str, *, filled: int, price: Decimal = CLOSE, why: str = "") -> None:
        """End an order with so many shares filled; the account holds them from then on."""
        for index, row in enumerate(self.rows):
            if row.order_number == number:
                sign = 1 if row.side is Side.BUY else -1
                self.held += sign * (filled - row.filled)
                self.rows[index] = replace(
                    row,
                    filled=filled,
                    filled_price=price if filled else Decimal(0),
                    open_quantity=0,
                    done=True,
                    refusal=why,
                )

    def close_the_day(self, close: Decimal = CLOSE) -> None:
        """Fill every resting LOC and limit that the close allows; the rest ends unfilled."""
        for row in list(self.rows):
            if row.done:
                continue
            buys = row.side is Side.BUY and row.price >= close
            sells = row.side is Side.SELL and row.price <= close
            self.finish(
                row.order_number,
                filled=row.quantity if buys or sells else 0,
                price=close,
                why="" if buys or sells else "DFD 장종료로 취소",
            )

    async def ready(self, valid_for: timedelta) -> None:
        del valid_for
        self._answering()

    async def bars(self, symbol: str, *, before: date, count: int) -> Sequence[Bar]:
        del symbol
        self._answering()
        return [bar for bar in self.bars_known if bar.day < before][-count:]

    async def last_price(self, symbol: str) -> Decimal:
        del symbol
        self._answering()
        return self.bars_known[-1].close

    async def orderable_usd(self, symbol: str) -> Decimal:
        del symbol
        return Decimal(1_000_000)

    async def money(self, symbol: str) -> Decimal | None:
        del symbol
        return None

    async def announced(self, symbol: str, start: date, end: date) -> Sequence[Announced]:
        del symbol, start, end
        return ()

    async def quantity(self, symbol: str) -> int:
        del symbol
        self._answering()
        return self.held

    async def holding(self, symbol: str) -> Held:
        return Held(quantity=await self.quantity(symbol), average=CLOSE)

    async def resting(self, symbol: str, *, today: date) -> RestingList:
        del symbol, today
        self._answering()
        return RestingList(orders=(), complete=True, reservations=True)

    async def orders(self, session: date) -> OrderList:
        del session
        self._answering()
        return OrderList(orders=tuple(self.rows), complete=self.complete)

    async def place(self, slot: Slot) -> PlaceAnswer:
        self.watch(slot)
        self.placed.append(slot)
        script = self.script.pop(0) if self.script else accept
        return script(self, slot)

    async def cancel(self, slot: Slot, order_number: str, open_quantity: int) -> PlaceAnswer:
        del slot, open_quantity
        self.cancelled.append(order_number)
        self.finish(order_number, filled=0)
        return Accepted(order_number=f"9{order_number}")

    def _answering(self) -> None:
        if self.silent:
            raise BrokerSilent("maintenance")


@dataclass
class Floor:
    """One running bot without a chat, on a state file of its own."""

    clock: TestClock
    counter: Counter
    bus: Bus
    trading: Trading
    views: Views
    journal: Journal
    path: Path
    table: Timetable

    async def look(self, at: datetime | None = None) -> Wake:
        """Do what is due, at an instant or now."""
        if at is not None:
            self.clock.at = at.astimezone(UTC)
        return await self.bus.ask(RunDue())

    async def propose(self) -> None:
        await self.look(self.table.propose_at)

    async def send(self) -> None:
        await self.look(self.table.send_from)

    async def names(self) -> list[str]:
        """List the journal's event types, oldest first."""
        return [type(entry.event).__name__ for entry in await self.journal.entries()]

    def states(self) -> dict[str, str]:
        """Read the slots' states through a connection of its own: what is durable, nothing else."""
        connection = sqlite3.connect(self.path)
        rows = connection.execute("SELECT slot, state FROM broker_order").fetchall()
        connection.close()
        return {str(slot): str(state) for slot, state in rows}


@asynccontextmanager
async def open_floor(
    home: Path,
    *,
    counter: Counter | None = None,
    approval: Approval = Approval.AUTO,
    began: bool = False,
) -> AsyncIterator[Floor]:
    """Open the floor for the session of 2026-10-07; `began` continues on its state."""
    session = Calendar().session(SESSION)
    assert session is not None
    table = timetable(session)
    clock = counter.clock if counter else TestClock(table.propose_at - timedelta(hours=1))
    counter = counter or Counter(clock=clock)
    path = home / DATABASE_NAME
    async with Nursery() as nursery, opened(path) as database:
        bus = Bus(nursery)
        journal, views = Journal(database), Views(database)
        desk = Desk(
            clock=clock,
            journal=journal,
            views=views,
            broker=counter,
            bus=bus,
            calendar=Calendar(),
            started=clock.now(),
            gate_open=True,
        )
        trading = Trading(desk)
        trading.register(bus)
        Owner(trading).register(bus)
        floor = Floor(
            clock=clock,
            counter=counter,
            bus=bus,
            trading=trading,
            views=views,
            journal=journal,
            path=path,
            table=table,
        )
        if not began:
            await bus.ask(
                StartCycle(
                    rules=versions.rules("4.0", "TQQQ", 40, ladder=3),
                    principal=Decimal(40000),
                    approval=approval,
                    by=CONSOLE,
                )
            )
        yield floor

"""A bot of venue mock over the KIS client, against the simulator in this loop."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from bot.bus import Bus
from bot.commands import RunDue
from bot.events import (
    CycleStarted,
    Event,
)
from bot.nursery import Nursery
from bot.storage.database import opened
from bot.storage.journal import Journal
from bot.storage.views import UNRESOLVED, OrderView, RoundView, Views
from bot.trading.broker import KisBroker
from bot.trading.desk import Desk
from bot.trading.emulation import Emulation
from bot.trading.model import Approval, OrderState, Slot
from bot.trading.owner import Owner
from bot.trading.ports import PlaceAnswer
from bot.trading.recovery import check_ledger
from bot.trading.service import Trading
from kis.client import Kis
from kis.environment import at
from kis.models import Credentials
from strategy.model import Cycle, Leg
from tests.bot.trading.counter import WorldClock
from tests.bot.trading.floor import (
    ALICE,
    CALENDAR,
    DAY,
    HALF_DAY,
    Killed,
    check_edges,
    holding,
    table_of,
)
from tests.kis.simulator import desk as simulator
from tests.kis.simulator.desk import Desk as Customer
from tests.kis.simulator.desk import new_york, quick, session, week

TABLE = table_of(DAY)
S = OrderState
D = Decimal
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


class DyingBroker(KisBroker):
    """A counter at which the process dies with the answer to its n-th order in its hand."""

    dies_at = 0

    async def place(self, slot: Slot) -> PlaceAnswer:
        answer = await super().place(slot)
        self.dies_at -= 1
        if self.dies_at == 0:
            raise Killed
        return answer


@dataclass
class Room:
    """One process's trading room over the KIS client; the simulator's clock goes with its own."""

    customer: Customer
    clock: WorldClock
    broker: DyingBroker
    journal: Journal
    views: Views
    bus: Bus
    owner: Owner

    async def go(self, to: datetime) -> None:
        self.clock.at = max(self.clock.at, to.astimezone(UTC))
        await self.customer.go(self.clock.at.isoformat())

    async def live(self, until: datetime) -> None:
        while True:
            wake = await self.bus.ask(RunDue())
            if self.clock.at >= until:
                return
            await self.go(min(wake.at, until))

    async def all(self, kind: type[Event]) -> list[Any]:
        return [e.event for e in await self.journal.entries() if isinstance(e.event, kind)]

    async def round(self, day: date = DAY) -> RoundView:
        found = await self.views.round(f"{day}.1")
        assert found is not None
        return found

    async def order(self, leg: Leg, day: date = DAY) -> OrderView:
        return next(o for o in await self.views.orders_of_session(day) if o.slot.leg is leg)

    async def truth(self) -> dict[str, Any]:
        return await self.customer.control("GET", "state")


@asynccontextmanager
async def room(path: Path, customer: Customer, clock: WorldClock) -> AsyncIterator[Room]:
    """Start a process: ledger check, one look at what is unresolved, the gate."""
    config = customer.config
    credentials = Credentials(
        app_key=config.app_key,
        app_secret=config.app_secret,
        account=config.account,
        hts_id=config.hts_id,
    )
    environment = at(customer.url, "ws://-", calls_per_second=10_000, mock=True)
    async with (
        Nursery() as nursery,
        opened(path / "state") as database,
        Kis(
            environment,
            credentials,
            now=clock.now,
            sleep=clock.sleep,
            token_file=path / "token",
            order_timeout=0.5,
        ) as kis,
    ):
        broker, bus = DyingBroker(kis), Bus(nursery)
        journal, views = Journal(database), Views(database)
        trading = Trading(
            Desk(
                clock=clock,
                journal=journal,
                views=views,
                broker=broker,
                bus=bus,
                calendar=CALENDAR,
                started=clock.now(),
                emulation=Emulation(touch=broker.touch),
            )
        )
        trading.register(bus)
        owner = Owner(trading)
        owner.register(bus)
        await check_ledger(journal, views)
        for order in await views.orders_in(*UNRESOLVED):
            await trading.resolver.resolve(order, table_of(order.session))
        trading.desk.gate_open = True
        yield Room(
            customer=customer,
            clock=clock,
            broker=broker,
            journal=journal,
            views=views,
            bus=bus,
            owner=owner,
        )
        check_edges(await journal.entries())
        await check_ledger(journal, views)


@asynccontextmanager
async def evening(
    path: Path, cycle: Cycle | None = None, *, prices: str = "50 52 48 51", half_day: bool = False
) -> AsyncIterator[Room]:
    """A simulator and a bot at 18:00 in Seoul, the account holding what the cycle does."""
    day = HALF_DAY if half_day else DAY
    sessions = [session(date(2026, 11, 25)), session(HALF_DAY, time(13))] if half_day else week()
    begins = new_york(f"{day}T04:05")
    made = holding() if cycle is None else cycle
    async with simulator.running(
        quick(at=begins), sessions=sessions, prices=prices, with_token=False
    ) as customer:
        held = {"quantity": made.quantity, "average": "50"}
        await customer.control("PUT", "holdings/TQQQ", held)
        async with room(path, customer, WorldClock(begins.astimezone(UTC))) as began:
            async with began.owner.desk.recording() as recording:
                await recording.record(
                    CycleStarted(cycle_id=1, cycle=made, approval=Approval.AUTO, by=ALICE)
                )
            yield began


async def fault(room_: Room, name: str, **figures: object) -> None:
    await room_.customer.control("POST", "faults", {"name": name, "count": 99, **figures})

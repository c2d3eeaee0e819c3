"""What everything else stands on: the time, the state file, KIS and the desk."""

from contextlib import AsyncExitStack
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

import aiohttp

from bot.addresses import Venue
from bot.bus import Bus
from bot.clock import Clock, SimulatorClock
from bot.counter import prices_at, simulator_closed, sockets_folder
from bot.doors import Doors
from bot.nursery import Nursery
from bot.price_room import OpenSource
from bot.rehearsal import Rehearsal, on_simulated_time, open_rehearsal
from bot.sessions import load_calendar
from bot.settings import Settings
from bot.storage.database import DATABASE_NAME, Database, opened
from bot.storage.journal import Journal
from bot.storage.outbox import Outbox
from bot.storage.views import Views
from bot.timetable import DEFAULT_HOURS, REHEARSAL_HOURS
from bot.trading.broker import KisBroker
from bot.trading.broker_teller import KisTeller
from bot.trading.desk import Desk
from bot.trading.emulation import Emulation
from bot.trading.limits import Limits
from bot.trading.recovery import check_venue


@dataclass(frozen=True, kw_only=True, slots=True)
class Ground:
    """The parts that the rooms share; `settings` are those in force (a rehearsal has its own)."""

    settings: Settings
    doors: Doors
    nursery: Nursery
    wall: Clock
    clock: Clock
    database: Database
    journal: Journal
    views: Views
    outbox: Outbox
    bus: Bus
    broker: KisBroker
    teller: KisTeller
    prices: OpenSource
    desk: Desk
    rehearsal: Rehearsal | None


async def lay_ground(settings: Settings, doors: Doors, stack: AsyncExitStack) -> Ground:
    """Open the state file (migrated) and the way to KIS; the stack takes all of it down again.

    Raises MuhanError where the file, the venue or a simulator's time cannot be used.
    """
    nursery = await stack.enter_async_context(Nursery())
    wall = doors.wall
    clock = await _market_clock(settings, stack, nursery, wall)
    database = await stack.enter_async_context(
        opened(settings.muhan_home / DATABASE_NAME, doors.connect)
    )
    journal, views = Journal(database), Views(database)
    await check_venue(journal, views, settings.muhan_venue.value)
    rehearsal = await _rehearsal(settings, views, stack, nursery)
    if rehearsal is not None:
        settings = rehearsal.settings
    bus = Bus(nursery, working=clock.working)
    kis = await stack.enter_async_context(
        await doors.counter(settings, now=clock.now, sleep=clock.sleep)
    )
    real = settings.muhan_venue is Venue.REAL
    broker = KisBroker(kis, sockets=sockets_folder() if real else None)
    desk = Desk(
        clock=clock,
        journal=journal,
        views=views,
        broker=broker,
        bus=bus,
        calendar=load_calendar(settings.muhan_home),
        started=clock.now(),
        emulation=emulation(settings.muhan_venue, broker, kis.environment.calls_per_second),
        real=real,
        hours=DEFAULT_HOURS if rehearsal is None else REHEARSAL_HOURS,
        limits=_limits(settings),
        # A simulator that owns the market's time has its own; its answers are dated by ours.
        ahead=(lambda: kis.server_clock.ahead) if clock is wall else lambda: None,
    )
    if rehearsal is not None:
        rehearsal.tell(desk)
    return Ground(
        settings=settings,
        doors=doors,
        nursery=nursery,
        wall=wall,
        clock=clock,
        database=database,
        journal=journal,
        views=views,
        outbox=Outbox(database),
        bus=bus,
        broker=broker,
        teller=KisTeller(kis, broker),
        prices=partial(prices_at, kis, settings),
        desk=desk,
        rehearsal=rehearsal,
    )


def _limits(settings: Settings) -> Limits:
    return Limits(
        daily=settings.muhan_daily_limit,
        total=settings.muhan_total_limit,
        usd_short=settings.muhan_usd_short,
    )


def emulation(venue: Venue, broker: KisBroker, calls_per_second: float) -> Emulation | None:
    """Give the ways of a venue that takes neither LOC nor MOC; None for all others."""
    if venue is not Venue.MOCK:
        return None
    return Emulation(touch=broker.touch, calls_per_second=Decimal(str(calls_per_second)))


async def _market_clock(
    settings: Settings, stack: AsyncExitStack, nursery: Nursery, wall: Clock
) -> Clock:
    if not on_simulated_time(settings):
        return wall
    clock = SimulatorClock(settings.kis_rest_url)
    stack.push_async_callback(clock.stop)
    try:
        await clock.start()
    except (aiohttp.ClientError, TimeoutError) as error:
        raise simulator_closed(settings) from error
    nursery.start(clock.run(), name="market clock")
    return clock


async def _rehearsal(
    settings: Settings, views: Views, stack: AsyncExitStack, nursery: Nursery
) -> Rehearsal | None:
    if settings.muhan_venue is not Venue.PAPER:
        return None
    return await open_rehearsal(settings, views, stack, nursery)

"""The desk at the console: the same commands and the same journal as the running bot's.

Nothing here moves a day. A command is carried out in one transaction, beside a bot that runs or
before one starts; what waits for a settlement is booked by the bot.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp

from bot import logs, totp
from bot.addresses import Venue
from bot.bus import Bus
from bot.cli_options import refuse, refuse_error
from bot.clock import Clock, SimulatorClock, SystemClock
from bot.console_words import Words
from bot.counter import closed_counter, simulator_closed
from bot.doors import Doors
from bot.errors import MuhanError
from bot.nursery import Nursery
from bot.paper.keeper import in_the_room
from bot.rehearsal import on_simulated_time
from bot.sessions import load_calendar
from bot.settings import Settings, load
from bot.storage.database import DATABASE_NAME, opened
from bot.storage.journal import Journal
from bot.storage.views import Views
from bot.trading.broker import KisBroker, meaning
from bot.trading.desk import Desk
from bot.trading.owner import Owner
from bot.trading.safeguards import Safeguards
from bot.trading.service import Trading


@dataclass(frozen=True, kw_only=True, slots=True)
class Room:
    """Where a console command is asked; `desk` is for what only reads."""

    bus: Bus
    views: Views
    desk: Desk


def carried_out(env: Path, work: Callable[[Settings, Words], Coroutine[Any, Any, None]]) -> None:
    """Run a console command to its end; an error of ours becomes one line and exit status 3."""
    logs.configure("ERROR")  # unset, the libraries would write to stdout
    try:
        settings = load(env, os.environ)
    except MuhanError as error:
        refuse_error(error)
    words = Words(settings.muhan_language.value, explain=meaning)
    try:
        asyncio.run(work(settings, words))
    except MuhanError as error:
        refuse(words.error(error))


@asynccontextmanager
async def room(
    settings: Settings, *, asks_kis: bool = False, doors: Doors | None = None
) -> AsyncIterator[Room]:
    """Open the state file, and KIS where the command needs it; through production's own doors.

    Raises MuhanError when the state file or, in demo and paper, the simulator cannot be had.
    """
    doors = doors or Doors()
    async with AsyncExitStack() as stack:
        nursery = await stack.enter_async_context(Nursery())
        database = await stack.enter_async_context(
            opened(settings.muhan_home / DATABASE_NAME, doors.connect)
        )
        clock = await venue_clock(settings, needed=asks_kis, wall=doors.wall)
        if asks_kis:
            if settings.muhan_venue is Venue.PAPER:
                settings = in_the_room(settings)
            try:
                kis = await doors.counter(settings, now=clock.now, sleep=asyncio.sleep)
            except (aiohttp.ClientError, TimeoutError) as error:
                raise simulator_closed(settings) from error
            await stack.enter_async_context(kis)
        else:
            kis = closed_counter(settings, now=clock.now)
        views, bus = Views(database), Bus(nursery)
        desk = Desk(
            clock=clock,
            journal=Journal(database),
            views=views,
            broker=KisBroker(kis),
            bus=bus,
            calendar=load_calendar(settings.muhan_home),
            started=clock.now(),
            real=settings.muhan_venue is Venue.REAL,
        )
        trading = Trading(desk)
        Owner(trading).register(bus)
        Safeguards(
            trading, wall=doors.wall, secret=partial(totp.kept, settings.muhan_home)
        ).register(bus)
        yield Room(bus=bus, views=views, desk=desk)


async def venue_clock(settings: Settings, *, needed: bool, wall: Clock | None = None) -> Clock:
    """Ask the venue's clock; a demo whose simulator is not up yet begins by the machine's.

    Raises CounterClosed when the simulator is `needed` and does not answer.
    """
    wall = wall or SystemClock()
    if not on_simulated_time(settings):
        return wall
    clock = SimulatorClock(settings.kis_rest_url)
    try:
        await clock.read()
    except (aiohttp.ClientError, TimeoutError) as error:
        if needed:
            raise simulator_closed(settings) from error
        return wall
    finally:
        await clock.close()
    return clock

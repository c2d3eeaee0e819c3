"""How the bot starts and stops.

Start-up is crash recovery, in the order of settled.md ("Unknown outcomes", Start): migrate, rebuild
check, outbox and polling with the order gate shut, resolve or tell, ready, gate, stream, schedule.
Stopping is the same list read backwards: everything hangs on one exit stack.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import version

import structlog

from bot.addresses import Venue
from bot.app.ground import lay_ground
from bot.app.rooms import (
    back_up_daily,
    heartbeat,
    open_control,
    open_front,
    open_guard,
    open_people,
    open_trading,
    open_upkeep,
    open_watching,
)
from bot.doors import Doors
from bot.errors import MuhanError
from bot.events import BotStarted
from bot.nursery import Nursery
from bot.schedule import Schedule
from bot.settings import Settings
from bot.storage.failing import StorageFailing
from bot.storage.views import UNRESOLVED
from bot.telegram import lazy_aiogram
from bot.telegram.front import TelegramFront
from bot.trading.desk import Desk
from bot.trading.recovery import check_ledger, recover
from bot.trading.service import Trading
from bot.trading.watch import Watcher
from bot.watching.heartbeat import Heartbeat
from bot.watching.room import Watching

log = structlog.get_logger(__name__)

CHAT_GRACE = 120.0
LAST_ANSWER = 25.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Running:
    """A bot that is ready, for whoever watches over its process.

    `failed` is set when something that moves the day ended in an error; `silence` says how long the
    schedule has not come round (nothing while a simulator owns the time); `tell_unread` tells the
    owner in the chat why new settings are not in force.
    """

    desk: Desk
    failed: asyncio.Event
    silence: Callable[[], timedelta]
    tell_unread: Callable[[MuhanError], Awaitable[None]]


@asynccontextmanager
async def running(
    settings: Settings,
    *,
    on_ready: Callable[[], None],
    on_failure: Callable[[], None] = lambda: None,
    doors: Doors | None = None,
) -> AsyncIterator[Running]:
    """Start every part, recover, open the gate; undo it all in reverse when the block ends.

    `on_failure` hears of an unexpected error in what moves the day (schedule, fills, websocket).
    `doors` are production's when none are handed in.
    """
    async with AsyncExitStack() as stack:
        ground = await lay_ground(settings, doors or Doors(), stack)
        desk, views = ground.desk, ground.views
        trading = open_trading(ground)
        await check_ledger(ground.journal, views)
        await open_guard(ground)
        people = await open_people(ground)
        front = open_front(ground, people)
        watching = await open_watching(ground, trading, front)
        conditions = open_upkeep(ground, watching, people)
        await front.start()
        stack.push_async_callback(front.stop)
        await stack.enter_async_context(open_control(ground, people))
        ground.nursery.start(watching.disk.run(), name="disk")
        await recover(trading)
        await _first_poll(front)
        await _announce(trading, ground.settings.muhan_venue, again=watching.restarts.again)
        # Entered last, left first: what moves by itself ends while all it uses still stands.
        movers = await stack.enter_async_context(Nursery(on_failure=on_failure))
        stack.push_async_callback(_finish, trading, watching, movers.failed)
        desk.gate_open = True
        on_ready()
        conditions.watcher = _watched(movers, Watcher(ground.broker, ground.bus, views))
        _set_moving(movers, desk, heartbeat(ground, watching, front))
        back_up_daily(ground.nursery, ground.settings, desk, ground.wall)
        if ground.rehearsal is not None:
            movers.start(ground.rehearsal.follow_cycles(views), name="rehearsal symbols")
            stack.callback(ground.rehearsal.leave)
        lazy_aiogram.build_for_taps()
        yield Running(
            desk=desk,
            failed=movers.failed,
            silence=watching.pulse.silence,
            tell_unread=front.direct.unread,
        )


def _set_moving(movers: Nursery, desk: Desk, heartbeat: Heartbeat | None) -> None:
    movers.start(Schedule(desk.bus, desk.clock).run(), name="schedule")
    if heartbeat is not None:
        movers.start(heartbeat.run(), name="heartbeat")


def _watched(movers: Nursery, watcher: Watcher) -> Watcher:
    movers.start(watcher.run(), name="websocket")
    movers.start(watcher.follow_up(), name="fill notices")
    return watcher


async def _first_poll(front: TelegramFront) -> None:
    """Wait until the chat listens; a Telegram that is down holds the day's orders up no longer."""
    try:
        async with asyncio.timeout(CHAT_GRACE):
            await front.first_poll_done.wait()
    except TimeoutError:
        log.warning("the chat does not answer yet; going on without it")


async def _finish(trading: Trading, watching: Watching, failed: asyncio.Event) -> None:
    """Let the order on its way have its answer journalled; start no other."""
    trading.desk.gate_open = False
    try:
        async with asyncio.timeout(LAST_ANSWER), trading.account:
            pass
    except TimeoutError:
        log.warning("the last answer did not come; the order is looked up at the next start")
    if not failed.is_set():
        await watching.restarts.end()


async def _announce(trading: Trading, venue: Venue, *, again: bool) -> None:
    unresolved = len(await trading.desk.views.orders_in(*UNRESOLVED))
    started = BotStarted(
        version=version("muhan"), unresolved=unresolved, venue=venue.value, again=again
    )
    try:
        async with trading.desk.recording() as recording:
            await recording.record(started)
    except StorageFailing as failing:
        # The chat is told from memory, and no order goes out: that is what is still worth starting.
        log.error("this start could not be written down", reason=failing.reason)  # noqa: TRY400 - the trace would say no more

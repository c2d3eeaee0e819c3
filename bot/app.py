"""The composition root: the only place where the bot's parts are made and joined.

Start-up is crash recovery, in the order of settled.md ("Unknown outcomes", Start): migrate, rebuild
check, outbox and polling with the order gate shut, resolve or tell, ready, gate, stream, schedule.
Stopping is the same list read backwards: everything hangs on one exit stack.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from importlib.metadata import version

import aiohttp
import structlog

from bot import totp
from bot.addresses import Venue
from bot.bus import Bus
from bot.charts.model import Draw, no_pictures
from bot.clock import Clock, SimulatorClock
from bot.control.room import ControlRoom
from bot.counter import prices_at, simulator_closed, sockets_folder
from bot.daily_backup import DailyBackup, latest_backup
from bot.doing import STARTING, now_doing
from bot.doors import Doors
from bot.errors import MuhanError
from bot.events import BotStarted
from bot.laboratory.workshop import Workshop
from bot.nursery import Nursery
from bot.price_room import OpenSource, PriceRoom
from bot.rehearsal import Rehearsal, on_simulated_time, open_rehearsal
from bot.schedule import Schedule
from bot.sessions import load_calendar
from bot.setting_values import Pictures, WhenBlocked
from bot.settings import Settings
from bot.storage.chat import ChatStore
from bot.storage.database import DATABASE_NAME, Database, opened
from bot.storage.failing import StorageFailing
from bot.storage.forum_store import ForumStore
from bot.storage.journal import Journal
from bot.storage.outbox import Outbox
from bot.storage.panel_sessions import PanelSessions
from bot.storage.people import People
from bot.storage.views import UNRESOLVED, Views
from bot.telegram.front import TelegramFront
from bot.timetable import DEFAULT_HOURS, REHEARSAL_HOURS, timetable
from bot.trading.asking.bars import PastBars
from bot.trading.asking.outlooks import Outlooks
from bot.trading.asking.window import Window
from bot.trading.broker import KisBroker, meaning
from bot.trading.broker_teller import KisTeller
from bot.trading.chat_guard import ChatGuard
from bot.trading.desk import Desk
from bot.trading.emulation import Emulation
from bot.trading.limits import Limits
from bot.trading.owner import Owner
from bot.trading.recovery import check_ledger, check_venue, recover
from bot.trading.safeguards import Safeguards
from bot.trading.service import Trading
from bot.trading.watch import Watcher
from bot.upkeep import Conditions, Upkeep
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
    doors = doors or Doors()
    async with AsyncExitStack() as stack:
        nursery = await stack.enter_async_context(Nursery())
        wall = doors.wall
        clock = await _market_clock(settings, stack, nursery, wall)
        database = await stack.enter_async_context(
            opened(settings.muhan_home / DATABASE_NAME, doors.connect)
        )
        journal, views, outbox = Journal(database), Views(database), Outbox(database)
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
            limits=Limits(
                daily=settings.muhan_daily_limit,
                total=settings.muhan_total_limit,
                usd_short=settings.muhan_usd_short,
            ),
            # A simulator that owns the market's time has its own; its answers are dated by ours.
            ahead=(lambda: kis.server_clock.ahead) if clock is wall else lambda: None,
        )
        if rehearsal is not None:
            rehearsal.tell(desk)
        trading = Trading(desk)
        _take_commands(trading, wall, settings, partial(prices_at, kis, settings))
        Window(trading, KisTeller(kis, broker)).register(bus)
        guard = ChatGuard(desk)
        guard.register(bus)
        await check_ledger(journal, views)
        await guard.restore()
        people = await _people(settings, database)
        front = TelegramFront(
            token=settings.telegram_bot_token,
            api_url=settings.telegram_api_url,
            people=people,
            language=settings.muhan_language.value,
            bus=bus,
            views=views,
            outbox=outbox,
            chat_store=ChatStore(database, nonce=doors.nonce),
            clock=clock,
            wall=wall,
            nursery=nursery,
            venue=settings.muhan_venue.value,
            account_hint=f"****-{settings.kis_account[-2:]}",
            next_event=lambda: _next_orders(desk),
            explain=meaning,
            open_session=doors.chat,
            draw=_draw(settings, doors),
            workshop=Workshop(settings.muhan_home),
            pause_when_blocked=settings.muhan_blocked is WhenBlocked.PAUSE,
            forum=_forum(settings, database, outbox),
        )
        watching = Watching(
            trading, database, wall, say=front.direct.held, stands_still=clock is not wall
        )
        await watching.begin()
        conditions = Conditions(
            desk=desk,
            broker=broker,
            outbox=outbox,
            wrong=watching.pulse.wrong,
            wall=wall,
            home=settings.muhan_home,
            backed_up_at=partial(latest_backup, settings),
        )
        Upkeep(
            settings=settings,
            database=database,
            conditions=conditions,
            people=lambda: tuple(person.user_id for person in people.all()),
            wall=wall,
        ).register(bus)
        await front.start()
        stack.push_async_callback(front.stop)
        await stack.enter_async_context(_control(settings, desk, people, database, doors))
        nursery.start(watching.disk.run(), name="disk")
        await recover(trading)
        await _first_poll(front)
        await _announce(trading, settings.muhan_venue, again=watching.restarts.again)
        # Entered last, left first: what moves by itself ends while all it uses still stands.
        movers = await stack.enter_async_context(Nursery(on_failure=on_failure))
        stack.push_async_callback(_finish, trading, watching, movers.failed)
        trading.desk.gate_open = True
        on_ready()
        conditions.watcher = _watched(movers, Watcher(broker, bus, views))
        _set_moving(movers, desk, _heartbeat(settings, watching, front, wall))
        _back_up(nursery, settings, desk, wall)
        if rehearsal is not None:
            movers.start(rehearsal.follow_cycles(views), name="rehearsal symbols")
            stack.callback(rehearsal.leave)
        yield Running(
            desk=desk,
            failed=movers.failed,
            silence=watching.pulse.silence,
            tell_unread=front.direct.unread,
        )


def _take_commands(trading: Trading, wall: Clock, settings: Settings, source: OpenSource) -> None:
    bus, clock, calendar = trading.desk.bus, trading.desk.clock, trading.desk.calendar
    trading.register(bus)
    Owner(trading).register(bus)
    past = PastBars(trading.desk)
    past.register(bus)
    Outlooks(trading.desk, past).register(bus)
    totp.mask(settings.muhan_home)
    Safeguards(trading, wall=wall, secret=partial(totp.kept, settings.muhan_home)).register(bus)
    PriceRoom(settings.muhan_home, source, clock, calendar).register(bus)


def _set_moving(movers: Nursery, desk: Desk, heartbeat: Heartbeat | None) -> None:
    movers.start(Schedule(desk.bus, desk.clock).run(), name="schedule")
    if heartbeat is not None:
        movers.start(heartbeat.run(), name="heartbeat")


def _back_up(nursery: Nursery, settings: Settings, desk: Desk, wall: Clock) -> None:
    if settings.muhan_backup_keep and desk.clock is wall:  # the demo's state is for play
        backup = DailyBackup(settings, desk, wall, version("muhan"))
        nursery.start(backup.run(), name="daily backup")


def _control(
    settings: Settings, desk: Desk, people: People, database: Database, doors: Doors
) -> AbstractAsyncContextManager[None]:
    room = ControlRoom(
        home=settings.muhan_home,
        desk=desk,
        people=people,
        sessions=PanelSessions(database),
        store=ChatStore(database, nonce=doors.nonce),
        wall=doors.wall,
        version=version("muhan"),
        venue=settings.muhan_venue.value,
        address=settings.muhan_dashboard_url,
        doing=lambda: now_doing(desk) if desk.gate_open else STARTING,
        next_orders=lambda: _next_orders(desk),
    )
    return room.open(doors.listen)


def _watched(movers: Nursery, watcher: Watcher) -> Watcher:
    movers.start(watcher.run(), name="websocket")
    movers.start(watcher.follow_up(), name="fill notices")
    return watcher


def _draw(settings: Settings, doors: Doors) -> Draw:
    wanted = settings.muhan_pictures is Pictures.ON
    return doors.draw(settings.muhan_home) if wanted else no_pictures


def _forum(settings: Settings, database: Database, outbox: Outbox) -> ForumStore | None:
    chat_id = settings.muhan_forum_chat
    return None if chat_id is None else ForumStore(database, outbox, chat_id)


async def _people(settings: Settings, database: Database) -> People:
    people = People(
        database,
        owner_id=settings.telegram_owner_id,
        operators=settings.allowed_ids,
        language=settings.muhan_language.value,
    )
    await people.load()
    return people


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


def _next_orders(desk: Desk) -> datetime:
    """Say from when on the next orders may go out."""
    now = desk.clock.now()
    session = desk.calendar.current_or_next(now)
    opens = desk.opens(timetable(session))
    if opens > now:
        return opens
    return desk.opens(timetable(desk.calendar.following(session.day)))


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


def _heartbeat(
    settings: Settings, watching: Watching, front: TelegramFront, wall: Clock
) -> Heartbeat | None:
    url, chat = settings.muhan_heartbeat_url.get_secret_value(), settings.muhan_heartbeat_chat
    if not url and chat is None:
        return None
    write = None if chat is None else partial(front.direct.beat, chat)
    return Heartbeat(watching.pulse, wall, url=url, write=write)


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

"""The rooms that stand on the ground: trading, the chat, watching, upkeep, control, backups."""

from contextlib import AbstractAsyncContextManager
from datetime import datetime
from functools import partial
from importlib.metadata import version

from bot import totp
from bot.app.ground import Ground
from bot.charts.model import Draw, no_pictures
from bot.clock import Clock
from bot.control.room import ControlRoom
from bot.daily_backup import DailyBackup, latest_backup
from bot.doing import STARTING, now_doing
from bot.laboratory.workshop import Workshop
from bot.nursery import Nursery
from bot.price_room import PriceRoom
from bot.setting_values import Pictures, WhenBlocked
from bot.settings import Settings
from bot.storage.chat import ChatStore
from bot.storage.forum_store import ForumStore
from bot.storage.panel_sessions import PanelSessions
from bot.storage.people import People
from bot.telegram.front import TelegramFront
from bot.timetable import timetable
from bot.trading.asking.bars import PastBars
from bot.trading.asking.outlooks import Outlooks
from bot.trading.asking.window import Window
from bot.trading.broker import meaning
from bot.trading.chat_guard import ChatGuard
from bot.trading.desk import Desk
from bot.trading.owner import Owner
from bot.trading.safeguards import Safeguards
from bot.trading.service import Trading
from bot.upkeep import Conditions, Upkeep
from bot.watching.heartbeat import Heartbeat
from bot.watching.room import Watching


def open_trading(ground: Ground) -> Trading:
    """Give the trading day, and have the bus take its commands to it."""
    bus, desk, home = ground.bus, ground.desk, ground.settings.muhan_home
    trading = Trading(desk)
    trading.register(bus)
    Owner(trading).register(bus)
    past = PastBars(desk)
    past.register(bus)
    Outlooks(desk, past).register(bus)
    totp.mask(home)
    Safeguards(trading, wall=ground.wall, secret=partial(totp.kept, home)).register(bus)
    PriceRoom(home, ground.prices, desk.clock, desk.calendar).register(bus)
    Window(trading, ground.teller).register(bus)
    return trading


async def open_guard(ground: Ground) -> None:
    """Take up the chat's locks where they were left."""
    guard = ChatGuard(ground.desk)
    guard.register(ground.bus)
    await guard.restore()


async def open_people(ground: Ground) -> People:
    """Give the people who may command, as the state file has them."""
    settings = ground.settings
    people = People(
        ground.database,
        owner_id=settings.telegram_owner_id,
        operators=settings.allowed_ids,
        language=settings.muhan_language.value,
    )
    await people.load()
    return people


def open_front(ground: Ground, people: People) -> TelegramFront:
    """Give the chat; nothing is polled before it is started."""
    settings, doors = ground.settings, ground.doors
    return TelegramFront(
        token=settings.telegram_bot_token,
        api_url=settings.telegram_api_url,
        people=people,
        language=settings.muhan_language.value,
        bus=ground.bus,
        views=ground.views,
        outbox=ground.outbox,
        chat_store=ChatStore(ground.database, nonce=doors.nonce),
        clock=ground.clock,
        wall=ground.wall,
        nursery=ground.nursery,
        venue=settings.muhan_venue.value,
        account_hint=f"****-{settings.kis_account[-2:]}",
        next_event=lambda: _next_orders(ground.desk),
        explain=meaning,
        open_session=doors.chat,
        draw=_draw(ground),
        workshop=Workshop(settings.muhan_home),
        pause_when_blocked=settings.muhan_blocked is WhenBlocked.PAUSE,
        forum=_forum(ground),
    )


def _draw(ground: Ground) -> Draw:
    wanted = ground.settings.muhan_pictures is Pictures.ON
    return ground.doors.draw(ground.settings.muhan_home) if wanted else no_pictures


def _forum(ground: Ground) -> ForumStore | None:
    chat_id = ground.settings.muhan_forum_chat
    return None if chat_id is None else ForumStore(ground.database, ground.outbox, chat_id)


async def open_watching(ground: Ground, trading: Trading, front: TelegramFront) -> Watching:
    """Begin to watch over the trading day."""
    still = ground.clock is not ground.wall
    watching = Watching(
        trading, ground.database, ground.wall, say=front.direct.held, stands_still=still
    )
    await watching.begin()
    return watching


def open_upkeep(ground: Ground, watching: Watching, people: People) -> Conditions:
    """Have the bus take what is asked about the program itself; give what such answers show."""
    conditions = Conditions(
        desk=ground.desk,
        broker=ground.broker,
        outbox=ground.outbox,
        wrong=watching.pulse.wrong,
        wall=ground.wall,
        home=ground.settings.muhan_home,
        backed_up_at=partial(latest_backup, ground.settings),
    )
    Upkeep(
        settings=ground.settings,
        database=ground.database,
        conditions=conditions,
        people=lambda: tuple(person.user_id for person in people.all()),
        wall=ground.wall,
    ).register(ground.bus)
    return conditions


def open_control(ground: Ground, people: People) -> AbstractAsyncContextManager[None]:
    """Give the socket that console and dashboard ask by, open while the block lasts."""
    desk, settings = ground.desk, ground.settings
    room = ControlRoom(
        home=settings.muhan_home,
        desk=desk,
        people=people,
        sessions=PanelSessions(ground.database),
        store=ChatStore(ground.database, nonce=ground.doors.nonce),
        wall=ground.wall,
        version=version("muhan"),
        venue=settings.muhan_venue.value,
        address=settings.muhan_dashboard_url,
        doing=lambda: now_doing(desk) if desk.gate_open else STARTING,
        next_orders=lambda: _next_orders(desk),
    )
    return room.open(ground.doors.listen)


def heartbeat(ground: Ground, watching: Watching, front: TelegramFront) -> Heartbeat | None:
    """Give the sign of life that was set; None where none was."""
    settings = ground.settings
    url, chat = settings.muhan_heartbeat_url.get_secret_value(), settings.muhan_heartbeat_chat
    if not url and chat is None:
        return None
    write = None if chat is None else partial(front.direct.beat, chat)
    return Heartbeat(watching.pulse, ground.wall, url=url, write=write)


def back_up_daily(nursery: Nursery, settings: Settings, desk: Desk, wall: Clock) -> None:
    """Have a backup made each day, unless switched off."""
    if settings.muhan_backup_keep and desk.clock is wall:  # the demo's state is for play
        backup = DailyBackup(settings, desk, wall, version("muhan"))
        nursery.start(backup.run(), name="daily backup")


def _next_orders(desk: Desk) -> datetime:
    """Say from when on the next orders may go out."""
    now = desk.clock.now()
    session = desk.calendar.current_or_next(now)
    opens = desk.opens(timetable(session))
    if opens > now:
        return opens
    return desk.opens(timetable(desk.calendar.following(session.day)))

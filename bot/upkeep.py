"""What the owner may ask of the running program itself: its condition, a backup, diagnostics."""

import asyncio
import platform
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import date, datetime
from importlib.metadata import version
from os import sysconf
from pathlib import Path

from bot import logs
from bot.archive import BackupRefused
from bot.backup import backed_up, backup_name
from bot.bus import Bus
from bot.clock import SEOUL, Clock
from bot.commands.upkeep import (
    AskCondition,
    AskNewer,
    AskProgram,
    AskSessions,
    Attachment,
    CanEncrypt,
    Condition,
    MakeBackup,
    MakeDiagnosis,
    MakeLog,
)
from bot.diagnosis import DEAD, EVENTS, Findings, bundle, bundle_name, told_settings
from bot.errors import CalendarEnded
from bot.settings import Settings
from bot.storage.database import DATABASE_NAME, Database
from bot.storage.inventory import Inventory
from bot.storage.outbox import Outbox
from bot.storage.views import AT_THE_BROKER, UNRESOLVED, RoundView
from bot.timetable import Timetable
from bot.trading.broker import KisBroker
from bot.trading.desk import Desk
from bot.trading.model import RoundState
from bot.trading.watch import Watcher
from bot.updates import latest_release

_STATM = Path("/proc/self/statm")


class Conditions:
    """Look at everything when asked. `watcher` is there once the websocket is followed."""

    def __init__(
        self,
        *,
        desk: Desk,
        broker: KisBroker,
        outbox: Outbox,
        wrong: Callable[[], Awaitable[tuple[str, ...]]],
        wall: Clock,
        home: Path,
        backed_up_at: Callable[[], datetime | None] = lambda: None,
    ) -> None:
        self._desk = desk
        self._broker = broker
        self._outbox = outbox
        self._wrong = wrong
        self._wall = wall
        self._home = home
        self._backed_up_at = backed_up_at
        self._began = wall.now()
        self.watcher: Watcher | None = None

    async def now(self) -> Condition:
        """Look once; asks neither KIS nor Telegram."""
        views, now = self._desk.views, self._desk.clock.now()
        expires, traded = self._broker.token_expires_at, self._traded_at()
        disk = shutil.disk_usage(self._home)
        dead, why = await self._outbox.dead()
        rounds, copied = await views.today(), self._backed_up_at()
        return Condition(
            at=now,
            up_for=self._wall.now() - self._began,
            wrong=await self._wrong(),
            token_left=expires - now if expires else None,
            websocket=self.watcher.state if self.watcher else "",
            traded_ago=now - traded if traded else None,
            open_orders=len(await views.orders_in(*AT_THE_BROKER)),
            unknown_orders=len(await views.orders_in(*UNRESOLVED)),
            letters=await self._outbox.unsent(),
            dead=dead,
            dead_why=why,
            state=_size(self._home / DATABASE_NAME),
            disk_used=round(disk.used / disk.total * 100),
            memory=_resident(),
            backed_up_ago=self._wall.now() - copied if copied else None,
            ahead=self._desk.ahead(),
            last_round=_brief(rounds[-1]) if rounds else None,
        )

    def sessions(self, count: int) -> tuple[Timetable, ...]:
        """Give the hours of the next sessions, as far as the calendar knows them."""
        found: list[Timetable] = []
        calendar = self._desk.calendar
        try:
            session = calendar.current_or_next(self._desk.clock.now())
            while len(found) < count:
                found.append(self._desk.table(session.day))
                session = calendar.following(session.day)
        except CalendarEnded:
            pass  # whoever asks sees that they are fewer
        return tuple(found)

    def _traded_at(self) -> datetime | None:
        return self.watcher.traded_at if self.watcher else None


def _brief(view: RoundView) -> tuple[date, str, RoundState]:
    symbol = view.plan.cycle.rules.symbol if view.plan else ""
    return view.session, symbol, view.state


def _size(path: Path) -> int:
    """Count the state file's bytes with what its log holds."""
    parts = (path, path.with_name(f"{path.name}-wal"))
    return sum(part.stat().st_size for part in parts if part.exists())


def _resident() -> int | None:
    """Read this process's memory (bytes); None on a system without /proc."""
    try:
        pages = int(_STATM.read_text(encoding="ascii").split()[1])
    except FileNotFoundError:
        return None
    return pages * sysconf("SC_PAGE_SIZE")


class Upkeep:
    """Answer what the owner asks of the program; files are made beside the bot's own work."""

    def __init__(
        self,
        *,
        settings: Settings,
        database: Database,
        conditions: Conditions,
        people: Callable[[], tuple[int, ...]],
        wall: Clock,
    ) -> None:
        self._settings = settings
        self._inventory = Inventory(database)
        self._conditions = conditions
        self._people = people
        self._wall = wall

    def register(self, bus: Bus) -> None:
        """Take the questions and errands of the upkeep."""
        bus.handle(AskCondition, self._condition)
        bus.handle(AskProgram, self._program)
        bus.handle(AskNewer, self._newer)
        bus.handle(AskSessions, self._sessions)
        bus.handle(CanEncrypt, self._can_encrypt)
        bus.handle(MakeBackup, self._backup)
        bus.handle(MakeLog, self._log)
        bus.handle(MakeDiagnosis, self._diagnosis)

    async def _condition(self, _command: AskCondition) -> Condition:
        return await self._conditions.now()

    async def _newer(self, _command: AskNewer) -> str:
        if not self._settings.muhan_update_url:
            return ""
        release = await latest_release(self._settings.muhan_update_url)
        return release.version if release.newer_than(version("muhan")) else ""

    async def _sessions(self, command: AskSessions) -> tuple[Timetable, ...]:
        return self._conditions.sessions(command.count)

    async def _can_encrypt(self, _command: CanEncrypt) -> bool:
        return bool(self._settings.muhan_backup_passphrase.get_secret_value())

    async def _backup(self, command: MakeBackup) -> Attachment:
        now = self._wall.now()
        secret = self._settings.muhan_backup_passphrase.get_secret_value()
        if not secret and not command.plain:
            raise BackupRefused(
                "암호화할 암호가 없어 백업을 보내지 않았습니다: .env에 MUHAN_BACKUP_PASSPHRASE를 "
                "적고 봇을 다시 켜거나, /backup 을 다시 눌러 암호 없이 받아 주세요.",
                "There is no passphrase to encrypt with, so no backup was sent: write "
                "MUHAN_BACKUP_PASSPHRASE into .env and start the bot again, or ask /backup once "
                "more and take it unencrypted.",
            )
        secret = "" if command.plain else secret
        data = await asyncio.to_thread(
            backed_up,
            self._settings.muhan_home,
            now=now,
            version=version("muhan"),
            venue=self._settings.muhan_venue.value,
            passphrase=secret,
        )
        return Attachment(name=backup_name(now, secret=bool(secret)), data=data)

    async def _log(self, _command: MakeLog) -> Attachment:
        now = self._wall.now().astimezone(SEOUL)
        text = "\n".join(logs.recent_lines())
        return Attachment(name=f"muhan-log-{now:%Y%m%d-%H%M%S}.jsonl", data=text.encode())

    async def _diagnosis(self, _command: MakeDiagnosis) -> Attachment:
        now = self._wall.now()
        findings = Findings(
            made_at=now,
            program=await self._program(AskProgram()),
            settings=told_settings(self._settings),
            condition=asdict(await self._conditions.now()),
            state={
                "tables": await self._inventory.tables(),
                "states": await self._inventory.states(),
                "events": await self._inventory.events(EVENTS),
                "dead_letters": await self._inventory.dead_letters(DEAD),
            },
            people=self._people(),
            log=tuple(logs.recent_lines()),
        )
        data = await asyncio.to_thread(bundle, findings)
        return Attachment(name=bundle_name(now), data=data)

    async def _program(self, _command: AskProgram) -> dict[str, str]:
        return {
            "muhan": version("muhan"),
            "python": platform.python_version(),
            "system": f"{platform.system()} {platform.machine()}",
            "aiogram": version("aiogram"),
            "state": str(await self._inventory.format()),
        }

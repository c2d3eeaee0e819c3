"""One backup a day beside the running bot: made, proved by restoring it, kept so many days.

It is made in Seoul's working hours, when New York sleeps and no order goes out. Only what this
module made is ever deleted here, and only once a newer one has been proved.
"""

import asyncio
import os
import re
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from bot.archive import BackupRefused, archive_name, read
from bot.backup import WORKPLACES, backed_up, prove
from bot.clock import SEOUL, Clock
from bot.events import BackupFailed
from bot.sealing import Unopened
from bot.settings import Settings
from bot.storage.damage import DatabaseError
from bot.storage.failing import StorageFailing
from bot.storage.watch_projections import backup_failed, told_already
from bot.trading.desk import Desk
from bot.trading.recovery import LedgerBroken

FOLDER_NAME = "backups"
FIRST_LOOK = timedelta(minutes=10)
"""After a start the machine has other things to do."""
EVERY = timedelta(minutes=30)
WORKING_HOURS = range(8, 18)
"""Seoul's hours. Where a machine is off by day, a backup older than `LATEST` is reason enough."""
LATEST = timedelta(hours=36)
KIND = "daily"
STALE = timedelta(days=1)

_NAME = re.compile(r"muhan-daily-(\d{8}-\d{6})\.(?:muhan|zip)")
_UNFINISHED = "muhan-daily-*.part"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """A daily backup that is there: its file, and when it was made (aware)."""

    path: Path
    made_at: datetime


def folder_of(settings: Settings) -> Path:
    """Name the folder of the daily backups."""
    return settings.muhan_backup_folder or settings.muhan_home / FOLDER_NAME


def kept(folder: Path) -> list[Kept]:
    """List the daily backups in a folder, the latest first. Raises OSError."""
    found = []
    for path in folder.iterdir() if folder.exists() else ():
        if match := _NAME.fullmatch(path.name):
            with suppress(ValueError):  # such as the 31st of February
                local = datetime.strptime(match[1], "%Y%m%d-%H%M%S").replace(tzinfo=SEOUL)
                found.append(Kept(path=path, made_at=local))
    return sorted(found, key=lambda each: each.made_at, reverse=True)


def latest_backup(settings: Settings) -> datetime | None:
    """Say when the latest daily backup was made; None without one, or where none can be seen."""
    try:
        there = kept(folder_of(settings))
    except OSError:
        return None
    return there[0].made_at if there else None


def is_due(now: datetime, latest: datetime | None) -> bool:
    """Tell whether a backup is to be made at an aware instant, given when the latest was made."""
    if latest is None:
        return True
    local = now.astimezone(SEOUL)
    if latest.astimezone(SEOUL).date() >= local.date():
        return False
    return local.hour in WORKING_HOURS or now - latest > LATEST


def make(settings: Settings, *, now: datetime, version: str) -> Path:
    """Make today's backup, prove it, put it in its place, and let the oldest go. Blocks.

    Raises OSError where its folder cannot be used, DatabaseError, BackupRefused, LedgerBroken.
    """
    folder, secret = folder_of(settings), settings.muhan_backup_passphrase.get_secret_value()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for unfinished in folder.glob(_UNFINISHED):
        unfinished.unlink()
    _sweep(settings.muhan_home, now)
    path = folder / archive_name(KIND, now, secret=bool(secret))
    unfinished = path.with_name(f"{path.name}.part")
    # Handed over and forgotten: the copy must not be in memory twice while it is tried.
    _write(
        unfinished,
        backed_up(
            settings.muhan_home,
            now=now,
            version=version,
            venue=settings.muhan_venue.value,
            passphrase=secret,
        ),
    )
    # What the disk gives back is tried, not what it was given.
    prove(read(unfinished, secret), settings.muhan_home)
    unfinished.replace(path)
    for old in kept(folder)[settings.muhan_backup_keep :]:
        old.path.unlink()
    return path


def _write(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sweep(home: Path, now: datetime) -> None:
    """Remove the folders of copies that a power cut or a kill left half way, a day later."""
    for prefix in WORKPLACES:
        for left in home.glob(f"{prefix}*"):
            if left.is_dir() and now.timestamp() - left.stat().st_mtime > STALE.total_seconds():
                shutil.rmtree(left)


class DailyBackup:
    """Look every half hour whether today's backup is due; tell the owner once when it fails."""

    def __init__(
        self,
        settings: Settings,
        desk: Desk,
        wall: Clock,
        version: str,
        *,
        make: Callable[..., Path] = make,
    ) -> None:
        self._settings = settings
        self._desk = desk
        self._wall = wall
        self._version = version
        self._make = make

    async def run(self) -> None:
        """Look until cancelled."""
        await self._wall.sleep(FIRST_LOOK.total_seconds())
        while True:
            await self.look()
            await self._wall.sleep(EVERY.total_seconds())

    async def look(self) -> None:
        """Make today's backup if it is due."""
        now = self._wall.now()
        try:
            there = await asyncio.to_thread(kept, folder_of(self._settings))
            if is_due(now, there[0].made_at if there else None):
                path = await asyncio.to_thread(
                    self._make, self._settings, now=now, version=self._version
                )
                log.info("the daily backup is made and proved", file=path.name)
        except OSError as error:
            await self._failed(now, "place", error.strerror or type(error).__name__)
        except StorageFailing as error:
            await self._failed(now, "place", error.reason)
        except (BackupRefused, Unopened, LedgerBroken) as error:
            await self._failed(now, "proof", type(error).__name__)
        except DatabaseError as error:
            await self._failed(now, "state", type(error).__name__)

    async def _failed(self, now: datetime, why: str, detail: str) -> None:
        log.error("the daily backup failed", why=why, detail=detail)
        event = BackupFailed(day=now.astimezone(SEOUL).date(), why=why, detail=detail)
        try:
            async with self._desk.recording() as recording:
                if not await told_already(recording.transaction, backup_failed(event)):
                    await recording.record(event)
        except StorageFailing as failing:
            log.warning("nor could that be written down", reason=failing.reason)

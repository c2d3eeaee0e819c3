"""A backup of what the bot knows, and the way back to one.

A backup holds the state file, the owner's calendar and a rehearsal's own account, and no key:
neither `.env`, nor the broker's token, nor the secret of the one-time codes. What is restored does
not trade until the owner says so after holding it against the broker: it does not know what was
ordered since.
"""

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.archive import (
    Archive,
    BackupRefused,
    Kind,
    Manifest,
    archive_name,
    no_backup,
    packed,
    stamp,
)
from bot.events import TradingStopped
from bot.instance import only_instance
from bot.paper.keys import KEYS_NAME, STATE_NAME
from bot.sessions import OVERRIDES_NAME
from bot.storage.copies import NEWER, copy_of, objection, plain_copy_of
from bot.storage.database import DATABASE_NAME, opened
from bot.storage.journal import Journal
from bot.storage.views import Views
from bot.totp import FILE_NAME as TOTP_NAME
from bot.trading.model import CONSOLE
from bot.trading.recovery import check_ledger

HELD_BACK = frozenset({"stopped", "killed"})
WORKPLACES = ("backup-", "proof-", "restore-")
"""How the folders begin, inside MUHAN_HOME, that a copy is made, tried and unpacked in."""
RESTORED = (DATABASE_NAME, OVERRIDES_NAME, STATE_NAME, KEYS_NAME, TOTP_NAME)
"""What of an archive is put into MUHAN_HOME."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Restored:
    """What a restore did; `aside` are the files that stood there before, under their new names."""

    manifest: Manifest
    aside: tuple[Path, ...]


def backup_name(now: datetime, *, secret: bool) -> str:
    """Name a backup by its moment in Seoul: muhan-backup-20261127-203000.muhan, plain .zip."""
    return archive_name(Kind.BACKUP, now, secret=secret)


def backed_up(
    home: Path, *, now: datetime, version: str, venue: str, passphrase: str = ""
) -> bytes:
    """Make a backup of MUHAN_HOME beside a bot that may run; sealed when there is a passphrase.

    Blocks. Raises BackupRefused when there is nothing to back up, DatabaseError when it cannot be
    copied.
    """
    return packed(
        state_of(home),
        kind=Kind.BACKUP,
        now=now,
        version=version,
        venue=venue,
        passphrase=passphrase,
    )


def state_of(home: Path) -> dict[str, bytes]:
    """Read what the bot knows, each file at one moment of it. Blocks; raises as `backed_up`."""
    path = home / DATABASE_NAME
    if not path.exists():
        raise BackupRefused(
            f"백업할 상태 파일 {path}이 없습니다: 봇을 한 번도 켜지 않았거나 MUHAN_HOME이 "
            "다릅니다.",
            f"There is no state file {path} to back up: the bot never ran, or MUHAN_HOME differs.",
        )
    with TemporaryDirectory(dir=home, prefix="backup-") as folder:
        copy = Path(folder, DATABASE_NAME)
        copy_of(path, copy)
        contents = {DATABASE_NAME: copy.read_bytes()}
        if (home / STATE_NAME).exists():
            room = Path(folder, STATE_NAME)
            plain_copy_of(home / STATE_NAME, room)
            contents[STATE_NAME] = room.read_bytes()
    for name in (OVERRIDES_NAME, KEYS_NAME):
        if (home / name).exists():
            contents[name] = (home / name).read_bytes()
    return contents


def prove(archive: Archive, folder: Path) -> None:
    """See that a backup can be restored: unpack, migrate and rebuild it beside the living state.

    Blocks. Raises BackupRefused, DatabaseError, LedgerBroken.
    """
    with TemporaryDirectory(dir=folder, prefix="proof-") as place:
        _unpack(archive, Path(place))
        asyncio.run(_rebuilt(Path(place, DATABASE_NAME)))


async def _rebuilt(path: Path) -> None:
    async with opened(path) as database:
        await check_ledger(Journal(database), Views(database))


def restore(home: Path, archive: Archive, *, venue: str, now: Callable[[], datetime]) -> Restored:
    """Put a backup in the place of MUHAN_HOME's state, stopped; nothing is deleted. Blocks.

    The state that stands there is renamed. Whatever fails, fails before anything was moved. Raises
    AnotherInstance while a bot runs there, BackupRefused, DatabaseError.
    """
    manifest = archive.manifest
    if manifest.venue != venue:
        raise BackupRefused(
            f"이 백업은 MUHAN_VENUE={manifest.venue}의 것인데 지금은 MUHAN_VENUE={venue}입니다. "
            "거기서 승인한 주문이 여기로 나가지 않도록 되돌리지 않았습니다.",
            f"This backup is of MUHAN_VENUE={manifest.venue}, and now MUHAN_VENUE={venue}. So that "
            "no order approved there goes out here, nothing was restored.",
        )
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with only_instance(home), TemporaryDirectory(dir=home, prefix="restore-") as folder:
        unpacked = Path(folder)
        names = _unpack(archive, unpacked)
        asyncio.run(_stopped(unpacked / DATABASE_NAME, now()))
        aside = _set_aside(home, names, stamp(now()))
        for name in names:
            (unpacked / name).replace(home / name)
        _made_durable(home)
    return Restored(manifest=manifest, aside=aside)


def _unpack(archive: Archive, folder: Path) -> tuple[str, ...]:
    """Write the state's files into a folder (0600), and look at what the bot would open."""
    names = tuple(name for name in RESTORED if name in archive.contents)
    for name in names:
        target = folder / name
        target.touch(mode=0o600)
        target.write_bytes(archive.contents[name])
    found = objection(folder / DATABASE_NAME)
    if found == NEWER:
        raise BackupRefused(
            f"{archive.path.name}은 더 새로운 프로그램의 백업입니다. 되돌리지 않았습니다: "
            "프로그램을 올린 뒤 다시 해 주세요.",
            f"{archive.path.name} is a newer program's backup. Nothing was restored: update Muhan "
            "first.",
        )
    if found:
        raise no_backup(archive.path, found)
    return names


async def _stopped(path: Path, at: datetime) -> None:
    """Have the state that is to be restored trade nothing, before it stands where a bot finds it.

    Opening it brings it to this program's format too.
    """
    async with opened(path) as database:
        if await Views(database).trading() in HELD_BACK:
            return
        async with Journal(database).recording(at) as recording:
            await recording.record(TradingStopped(cancel=False, by=CONSOLE))


def _set_aside(home: Path, names: tuple[str, ...], mark: str) -> tuple[Path, ...]:
    """Rename what is about to be replaced. The log goes last: a file without it is still whole."""
    logs = [f"{name}-{kind}" for name in names for kind in ("wal", "shm")]
    moved = []
    for name in (*names, *logs):
        path = home / name
        if path.exists():
            # Named like a migration's copy: a bot that starts after a crash right here finds it.
            to = home / f"muhan.before-restore-{mark}.{name}"
            path.rename(to)
            moved.append(to)
    return tuple(moved)


def _made_durable(home: Path) -> None:
    for path in (home / DATABASE_NAME, home):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

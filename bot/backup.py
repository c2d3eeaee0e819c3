"""A backup of what the bot knows, and the way back to one.

A backup holds the state file and the owner's calendar, and no key: neither `.env`, nor the broker's
token, nor the secret of the one-time codes. What is restored does not trade until the owner says so
after holding it against the broker: it does not know what was ordered since.
"""

import asyncio
import hashlib
import json
import os
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import BadZipFile, ZipFile

from bot.clock import SEOUL
from bot.errors import MuhanError
from bot.events import TradingStopped
from bot.instance import only_instance
from bot.sessions import OVERRIDES_NAME
from bot.storage.copies import NEWER, copy_of, objection
from bot.storage.database import DATABASE_NAME, opened
from bot.storage.journal import Journal
from bot.storage.views import Views
from bot.trading.model import CONSOLE

FORMAT = 1
MANIFEST = "manifest.json"
LARGEST = 4 * 2**30
"""Bytes that a backup may unpack to: far above any journal, far below a disk."""
HELD_BACK = frozenset({"stopped", "killed"})
LOGS = (f"{DATABASE_NAME}-wal", f"{DATABASE_NAME}-shm")


class BackupRefused(MuhanError):
    """There is nothing to back up, or what was named is no backup that can be restored here."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Manifest:
    """What a backup says of itself; `made_at` is aware, `files` are names with their SHA-256."""

    made_at: datetime
    version: str
    venue: str
    files: dict[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Restored:
    """What a restore did; `aside` are the files that stood there before, under their new names."""

    manifest: Manifest
    aside: tuple[Path, ...]


def backup_name(now: datetime) -> str:
    """Name a backup by its moment in Seoul: muhan-backup-20261127-203000.zip."""
    return f"muhan-backup-{_stamp(now)}.zip"


def backed_up(home: Path, *, now: datetime, version: str, venue: str) -> bytes:
    """Make a backup of MUHAN_HOME beside a bot that may run. Blocks.

    Raises BackupRefused when there is nothing to back up, DatabaseError when it cannot be copied.
    """
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
    overrides = home / OVERRIDES_NAME
    if overrides.exists():
        contents[OVERRIDES_NAME] = overrides.read_bytes()
    manifest = {
        "backup": FORMAT,
        "made_at": now.astimezone(UTC).isoformat(),
        "version": version,
        "venue": venue,
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in contents.items()},
    }
    return _zipped({MANIFEST: json.dumps(manifest, indent=1).encode(), **contents})


def manifest_of(archive: Path) -> Manifest:
    """Read what a backup says of itself. Raises BackupRefused when it is none of ours."""
    try:
        with ZipFile(archive) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > LARGEST:
                raise _no_backup(archive, "too large")
            told = json.loads(packed.read(MANIFEST))
        files = {str(name): str(digest) for name, digest in told["files"].items()}
        manifest = Manifest(
            made_at=datetime.fromisoformat(told["made_at"]),
            version=str(told["version"]),
            venue=str(told["venue"]),
            files=files,
        )
    except (OSError, BadZipFile, ValueError, LookupError, TypeError, AttributeError) as error:
        raise _no_backup(archive, " ".join(str(error).split())) from error
    known = {DATABASE_NAME, OVERRIDES_NAME}
    if told.get("backup") != FORMAT or DATABASE_NAME not in files or not set(files) <= known:
        raise _no_backup(archive, "another program's, or a later one's")
    return manifest


def restore(home: Path, archive: Path, *, venue: str, now: Callable[[], datetime]) -> Restored:
    """Put a backup in the place of MUHAN_HOME's state, stopped; nothing is deleted. Blocks.

    The state that stands there is renamed. Whatever fails, fails before anything was moved. Raises
    AnotherInstance while a bot runs there, BackupRefused, DatabaseError.
    """
    manifest = manifest_of(archive)
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
        _unpack(archive, manifest, unpacked)
        asyncio.run(_stopped(unpacked / DATABASE_NAME, now()))
        aside = _set_aside(home, manifest, _stamp(now()))
        for name in manifest.files:
            (unpacked / name).replace(home / name)
        _made_durable(home)
    return Restored(manifest=manifest, aside=aside)


def _unpack(archive: Path, manifest: Manifest, folder: Path) -> None:
    try:
        with ZipFile(archive) as packed:
            contents = {name: packed.read(name) for name in manifest.files}
    except (OSError, BadZipFile, LookupError, zipfile.LargeZipFile) as error:
        raise _no_backup(archive, " ".join(str(error).split())) from error
    for name, digest in manifest.files.items():
        if hashlib.sha256(contents[name]).hexdigest() != digest:
            raise _no_backup(archive, f"{name} is not what was packed")
        target = folder / name
        target.touch(mode=0o600)
        target.write_bytes(contents[name])
    found = objection(folder / DATABASE_NAME)
    if found == NEWER:
        raise BackupRefused(
            f"{archive.name}은 더 새로운 프로그램의 백업입니다. 되돌리지 않았습니다: 프로그램을 "
            "올린 뒤 다시 해 주세요.",
            f"{archive.name} is a newer program's backup. Nothing was restored: update Muhan "
            "first.",
        )
    if found:
        raise _no_backup(archive, found)


async def _stopped(path: Path, at: datetime) -> None:
    """Have the state that is to be restored trade nothing, before it stands where a bot finds it.

    Opening it brings it to this program's format too.
    """
    async with opened(path) as database:
        if await Views(database).trading() in HELD_BACK:
            return
        async with Journal(database).recording(at) as recording:
            await recording.record(TradingStopped(cancel=False, by=CONSOLE))


def _set_aside(home: Path, manifest: Manifest, stamp: str) -> tuple[Path, ...]:
    """Rename what is about to be replaced. The log goes last: a file without it is still whole."""
    moved = []
    for name in (*manifest.files, *LOGS):
        path = home / name
        if path.exists():
            # Named like a migration's copy: a bot that starts after a crash right here finds it.
            to = home / f"muhan.before-restore-{stamp}.{name}"
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


def _zipped(contents: dict[str, bytes]) -> bytes:
    packed = BytesIO()
    with ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in contents.items():
            archive.writestr(name, data)
    return packed.getvalue()


def _stamp(now: datetime) -> str:
    return f"{now.astimezone(SEOUL):%Y%m%d-%H%M%S}"


def _no_backup(archive: Path, why: str) -> BackupRefused:
    return BackupRefused(
        f"{archive}은 되돌릴 수 있는 백업이 아닙니다 ({why}). 바뀐 것은 없습니다: muhan backup이나 "
        "/backup 으로 만든 zip 파일을 적어 주세요.",
        f"{archive} is no backup that can be restored ({why}). Nothing was changed: name a zip "
        "file that muhan backup or /backup made.",
    )

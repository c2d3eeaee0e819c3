"""The state file as a killed process left it: main file and write-ahead log, in parts too."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.storage.database import DATABASE_NAME, opened
from bot.storage.journal import Journal
from bot.storage.views import CycleView, Views
from bot.trading.recovery import check_ledger

HEADER = 32
"""Bytes before the log's first frame (SQLite file format, section 4.1)."""
FRAME_HEADER = 24

Contents = dict[str, list[tuple[Any, ...]]]


@dataclass(frozen=True, kw_only=True)
class Leftovers:
    """What power or a kill left on the disk, byte for byte."""

    main: bytes
    log: bytes

    @property
    def frame(self) -> int:
        return FRAME_HEADER + int.from_bytes(self.log[8:12], "big")

    @property
    def frames(self) -> int:
        return (len(self.log) - HEADER) // self.frame

    def commits(self) -> list[int]:
        """List the numbers of frames that are there after each commit."""
        starts = (HEADER + index * self.frame for index in range(self.frames))
        sizes = (self.log[start + 4 : start + 8] for start in starts)
        return [index + 1 for index, size in enumerate(sizes) if any(size)]

    def cut(self, home: Path, frames: int, *, torn: bytes = b"") -> Path:
        """Lay the files out with the log's first frames only, and what a torn write left."""
        home.mkdir()
        path = home / DATABASE_NAME
        path.write_bytes(self.main)
        log = self.log[: HEADER + frames * self.frame] + torn
        path.with_name(f"{path.name}-wal").write_bytes(log)
        return path


def left_in(home: Path) -> Leftovers:
    path = home / DATABASE_NAME
    log = path.with_name(f"{path.name}-wal")
    return Leftovers(main=path.read_bytes(), log=log.read_bytes())


async def recovered(path: Path) -> Contents:
    """Open a state file as the bot does at its start, and give all that it holds then."""
    async with opened(path) as database:
        await check_ledger(Journal(database), Views(database))
    return contents(path)


async def ledger(path: Path) -> list[CycleView]:
    """Read every cycle as the bot does, from a file that may be damaged elsewhere."""
    async with opened(path) as database:
        return list(await Views(database).cycles())


def contents(path: Path) -> Contents:
    connection = sqlite3.connect(path)
    connection.text_factory = lambda raw: raw.decode(errors="replace")  # a flipped byte may be text
    try:
        named = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        tables = [name for (name,) in connection.execute(named)]
        return {
            name: connection.execute(f"SELECT * FROM {name}").fetchall()  # noqa: S608
            for name in tables
            if not name.startswith("sqlite_")
        }
    finally:
        connection.close()


def version(path: Path) -> int:
    connection = sqlite3.connect(path)
    try:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])
    finally:
        connection.close()

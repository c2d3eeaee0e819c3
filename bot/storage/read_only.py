"""The state file for whoever only looks: opened read-only beside a bot that runs, or does not."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote

import aiosqlite

from bot.storage.damage import DatabaseError, newer, unusable
from bot.storage.database import Database, known_format


@asynccontextmanager
async def opened_to_read(path: Path) -> AsyncIterator[Database]:
    """Open the state file at `path` without the right to write to it, and without migrating it.

    What the bot commits meanwhile is seen by the next question (WAL). Raises DatabaseError when
    there is none yet, when it is damaged, or when it has another program's format.
    """
    if not path.exists():
        raise DatabaseError(
            f"아직 기록이 없습니다 ({path}): muhan run을 한 번 시작한 뒤 다시 열어 주세요.",
            f"There is no record yet ({path}): start muhan run once, then open this again.",
        )
    try:
        address = f"file:{quote(str(path))}?mode=ro"
        async with aiosqlite.connect(address, uri=True, isolation_level=None) as reader:
            reader.row_factory = aiosqlite.Row
            await reader.execute("PRAGMA query_only = ON")
            await reader.execute("PRAGMA busy_timeout = 5000")
            database = Database(reader, reader, path)
            await _same_format(database, path)
            yield database
    except aiosqlite.DatabaseError as error:
        raise unusable(path, error) from error


async def _same_format(database: Database, path: Path) -> None:
    row = await database.one("PRAGMA user_version")
    have, known = int(row[0]) if row else 0, known_format()
    if have > known:
        raise newer(path, have, known)
    if have < known:
        raise DatabaseError(
            f"기록이 예전 형식입니다 ({have} < {known}): muhan run을 한 번 시작하면 바뀝니다.",
            f"The record has an older format ({have} < {known}): start muhan run once to bring it "
            "forward.",
        )

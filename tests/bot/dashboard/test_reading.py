"""The reading room: a real state file, read while another connection writes it; never written."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from bot.dashboard.reading import Reading
from bot.storage.damage import DatabaseError
from bot.storage.database import DATABASE_NAME, Database, opened
from bot.storage.failing import StorageFailing

PAUSE = "INSERT OR REPLACE INTO preference (name, value) VALUES ('trading', 'paused')"


async def write(path: Path, *statements: str) -> None:
    async with opened(path) as database, database.transaction() as tx:
        for statement in statements:
            await tx.execute(statement)


async def test_what_the_bot_writes_is_seen_by_the_next_question(tmp_path: Path) -> None:
    path = tmp_path / DATABASE_NAME
    async with opened(path) as database:
        reading = Reading(tmp_path)
        assert reading.ask(lambda views: views.trading()) == "running"
        before = reading.record()
        assert reading.record() is before, "it is kept until somebody writes"
        async with database.transaction() as tx:
            await tx.execute(PAUSE)
        assert reading.ask(lambda views: views.trading()) == "paused"
        assert reading.record() is not before
        reading.close()


async def test_nothing_is_written_through_it(tmp_path: Path) -> None:
    await write(tmp_path / DATABASE_NAME)

    async def pause(database: Database) -> None:
        async with database.transaction() as tx:
            await tx.execute(PAUSE)

    reading = Reading(tmp_path)
    with pytest.raises((StorageFailing, DatabaseError)):
        reading.database(pause)
    assert reading.ask(lambda views: views.trading()) == "running"
    reading.close()


async def test_a_restored_backup_is_read_in_place_of_the_file_before(tmp_path: Path) -> None:
    path, other = tmp_path / DATABASE_NAME, tmp_path / "other.sqlite3"
    await write(path)
    await write(other, PAUSE)
    reading = Reading(tmp_path)
    assert reading.ask(lambda views: views.trading()) == "running"
    shutil.move(other, path)
    assert reading.ask(lambda views: views.trading()) == "paused"
    reading.close()


async def test_a_file_that_is_not_there_or_of_another_format_is_told_of_in_a_sentence(
    tmp_path: Path,
) -> None:
    reading = Reading(tmp_path)
    with pytest.raises(DatabaseError, match="muhan run"):
        reading.ask(lambda views: views.trading())
    assert not (tmp_path / DATABASE_NAME).exists(), "looking makes no file"
    path = tmp_path / DATABASE_NAME
    for version, told in ((3, "예전 형식"), (9999, "더 새로운 프로그램")):
        await write(path)
        set_version(path, version)
        with pytest.raises(DatabaseError, match=told):
            reading.ask(lambda views: views.trading())
        path.unlink()
    path.write_bytes(b"this is no database, and it is long enough to be seen as none" * 20)
    with pytest.raises(DatabaseError, match="손상"):
        reading.ask(lambda views: views.trading())
    reading.close()


async def test_a_file_that_is_damaged_while_it_is_read_is_told_of_in_a_sentence(
    tmp_path: Path,
) -> None:
    path = tmp_path / DATABASE_NAME
    await write(
        path,
        "INSERT INTO preference WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
        " WHERE i < 3000) SELECT i, hex(zeroblob(100)) FROM n",
    )
    reading = Reading(tmp_path)
    assert reading.ask(lambda views: views.trading()) == "running"
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * (size - 4096))

    async def everything(database: Database) -> None:
        await database.all("SELECT * FROM preference ORDER BY value")

    with pytest.raises(DatabaseError, match="손상"):
        reading.database(everything)
    reading.close()


def set_version(path: Path, version: int) -> None:
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {version}")
    connection.close()

"""A transaction begins with its first statement, and ends whole or not at all."""

import asyncio
import sqlite3
from pathlib import Path

import aiosqlite
import pytest

from bot.storage.database import Database, opened
from bot.storage.failing import StorageFailing

PREFERENCE = "INSERT INTO preference (name, value) VALUES (?, ?)"


async def kept(room: Database) -> list[tuple[str, str]]:
    rows = await room.all("SELECT name, value FROM preference ORDER BY name")
    return [(row["name"], row["value"]) for row in rows]


async def test_what_is_read_in_a_transaction_cannot_change_before_its_end(tmp_path: Path) -> None:
    path = tmp_path / "state"
    async with opened(path) as room, room.transaction() as tx:
        await tx.one("SELECT count(*) FROM preference")
        other = sqlite3.connect(path, timeout=0, isolation_level=None)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute(PREFERENCE, ("stopped", "1"))
        other.close()


async def test_a_block_without_a_statement_waits_for_no_other_process(tmp_path: Path) -> None:
    path = tmp_path / "state"
    async with opened(path) as room:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        async with room.transaction() as tx:
            pass
        other.close()
        assert not tx.wrote


async def test_a_statement_put_off_runs_in_its_order(tmp_path: Path) -> None:
    async with opened(tmp_path / "state") as room:
        async with room.transaction() as tx:
            tx.later(PREFERENCE, ("a", "1"))
            assert await tx.one("SELECT 1 FROM preference WHERE name = 'a'") is not None
            tx.later("UPDATE preference SET value = '2' WHERE name = 'a'")
        assert await kept(room) == [("a", "2")]


async def test_a_statement_put_off_that_fails_undoes_all(tmp_path: Path) -> None:
    async with opened(tmp_path / "state") as room:

        async def twice() -> None:
            async with room.transaction() as tx:
                await tx.execute(PREFERENCE, ("a", "1"))
                tx.later(PREFERENCE, ("a", "2"))

        with pytest.raises(aiosqlite.IntegrityError):
            await twice()
        assert await kept(room) == []
        async with room.transaction() as tx:
            tx.later(PREFERENCE, ("b", "1"))
        assert await kept(room) == [("b", "1")]


async def test_after_the_disk_undid_a_transaction_nothing_more_of_it_is_written(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path / "state") as room:
        async with room.transaction() as tx:
            pages = await tx.one("PRAGMA page_count")
            assert pages is not None
            await tx.execute(f"PRAGMA max_page_count = {pages[0] + 2}")

        async def deaf() -> None:
            async with room.transaction() as tx:
                await tx.execute(PREFERENCE, ("a", "1"))
                with pytest.raises(aiosqlite.OperationalError, match="full"):
                    await tx.execute(PREFERENCE, ("b", "x" * 100_000))
                await tx.execute(PREFERENCE, ("c", "1"))

        with pytest.raises(StorageFailing, match="full"):
            await deaf()
        async with room.transaction() as tx:
            await tx.execute(PREFERENCE, ("d", "1"))
        assert await kept(room) == [("d", "1")]


async def test_a_body_deaf_to_a_failed_statement_does_not_commit_without_it(tmp_path: Path) -> None:
    """What was put off behind the statement that failed never ran: the rest is not the whole."""
    async with opened(tmp_path / "state") as room:

        async def deaf() -> None:
            async with room.transaction() as tx:
                await tx.execute(PREFERENCE, ("a", "1"))
                tx.later(PREFERENCE, ("a", "2"))
                tx.later(PREFERENCE, ("b", "1"))
                with pytest.raises(aiosqlite.IntegrityError):
                    await tx.one("SELECT 1")

        with pytest.raises(aiosqlite.IntegrityError):
            await deaf()
        assert await kept(room) == []


async def test_what_a_body_raises_is_told_though_a_statement_put_off_would_have_failed(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path / "state") as room:

        async def raises() -> None:
            async with room.transaction() as tx:
                await tx.execute(PREFERENCE, ("a", "1"))
                tx.later(PREFERENCE, ("a", "2"))
                raise LookupError

        with pytest.raises(LookupError):
            await raises()
        async with room.transaction() as tx:
            await tx.execute(PREFERENCE, ("b", "1"))
        assert await kept(room) == [("b", "1")]


async def test_a_statement_after_the_end_of_its_transaction_is_refused(tmp_path: Path) -> None:
    async with opened(tmp_path / "state") as room:
        async with room.transaction() as tx:
            await tx.execute(PREFERENCE, ("a", "1"))
        with pytest.raises(aiosqlite.OperationalError, match="over"):
            await tx.execute(PREFERENCE, ("b", "1"))
        assert await kept(room) == [("a", "1")]


async def test_a_caller_cancelled_twice_leaves_all_or_nothing_and_no_transaction_open(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path / "state") as room:

        async def write(name: str) -> None:
            async with room.transaction() as tx:
                tx.later(PREFERENCE, (name, "1"))
                await tx.one("SELECT 1")
                tx.later(PREFERENCE, (f"{name}, too", "1"))

        for steps in range(8):
            for more in range(4):
                async with asyncio.TaskGroup() as group:
                    task = group.create_task(write(f"cancelled {steps}.{more}"))
                    for turns in (steps, more):
                        for _ in range(turns):
                            await asyncio.sleep(0)
                        task.cancel()
                await write(f"whole {steps}.{more}")
        names = {name for name, _ in await kept(room)}
    whole = {name for name in names if name.startswith("whole")}
    assert len(whole) == 2 * 8 * 4
    assert all(f"{name}, too" in names for name in names if not name.endswith(", too"))
    assert all(name.removesuffix(", too") in names for name in names)

"""The state file: whole transactions, migrations by number, two processes, damage."""

import asyncio
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import aiosqlite
import pytest

from bot.storage import database
from bot.storage.damage import DatabaseError
from bot.storage.database import Database, opened
from bot.storage.failing import StorageFailing

PREFERENCE = "INSERT INTO preference (name, value) VALUES (?, ?)"


async def count(room: Database, table: str = "preference") -> int:
    row = await room.one(f"SELECT count(*) AS n FROM {table}")  # noqa: S608 - the test's own name
    return int(row["n"]) if row else -1


@pytest.mark.fault(66, level="P")
async def test_a_new_file_is_private_migrated_and_fully_synchronous(tmp_path: Path) -> None:
    path = tmp_path / "state"
    async with opened(path) as room:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        async with room.transaction() as tx:
            assert dict(await tx.one("PRAGMA journal_mode") or {}) == {"journal_mode": "wal"}
            assert dict(await tx.one("PRAGMA synchronous") or {}) == {"synchronous": 2}
            assert dict(await tx.one("PRAGMA foreign_keys") or {}) == {"foreign_keys": 1}
            version = len(database._scripts())
            assert dict(await tx.one("PRAGMA user_version") or {}) == {"user_version": version}


async def test_a_block_that_raises_leaves_nothing_behind(tmp_path: Path) -> None:
    async with opened(tmp_path / "state") as room:

        async def interrupted() -> None:
            async with room.transaction() as tx:
                await tx.execute(PREFERENCE, ("a", "1"))
                raise KeyError

        with pytest.raises(KeyError):
            await interrupted()
        assert await count(room) == 0


async def test_a_commit_that_fails_leaves_no_transaction_open(tmp_path: Path) -> None:
    async with opened(tmp_path / "state") as room:

        async def fails_at_the_commit() -> None:
            async with room.transaction() as tx:
                await tx.execute("PRAGMA defer_foreign_keys = ON")
                await tx.execute("INSERT INTO outbox (seq) VALUES (99)")

        with pytest.raises(aiosqlite.IntegrityError):
            await fails_at_the_commit()
        async with room.transaction() as tx:
            await tx.execute(PREFERENCE, ("a", "1"))
        assert (await count(room), await count(room, "outbox")) == (1, 0)


async def test_a_caller_cancelled_at_any_moment_leaves_no_transaction_open(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path / "state") as room:

        async def write(name: str) -> None:
            async with room.transaction() as tx:
                await tx.execute(PREFERENCE, (name, "1"))

        for steps in range(12):
            async with asyncio.TaskGroup() as group:
                task = group.create_task(write(f"cancelled {steps}"))
                for _ in range(steps):
                    await asyncio.sleep(0)
                task.cancel()
            await write(f"whole {steps}")
        row = await room.one("SELECT count(*) AS n FROM preference WHERE name LIKE 'whole%'")
        assert row is not None
        assert row["n"] == 12


async def test_a_full_disk_is_an_error_and_the_next_write_works(tmp_path: Path) -> None:
    async with opened(tmp_path / "state") as room:
        async with room.transaction() as tx:
            pages = await tx.one("PRAGMA page_count")
            assert pages is not None
            await tx.execute(f"PRAGMA max_page_count = {pages['page_count'] + 2}")
        with pytest.raises(StorageFailing, match="full"):
            async with room.transaction() as tx:
                await tx.execute(PREFERENCE, ("a", "x" * 100_000))
        async with room.transaction() as tx:
            await tx.execute(PREFERENCE, ("b", "1"))
        assert await count(room) == 1


@pytest.mark.fault(65, level="P")
async def test_the_question_desks_connection_cannot_write(tmp_path: Path) -> None:
    async with opened(tmp_path / "state") as room:
        with pytest.raises(StorageFailing, match="readonly"):
            await room.all(PREFERENCE + " RETURNING name", ("a", "1"))


async def test_the_journal_is_append_only(tmp_path: Path) -> None:
    async with opened(tmp_path / "state") as room:
        async with room.transaction() as tx:
            await tx.insert("INSERT INTO journal (at, type, body) VALUES ('t', 'T', '{}')")
        for sql in ("UPDATE journal SET body = 'x'", "DELETE FROM journal"):
            with pytest.raises(aiosqlite.IntegrityError, match="append-only"):
                async with room.transaction() as tx:
                    await tx.execute(sql)
        assert await count(room, "journal") == 1


async def test_an_older_file_is_copied_and_brought_forward(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "muhan.sqlite3"
    async with opened(path) as room, room.transaction() as tx:
        await tx.execute(PREFERENCE, ("kept", "1"))
    before = len(database._scripts())
    scripts = [*database._scripts(), "ALTER TABLE preference ADD COLUMN note TEXT"]
    monkeypatch.setattr(database, "_scripts", lambda: scripts)
    for _ in range(2):
        async with opened(path) as room:
            row = await room.one("SELECT * FROM preference")
            assert dict(row or {}) == {"name": "kept", "value": "1", "note": None}
    with sqlite3.connect(tmp_path / f"muhan.before-{before + 1}") as copy:
        assert copy.execute("PRAGMA user_version").fetchone() == (before,)
        assert copy.execute("SELECT * FROM preference").fetchall() == [("kept", "1")]
    copy.close()


@pytest.mark.fault(64, level="P")
async def test_a_migration_that_fails_half_way_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "muhan.sqlite3"
    async with opened(path):
        pass
    whole = database._scripts()
    broken = [*whole, "CREATE TABLE half (a TEXT); CREATE TABLE half (a TEXT)"]
    monkeypatch.setattr(database, "_scripts", lambda: broken)
    with pytest.raises(DatabaseError):
        async with opened(path):
            pass
    monkeypatch.setattr(database, "_scripts", lambda: whole)
    async with opened(path) as room:
        assert await room.one("SELECT 1 FROM sqlite_master WHERE name = 'half'") is None


async def test_a_migration_that_would_break_a_reference_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "muhan.sqlite3"
    whole = database._scripts()
    async with opened(path) as room, room.transaction() as tx:
        await tx.execute("INSERT INTO journal (seq, at, type, body) VALUES (1, 't', 'T', '{}')")
        await tx.execute("INSERT INTO outbox (seq) VALUES (1)")
    losing = "DROP TRIGGER journal_is_append_only_d; DELETE FROM journal"
    monkeypatch.setattr(database, "_scripts", lambda: [*whole, losing])
    with pytest.raises(DatabaseError):
        async with opened(path):
            pass
    monkeypatch.setattr(database, "_scripts", lambda: whole)
    async with opened(path) as room:
        assert await count(room, "journal") == 1


async def test_the_file_of_one_cycle_a_symbol_keeps_its_rows_and_takes_a_second_cycle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "muhan.sqlite3"
    whole = database._scripts()
    cycle = (
        "INSERT INTO cycle (cycle_id, symbol, approval, state, started_at) VALUES (?, ?, ?, ?, ?)"
    )
    monkeypatch.setattr(database, "_scripts", lambda: whole[:1])
    async with opened(path) as room, room.transaction() as tx:
        await tx.execute(cycle, (1, "TQQQ", "auto", "{}", "2026-10-01T00:00:00+00:00"))
        await tx.execute(
            "INSERT INTO round (round_id, cycle_id, session, state, digest, approval, proposed_at)"
            " VALUES ('2026-10-07.1', 1, '2026-10-07', 'settled', 'd', 'auto', 't')"
        )
    monkeypatch.setattr(database, "_scripts", lambda: whole)
    async with opened(path) as room:
        async with room.transaction() as tx:
            await tx.execute(cycle, (2, "TQQQ", "auto", "{}", "t"))
        with pytest.raises(aiosqlite.IntegrityError):
            async with room.transaction() as tx:
                await tx.execute("UPDATE round SET cycle_id = 9")
        rows = await room.all("SELECT cycle_id, symbol, first_session FROM cycle ORDER BY cycle_id")
        assert [tuple(row) for row in rows] == [(1, "TQQQ", None), (2, "TQQQ", None)]
        assert await count(room, "round") == 1
    with sqlite3.connect(tmp_path / "muhan.before-2") as copy:
        assert copy.execute("PRAGMA user_version").fetchone() == (1,)
    copy.close()


@pytest.mark.fault(64, level="P")
async def test_a_newer_programs_file_is_refused_with_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "state"
    with sqlite3.connect(path) as other:
        other.execute("PRAGMA user_version = 99")
    other.close()
    with pytest.raises(DatabaseError, match="더 새로운 프로그램"):
        async with opened(path):
            pass


@pytest.mark.fault(63, level="P")
async def test_a_file_that_is_no_database_is_refused_with_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "state"
    path.write_bytes(b"not a database at all" * 400)
    with pytest.raises(DatabaseError, match="백업"):
        async with opened(path):
            pass


@pytest.mark.fault(63, level="P")
async def test_a_damaged_page_is_noticed_at_the_start(tmp_path: Path) -> None:
    path = tmp_path / "state"
    async with opened(path) as room, room.transaction() as tx:
        for number in range(500):
            await tx.insert(
                "INSERT INTO journal (at, type, body) VALUES ('t', 'T', ?)", (f"{number}" * 50,)
            )
    with sqlite3.connect(path) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    other.close()
    content = bytearray(path.read_bytes())
    middle = len(content) // 2 // 4096 * 4096
    content[middle : middle + 2048] = b"\xa5" * 2048
    path.write_bytes(content)
    with pytest.raises(DatabaseError, match="백업"):
        async with opened(path):
            pass


@pytest.mark.fault(65, level="P")
async def test_two_processes_write_to_one_file_and_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "state"
    async with opened(path) as room:
        script = (
            "import sqlite3, sys\n"
            "c = sqlite3.connect(sys.argv[1], timeout=10, isolation_level=None)\n"
            "for n in range(100):\n"
            "    c.execute('BEGIN IMMEDIATE')\n"
            "    c.execute('INSERT INTO preference VALUES (?, 1)', (f'other {n}',))\n"
            "    c.execute('COMMIT')\n"
        )
        arguments = [sys.executable, "-c", script, str(path)]
        running = await asyncio.create_subprocess_exec(*arguments, stderr=subprocess.PIPE)
        for number in range(100):
            async with room.transaction() as tx:
                await tx.execute(PREFERENCE, (f"ours {number}", "1"))
        _, errors = await running.communicate()
        assert (running.returncode, errors) == (0, b"")
        assert await count(room) == 200

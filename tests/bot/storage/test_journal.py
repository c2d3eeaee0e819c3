"""The journal read by pages says what it says at once."""

import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import aiosqlite

from bot.events import BrokerTroubled, RoundProposed
from bot.storage.database import opened
from bot.storage.journal import PAGE, Entry, Journal
from tests.bot.telegram.samples import proposed, started

NOW = datetime(2026, 10, 7, 9, 20, tzinfo=UTC)


async def write(journal: Journal, count: int) -> None:
    async with journal.recording(NOW) as recording:
        for number in range(count):
            await recording.record(BrokerTroubled(reason=f"{number}"))


async def test_pages_are_the_whole_journal_in_order_and_none_is_long(tmp_path: Path) -> None:
    async with opened(tmp_path / "state") as room:
        journal = Journal(room)
        assert [page async for page in journal.pages()] == []
        await write(journal, 2 * PAGE + 1)
        pages = [page async for page in journal.pages()]
        assert [len(page) for page in pages] == [PAGE, PAGE, 1]
        assert [entry for page in pages for entry in page] == await journal.entries()
        late = [entry async for page in journal.pages(after=PAGE + 3) for entry in page]
        assert late == await journal.entries(after=PAGE + 3)


async def test_what_is_written_while_pages_are_read_is_read_too(tmp_path: Path) -> None:
    async with opened(tmp_path / "state") as room:
        journal, seen = Journal(room), list[Entry]()
        await write(journal, PAGE)
        async for page in journal.pages():
            if not seen:
                await write(journal, 3)
            seen += page
        assert [entry.seq for entry in seen] == list(range(1, PAGE + 4))


async def test_the_plans_of_a_session_are_found_whatever_else_there_is(tmp_path: Path) -> None:
    async with opened(tmp_path / "state") as room:
        journal = Journal(room)
        async with journal.recording(NOW) as recording:
            for event in (started(), proposed(), proposed()):
                await recording.record(event)
        await write(journal, 3)
        session = proposed().session
        found = await journal.proposals(session)
        assert [entry.seq for entry in found] == [2, 3]
        assert all(isinstance(entry.event, RoundProposed) for entry in found)
        assert await journal.proposals(date(2026, 10, 1)) == []


async def test_an_event_and_its_letter_go_to_the_disks_thread_twice(tmp_path: Path) -> None:
    class Counted(aiosqlite.Connection):
        ways = 0

        async def _execute(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
            Counted.ways += 1
            return await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call]  # as it is

    def connect(path: Path) -> aiosqlite.Connection:
        return Counted(lambda: sqlite3.connect(path, isolation_level=None), 64)

    async with opened(tmp_path / "state", connect) as room:
        before = Counted.ways
        await write(Journal(room), 1)
        assert Counted.ways - before == 2
        row = await room.one("SELECT count(*) AS n FROM outbox")
        assert row is not None
        assert row["n"] == 1

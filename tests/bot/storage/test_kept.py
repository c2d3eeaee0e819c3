"""Answers are kept for as long as the file stays as it is, and not a moment longer."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.storage.database import Database, opened
from bot.storage.kept import FRESH, Kept


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with opened(tmp_path / "state") as database:
        yield database


class Question:
    """Read the value; `asked` counts how often it had to be."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.asked = 0

    async def ask(self) -> str:
        self.asked += 1
        row = await self._database.one("SELECT value FROM preference WHERE name = 'mark'")
        return str(row["value"]) if row else ""


async def write(database: Database, value: str) -> None:
    async with database.transaction() as tx:
        await tx.execute("INSERT OR REPLACE INTO preference VALUES ('mark', ?)", (value,))


async def test_a_question_is_asked_once_while_nobody_writes(database: Database) -> None:
    kept, question = Kept(database), Question(database)
    assert {await kept.answer("mark", question.ask) for _ in range(3)} == {""}
    assert question.asked == 1


async def test_a_write_of_our_own_is_seen_at_once(database: Database) -> None:
    kept, question = Kept(database), Question(database)
    for value in ("a", "b", "c"):
        await write(database, value)
        assert await kept.answer("mark", question.ask) == value


async def test_a_write_by_another_process_is_seen_within_a_moment(
    database: Database, tmp_path: Path
) -> None:
    seconds = 1000.0
    kept, question = Kept(database, steady=lambda: seconds), Question(database)
    await kept.answer("mark", question.ask)
    async with opened(tmp_path / "state") as other:
        await write(other, "from elsewhere")
    seconds += FRESH
    assert await kept.answer("mark", question.ask) == "from elsewhere"


async def test_an_answer_that_a_write_overtook_is_not_kept(database: Database) -> None:
    kept, question = Kept(database), Question(database)
    read, written = asyncio.Event(), asyncio.Event()

    async def slow() -> str:
        answer = await question.ask()
        read.set()
        await written.wait()
        return answer

    async with asyncio.TaskGroup() as group:
        old = group.create_task(kept.answer("mark", slow))
        await read.wait()
        await write(database, "new")
        assert await kept.answer("another", question.ask) == "new"
        written.set()
    assert old.result() == ""
    assert await kept.answer("mark", question.ask) == "new"

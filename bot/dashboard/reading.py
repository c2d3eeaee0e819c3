"""The reading room: the state file's questions asked from Streamlit's threads, never written to.

Streamlit runs each look in a thread of its own while the state file is read on an event loop; one
loop in one thread of its own serves them all, over one read-only connection.
"""

import asyncio
import sqlite3
import threading
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import Future
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, TypeVar

from bot.reports.record import Record, read
from bot.storage.damage import DatabaseError, unusable
from bot.storage.database import DATABASE_NAME, Database
from bot.storage.read_only import opened_to_read
from bot.storage.views import Views

Answer = TypeVar("Answer")
PATIENCE = 30.0


class Reading:
    """Ask the state file of a MUHAN_HOME; opened at the first question, and anew when replaced.

    Every question raises DatabaseError with a sentence while the file cannot be read.
    """

    def __init__(self, home: Path) -> None:
        self._path = home / DATABASE_NAME
        self._loop = asyncio.new_event_loop()
        self._opening = asyncio.Lock()
        self._stack: AsyncExitStack | None = None
        self._database: Database | None = None
        self._views: Views | None = None
        self._file = (0, 0)
        self._record: tuple[int, Record] | None = None
        self._thread = threading.Thread(
            target=self._loop.run_forever, name="reading room", daemon=True
        )
        self._thread.start()

    def ask(self, question: Callable[[Views], Awaitable[Answer]]) -> Answer:
        """Ask the question desk: `reading.ask(lambda views: views.cycles())`."""
        return self._answer(self._ask(question))

    def database(self, question: Callable[[Database], Coroutine[Any, Any, Answer]]) -> Answer:
        """Ask the tables themselves, for rooms of the storage that take a Database."""
        return self._answer(self._ask_tables(question))

    def record(self) -> Record:
        """Read the account's history for reports; kept until somebody writes to the file."""
        return self._answer(self._history())

    def close(self) -> None:
        """Let go of the file and end the room's thread."""
        self._answer(self._leave())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _answer(self, question: Coroutine[Any, Any, Answer]) -> Answer:
        asked: Future[Answer] = asyncio.run_coroutine_threadsafe(question, self._loop)
        try:
            return asked.result(PATIENCE)
        except TimeoutError as error:
            asked.cancel()
            raise DatabaseError(
                "기록을 읽는 데 너무 오래 걸립니다: 컴퓨터가 바쁜지 보고 다시 열어 주세요.",
                "Reading the record takes too long: see what keeps the machine busy, and open this "
                "again.",
            ) from error
        except (sqlite3.DatabaseError, OSError) as error:  # damaged since it was opened, or gone
            raise unusable(self._path, error) from error

    async def _ask(self, question: Callable[[Views], Awaitable[Answer]]) -> Answer:
        _, views = await self._opened()
        return await question(views)

    async def _ask_tables(
        self, question: Callable[[Database], Coroutine[Any, Any, Answer]]
    ) -> Answer:
        database, _ = await self._opened()
        return await question(database)

    async def _history(self) -> Record:
        database, views = await self._opened()
        version = await database.version()
        if self._record is None or self._record[0] != version:
            self._record = version, await read(views)
        return self._record[1]

    async def _opened(self) -> tuple[Database, Views]:
        """Give the open file; another one in its place (a restored backup) is opened anew."""
        async with self._opening:
            file = _identity(self._path)
            if self._database is None or self._views is None or file != self._file:
                await self._leave()
                stack = AsyncExitStack()
                self._database = await stack.enter_async_context(opened_to_read(self._path))
                self._views = Views(self._database)
                self._stack, self._file = stack, file
            return self._database, self._views

    async def _leave(self) -> None:
        stack, self._stack = self._stack, None
        self._database = self._views = self._record = None
        if stack is not None:
            await stack.aclose()


def _identity(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except FileNotFoundError:
        return 0, 0
    return found.st_dev, found.st_ino

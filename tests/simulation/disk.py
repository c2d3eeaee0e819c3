"""The state file of the simulation: real SQLite, executed in line, with a disk that may fail.

`connect` fits `bot.storage.database.opened`. A kill closes the connections without a COMMIT.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiosqlite

from bot.storage.errands import BEGIN, COMMIT, in_turn, one_step
from tests.simulation.facts import JournalWritten
from tests.simulation.process import Process

FULL = "database or disk is full"
BROKEN = "disk I/O error"
FAILS_ONCE_IN = 3
_WRITES = ("INSERT", "UPDATE", "DELETE", "BEGIN")


class Disk:
    """The way of one process to its state file."""

    def __init__(self, process: Process, *, interleave: float = 0.0) -> None:
        self._process = process
        self._world = process.world
        self._chance = process.world.chance("disk")
        self._interleave = interleave
        self._raw: list[sqlite3.Connection] = []
        self._journal = 0
        self._eyes: sqlite3.Connection | None = None
        process.at_death(self._close)

    def connect(self, path: Path) -> aiosqlite.Connection:
        """Open a connection, as `connected` does in production."""

        def open_it() -> sqlite3.Connection:
            raw = sqlite3.connect(path, isolation_level=None)
            self._raw.append(raw)
            return raw

        if self._eyes is None:
            self._eyes = sqlite3.connect(path, isolation_level=None)
            self._raw.append(self._eyes)
        return _InLine(open_it, self)

    def sent(self) -> tuple[str, ...]:
        """Read which slots the file calls sent right now."""
        if self._eyes is None:
            return ()
        rows = self._eyes.execute(
            "SELECT slot FROM broker_order WHERE state = 'sent' ORDER BY slot"
        )
        return tuple(str(row[0]) for row in rows)

    async def run(self, raw: sqlite3.Connection, fn: Callable[..., Any], args: Any) -> Any:
        """Do one thing with a connection: it may fail, and it may be the process's last."""
        if fn is in_turn:  # as many steps as it holds, each with what may befall it
            for statement in args[1:]:
                answer = await self.run(raw, one_step, (raw, statement))
            return answer
        process = self._process
        if not process.alive:
            process.point("disk after death")
        if self._interleave and self._chance.random() < self._interleave:
            # The real connection's thread lets other tasks run at every statement.
            await asyncio.sleep(0)
        statement = args[1] if fn is one_step else (args[0] if args else "", ())
        if statement == COMMIT and raw.in_transaction:
            return self._commit(fn, args)
        sql = statement[0]
        if not isinstance(sql, str) or not sql.startswith(_WRITES):
            return fn(*args)
        self._may_fail()
        answer = fn(*args)
        if statement == BEGIN:
            self._journal = 0  # the line of a transaction that was undone became no fact
        if sql.startswith("INSERT INTO journal"):
            self._journal = answer.number
        return answer

    def _commit(self, fn: Callable[..., Any], args: Any) -> Any:
        self._process.point("disk.commit")
        self._may_fail()
        answer = fn(*args)
        if self._journal:
            at, number = self._world.now, self._process.number
            self._world.note(JournalWritten(at=at, process=number, seq=self._journal))
            self._journal = 0
        if self._process.machine.disk_fails and self._chance.randrange(FAILS_ONCE_IN) == 0:
            # The frames were written and the fsync failed: durable, and yet an error.
            raise sqlite3.OperationalError(BROKEN)
        self._process.point("disk.committed")
        return answer

    def _may_fail(self) -> None:
        if self._process.machine.disk_full:
            raise sqlite3.OperationalError(FULL)
        if self._process.machine.disk_fails and self._chance.randrange(FAILS_ONCE_IN) == 0:
            raise sqlite3.OperationalError(BROKEN)

    def _close(self) -> None:
        for raw in self._raw:
            raw.close()


class _InLine(aiosqlite.Connection):
    """aiosqlite without its thread, which would take the order of things out of our hands."""

    def __init__(self, connector: Callable[[], sqlite3.Connection], disk: Disk) -> None:
        super().__init__(connector, iter_chunk_size=64)
        self._disk = disk

    async def _execute(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        del kwargs
        if self._connection is None:
            raise ValueError("Connection closed")
        return await self._disk.run(self._connection, fn, args)

    def __await__(self) -> Any:
        return self._connect().__await__()

    async def _connect(self) -> aiosqlite.Connection:
        self._connection = self._connector()
        return self

    async def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def __del__(self) -> None:
        """A killed process closes nothing; its disk did."""

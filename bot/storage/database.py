"""The SQLite file: opened once, migrated by number, written in one transaction at a time."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from importlib import resources
from pathlib import Path
from typing import Any

import aiosqlite

from bot.storage.damage import damaged, gone, left_of, newer, unusable
from bot.storage.errands import BEGIN, COMMIT, Answer, Statement, errand
from bot.storage.failing import failing

Row = aiosqlite.Row

DATABASE_NAME = "muhan.sqlite3"

Connect = Callable[[Path], AbstractAsyncContextManager[aiosqlite.Connection]]


class Transaction:
    """The open write transaction; handed to whatever has to become durable together.

    It begins with its first statement, so that one which finds nothing to do costs nothing. After
    one that failed it takes no other, nor a COMMIT: what was put off behind that one never ran.
    `wrote` tells whether it changes anything.
    """

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection
        self._due: list[Statement] = [BEGIN]
        self._failed: BaseException | None = None
        self.wrote = False

    async def execute(self, sql: str, values: Iterable[Any] = ()) -> int:
        """Run one statement; answer the number of rows it changed."""
        answer = await self._run((sql, tuple(values)))
        self.wrote = self.wrote or answer.changed > 0
        return answer.changed

    async def insert(self, sql: str, values: Iterable[Any] = ()) -> int:
        """Run one INSERT; answer the new row's id."""
        answer = await self._run((sql, tuple(values)))
        self.wrote = True
        return answer.number

    def later(self, sql: str, values: Iterable[Any] = ()) -> None:
        """Run one statement just before the next, or before the COMMIT; what it raises comes then.

        It spares a way to the connection's thread.
        """
        self._due.append((sql, tuple(values)))
        self.wrote = True

    async def one(self, sql: str, values: Iterable[Any] = ()) -> Row | None:
        rows = await self.all(sql, values)
        return rows[0] if rows else None

    async def all(self, sql: str, values: Iterable[Any] = ()) -> list[Row]:
        return (await self._run((sql, tuple(values)))).rows

    async def commit(self) -> None:
        """Make it durable, where it began. To be called by the Database only."""
        if self._due != [BEGIN]:
            await self._run(COMMIT)

    async def _run(self, statement: Statement) -> Answer:
        if self._failed is not None:
            raise self._failed
        due, self._due = [*self._due, statement], []
        try:
            return await errand(self._connection, due)
        except BaseException as error:
            self._failed = error
            raise


class Database:
    """One connection that writes and one that reads, both on the same WAL file."""

    def __init__(
        self, writer: aiosqlite.Connection, reader: aiosqlite.Connection, path: Path
    ) -> None:
        self._writer = writer
        self._reader = reader
        self.path = path
        self._file = _file(path)
        self._lock = asyncio.Lock()
        self._hear: Callable[[str], None] = lambda _: None
        self.writes = 0
        """Counts our own transactions, whatever became of them."""

    def watch(self, hear: Callable[[str], None]) -> None:
        """Have `hear` told of every try to write: why it failed, or "" where it was written."""
        self._hear = hear

    async def probe(self) -> None:
        """Write as much as an evening needs, to see whether that works. Raises StorageFailing."""
        for kilobytes in (64, 0):
            async with self.transaction() as tx:
                await tx.execute(
                    "INSERT INTO preference (name, value) VALUES ('probe', hex(zeroblob(?)))"
                    " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                    (kilobytes * 512,),
                )

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """Open the one write transaction: durable (synchronous=FULL) when the block ends well.

        Raises StorageFailing when the disk does not let it be written, or when the file is not the
        one that was opened any more: SQLite would go on writing to one that nobody finds again.
        """
        async with self._lock:
            transaction = Transaction(self._writer)
            with self._disk():
                async with self._whole(transaction):
                    yield transaction
            if transaction.wrote:
                self._hear("")

    @asynccontextmanager
    async def _whole(self, transaction: Transaction) -> AsyncIterator[None]:
        if _file(self.path) != self._file:
            raise aiosqlite.OperationalError("the state file was moved or deleted while in use")
        # A BEGIN or COMMIT that fails, or whose caller is cancelled, must leave nothing open.
        try:
            yield
            await transaction.commit()
        except BaseException:
            await self._writer.rollback()
            raise
        finally:
            self.writes += 1

    @contextmanager
    def _disk(self) -> Iterator[None]:
        """Tell a disk that fails from an error of ours."""
        try:
            yield
        except aiosqlite.OperationalError as error:
            found = failing(error)
            if found is None:
                raise
            self._hear(found.reason)
            raise found from error

    async def checkpoint(self) -> None:
        """Move the log into the file and empty it; one that is being read is left for later."""
        await self._alone("PRAGMA wal_checkpoint(TRUNCATE)")

    async def rewrite(self) -> None:
        """Write the whole file anew without its free pages, able to give back later ones.

        Takes the file's size twice over on the disk for a moment. Raises StorageFailing.
        """
        await self._alone("PRAGMA auto_vacuum = INCREMENTAL")
        await self._alone("VACUUM")

    async def give_back(self, pages: int) -> None:
        """Shorten the file by so many free pages. Raises StorageFailing."""
        await self._alone(f"PRAGMA incremental_vacuum({pages})")

    async def _alone(self, sql: str) -> None:
        """Run what stands outside of every transaction, to its end.

        Where it fails, what has to be written can be written all the same: nobody is alarmed.
        """
        async with self._lock:
            try:
                # Not execute: it takes one step, and what answers no rows has then only begun.
                await self._writer.executescript(sql)
            except aiosqlite.OperationalError as error:
                found = failing(error)
                if found is None:
                    raise
                raise found from error
            finally:
                self.writes += 1

    async def version(self) -> int:
        """Number what can be read: another commit, whoever made it, is another number."""
        row = await self.one("PRAGMA data_version")
        return int(row[0]) if row else 0

    async def one(self, sql: str, values: Iterable[Any] = ()) -> Row | None:
        rows = await self.all(sql, values)
        return rows[0] if rows else None

    async def all(self, sql: str, values: Iterable[Any] = ()) -> list[Row]:
        with self._disk():
            # One errand for the connection's thread in place of three: execute, fetch, close.
            return list(await self._reader.execute_fetchall(sql, tuple(values)))


def connected(path: Path) -> AbstractAsyncContextManager[aiosqlite.Connection]:
    """Open a connection without transactions of its own making, in a thread of its own."""
    return aiosqlite.connect(path, isolation_level=None)


@asynccontextmanager
async def opened(path: Path, connect: Connect = connected) -> AsyncIterator[Database]:
    """Open (and migrate) the state file at `path`; its folder must exist.

    Raises DatabaseError when it is damaged, cannot be written, was written by a newer program, or
    is gone while its log or a copy of it is still there.
    """
    left = left_of(path)
    if left:
        raise gone(path, left)
    try:
        async with connect(path) as writer:
            path.chmod(0o600)
            writer.row_factory = aiosqlite.Row
            try:
                await _prepare(writer, path)
            except UnicodeDecodeError as error:  # SQLite's own words hold what is broken
                raise damaged(path, "a broken name") from error
            async with connect(path) as reader:
                reader.row_factory = aiosqlite.Row
                await reader.execute("PRAGMA busy_timeout = 5000")
                await reader.execute("PRAGMA query_only = ON")
                yield Database(writer, reader, path)
    except aiosqlite.DatabaseError as error:
        raise unusable(path, error) from error


async def _prepare(writer: aiosqlite.Connection, path: Path) -> None:
    # A new file can give its free pages back; an old one is made so by bot/storage/keeping.py.
    await writer.execute("PRAGMA auto_vacuum = INCREMENTAL")
    await writer.execute("PRAGMA journal_mode = WAL")
    await writer.execute("PRAGMA synchronous = FULL")
    await writer.execute("PRAGMA busy_timeout = 5000")
    # Not quick_check: an index that lost a row hides an order from whoever asks for open ones.
    async with writer.execute("PRAGMA integrity_check(1)") as cursor:
        verdict = await cursor.fetchone()
    if verdict is None or verdict[0] != "ok":
        raise damaged(path, str(verdict[0]).splitlines()[0] if verdict else "?")
    # A migration may make a table anew that others refer to; in a transaction the switch is dead.
    await writer.execute("PRAGMA foreign_keys = OFF")
    await _migrate(writer, path)
    await writer.execute("PRAGMA foreign_keys = ON")


async def _migrate(writer: aiosqlite.Connection, path: Path) -> None:
    scripts = _scripts()
    async with writer.execute("PRAGMA user_version") as cursor:
        row = await cursor.fetchone()
    have = int(row[0]) if row else 0
    if have > len(scripts):
        raise newer(path, have, len(scripts))
    if 0 < have < len(scripts):
        # Its answer has to be read to the end: an unfinished statement forbids the COMMIT below.
        async with writer.execute("PRAGMA wal_checkpoint(TRUNCATE)") as cursor:
            await cursor.fetchall()
        shutil.copy2(path, path.with_suffix(f".before-{have + 1}"))
    for number, script in enumerate(scripts[have:], start=have + 1):
        try:
            await _step(writer, script, number)
        except BaseException:
            await writer.rollback()
            raise


async def _step(writer: aiosqlite.Connection, script: str, number: int) -> None:
    """Bring the file forward by one script, whole or not at all."""
    # executescript would commit on its own; one explicit transaction keeps a step whole.
    await writer.executescript(f"BEGIN; {script}; PRAGMA user_version = {number};")
    async with writer.execute("PRAGMA foreign_key_check") as cursor:
        if await cursor.fetchone() is not None:
            raise aiosqlite.IntegrityError(f"migration {number} would lose what rows refer to")
    await writer.commit()


def _file(path: Path) -> tuple[int, int]:
    """Tell which file stands at a path; (0, 0) where none does."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return 0, 0
    return found.st_dev, found.st_ino


def known_format() -> int:
    """Number the latest format of the state file that this program knows."""
    return len(_scripts())


def _scripts() -> list[str]:
    folder = resources.files("bot.storage") / "migrations"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return [(folder / name).read_text(encoding="utf-8") for name in names]

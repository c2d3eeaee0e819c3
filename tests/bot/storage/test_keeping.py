"""What is old goes, history stays, and the file gives its room back."""

import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot.events import BrokerTroubled, RateSeen
from bot.storage import database as storage
from bot.storage.chat import ChatStore, TapState
from bot.storage.database import Database, opened
from bot.storage.failing import StorageFailing
from bot.storage.journal import Journal
from bot.storage.keeping import BUTTONS, COPIES, LETTERS, NOTICES, Keeping
from bot.storage.outbox import LaterLine, Outbox

NOW = datetime(2026, 10, 7, 5, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "muhan.sqlite3"


@pytest.fixture
async def room(path: Path) -> AsyncIterator[Database]:
    async with opened(path) as database:
        yield database


async def letters(room: Database, count: int, at: datetime = NOW) -> None:
    async with Journal(room).recording(at) as recording:
        for number in range(count):
            await recording.record(BrokerTroubled(reason=f"{number}"))


async def number(room: Database, sql: str) -> int:
    row = await room.one(sql)
    return int(row[0]) if row else -1


async def test_a_button_lives_for_ninety_days_and_then_is_unknown(
    room: Database, path: Path
) -> None:
    keeping, taps = Keeping(room, path), ChatStore(room)
    nonce = await taps.offer(1, "why", expires_at=None)
    await keeping.keep(NOW)  # from here on its age is counted
    await keeping.keep(NOW + BUTTONS)
    assert (await taps.look(nonce, 1, NOW)).state is TapState.FRESH
    await keeping.keep(NOW + BUTTONS + DAY)
    assert (await taps.look(nonce, 1, NOW)).state is TapState.UNKNOWN


async def test_a_delivered_letter_goes_its_event_and_what_waits_stay(
    room: Database, path: Path
) -> None:
    outbox = Outbox(room)
    await letters(room, 5)
    told = [letter.id for letter in await outbox.waiting(NOW)]
    await outbox.sent(told[0], told[1], told[4])
    await outbox.bury(told[2], "blocked")
    await Keeping(room, path).keep(NOW + LETTERS + DAY)
    left = [int(row["id"]) for row in await room.all("SELECT id FROM outbox ORDER BY id")]
    assert left == [told[3], told[4]]  # the one that waits, and the latest
    assert len(await Journal(room).entries()) == 5


async def test_a_letters_number_is_never_given_twice(room: Database, path: Path) -> None:
    outbox = Outbox(room)
    await letters(room, 3)
    told = [letter.id for letter in await outbox.waiting(NOW)]
    await outbox.sent(*told)
    await Keeping(room, path).keep(NOW + LETTERS + DAY)
    await letters(room, 1)
    assert [letter.id for letter in await outbox.waiting(NOW)] == [max(told) + 1]


async def test_a_letter_that_a_digest_owes_stays_until_the_digest_is_old_itself(
    room: Database, path: Path
) -> None:
    outbox = Outbox(room)
    await letters(room, 2)
    first, second = (letter.id for letter in await outbox.waiting(NOW))
    late = NOW + LETTERS
    await outbox.sent(first, second, later=[LaterLine(chat_id=1, letter=first, due_at=late)])
    await Keeping(room, path).keep(late + DAY)
    assert [letter.id for letter in await outbox.digest(1)] == [first]
    await Keeping(room, path).keep(late + LETTERS + DAY)
    assert await outbox.digest(1) == []
    assert await number(room, "SELECT count(*) FROM outbox") == 1


async def test_a_notice_goes_after_more_than_a_year(room: Database, path: Path) -> None:
    async with room.transaction() as tx:
        await tx.execute("INSERT INTO notice VALUES ('week 2026-10-05', ?)", (NOW.isoformat(),))
    await Keeping(room, path).keep(NOW + NOTICES)
    assert await number(room, "SELECT count(*) FROM notice") == 1
    await Keeping(room, path).keep(NOW + NOTICES + DAY)
    assert await number(room, "SELECT count(*) FROM notice") == 0


async def test_history_is_the_same_after_a_hundred_years_of_keeping(
    room: Database, path: Path
) -> None:
    async with Journal(room).recording(NOW) as recording:
        await recording.record(RateSeen(day=NOW.date(), rate=Decimal(1400)))
    await letters(room, 700)
    kept = ("journal", "exchange_rate", "round", "broker_order", "charge", "consent")
    before = {each: await room.all(f"SELECT * FROM {each}") for each in kept}  # noqa: S608 - our own names
    assert len(before["journal"]) == 701
    await Keeping(room, path).keep(NOW + timedelta(days=36_500))
    for each in kept:
        rows = await room.all(f"SELECT * FROM {each}")  # noqa: S608 - our own names
        assert [tuple(row) for row in rows] == [tuple(row) for row in before[each]]


async def test_many_old_rows_go_in_small_transactions_and_the_file_shrinks(
    room: Database, path: Path
) -> None:
    taps = ChatStore(room)
    await taps.offer_all(1, ["x" * 2000] * 2000, expires_at=None)
    keeping = Keeping(room, path)
    await keeping.keep(NOW)
    size, writes = path.stat().st_size, room.writes
    kept = await keeping.keep(NOW + BUTTONS + DAY)
    assert kept.rows == 2000
    assert room.writes - writes > 2000 // 300
    assert kept.given_back > 3_000_000
    assert path.stat().st_size == size - kept.given_back
    assert path.with_name(f"{path.name}-wal").stat().st_size == 0
    assert (await keeping.keep(NOW + BUTTONS + DAY)).rows == 0


def of_an_older_program(path: Path) -> None:
    """Lay down a file that cannot give pages back, as programs before this one made it."""
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA journal_mode = WAL")
        for at, script in enumerate(storage._scripts(), start=1):
            file.executescript(f"BEGIN; {script}; PRAGMA user_version = {at}; COMMIT;")
        many = (("y" * 1000,) for _ in range(3000))
        file.executemany(
            "INSERT INTO tap (nonce, user_id, action) VALUES (hex(randomblob(9)), 1, ?)", many
        )
        file.execute("DELETE FROM tap")
        file.commit()


def able(path: Path) -> int:
    with closing(sqlite3.connect(path)) as file:
        return int(file.execute("PRAGMA auto_vacuum").fetchone()[0])


async def test_a_file_of_an_older_program_is_rewritten_once_and_loses_nothing(path: Path) -> None:
    of_an_older_program(path)
    size = path.stat().st_size
    async with opened(path) as room:
        await letters(room, 3)
        assert able(path) == 0
        kept = await Keeping(room, path).keep(NOW)
        assert able(path) == 2
        assert kept.given_back > 2_000_000
        assert path.stat().st_size < size
        assert len(await Outbox(room).waiting(NOW)) == 3


async def test_copies_of_old_updates_go_and_the_newest_stays(room: Database, path: Path) -> None:
    for days, name in ((900, 3), (400, 5), (200, 7), (10, 9)):
        copy = path.with_suffix(f".before-{name}")
        copy.write_bytes(b"a copy")
        os.utime(copy, ((NOW - days * DAY).timestamp(),) * 2)
    await Keeping(room, path).keep(NOW)
    assert [copy.suffix for copy in path.parent.glob("*.before-*")] == [".before-9"]
    await Keeping(room, path).keep(NOW + COPIES)
    assert [copy.suffix for copy in path.parent.glob("*.before-*")] == [".before-9"]


async def test_a_rewriting_that_the_disk_refuses_alarms_nobody_who_only_writes(path: Path) -> None:
    of_an_older_program(path)
    heard: list[str] = []
    async with opened(path) as room:
        room.watch(heard.append)
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            await room._writer.execute("PRAGMA busy_timeout = 10")
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StorageFailing):
                await room.rewrite()
            other.execute("ROLLBACK")
        assert heard == []
        await letters(room, 1)
        assert heard == [""]

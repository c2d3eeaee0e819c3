"""How long a commit of the journal takes, beside the disk's own sync and SQLite's bare commit.

One event, as an order is made durable before it is sent: the transaction of bot/storage with its
projections, against what the disk itself takes in a file beside it, for one page and for as many
pages as an event's COMMIT brings into the log (counted first), and against one row in a SQLite
file as durable (WAL, synchronous=FULL). Every log has the size that it keeps. Then an evening's
load: 200 events in transactions of one, and of 20 as a caller may record them. Asserts that every
event is there.
"""

import itertools
import os
import sqlite3
import statistics
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bot.events import BrokerTroubled, Event
from bot.storage import codec
from bot.storage.database import Database, opened
from bot.storage.journal import Journal
from tests.benchmarks.conftest import Tell
from tests.benchmarks.table import compared

AT = datetime(2026, 10, 7, 9, 20, tzinfo=UTC)
EVENT: Event = BrokerTroubled(reason="silent")
SINGLES = 200
GROUP = 20
ROUNDS = 7
PAGES = 1_000
"""SQLite begins its log again at the head after so many."""
PAGE = 4096
FRAME_HEAD = 24
LOG_HEAD = 32


async def test_one_event_beside_the_disks_own_sync(tmp_path: Path, tell: Tell) -> None:
    ours, bare, one, many = ([[0.0] * SINGLES for _ in range(ROUNDS)] for _ in range(4))
    async with opened(tmp_path / "ours.db") as database:
        journal = Journal(database)
        pages = await _pages_of_an_event(database, journal)
        grown = await journal.last_seq()
        with ExitStack() as files:
            row = files.enter_context(_bare_row(tmp_path / "bare.db"))
            page = files.enter_context(_disk_sync(tmp_path / "page", 1))
            as_many = files.enter_context(_disk_sync(tmp_path / "pages", pages))
            for run in range(ROUNDS):
                for at in range(SINGLES):  # in turn: whoever else uses the disk meets them all
                    ours[run][at] = await _recorded(journal, 1)
                    bare[run][at] = _timed(row)
                    one[run][at] = _timed(page)
                    many[run][at] = _timed(as_many)
        assert await journal.last_seq() == grown + ROUNDS * SINGLES
    for name, theirs in (
        ("the disk's own sync of a page", one),
        ("the disk's own sync of as many pages", many),
        ("bare SQLite row, FULL", bare),
    ):
        for of in (50, 99):
            tell(
                compared(
                    f"journal: one event, p{of}",
                    "ms",
                    [percentile(took, of) for took in ours],
                    name,
                    [percentile(took, of) for took in theirs],
                )
            )


async def test_events_that_share_a_transaction_beside_one_each(tmp_path: Path, tell: Tell) -> None:
    together: list[float] = []
    apart: list[float] = []
    async with _journal(tmp_path / "ours.db") as journal:
        for _ in range(ROUNDS):
            together.append(sum([await _recorded(journal, GROUP) for _ in range(SINGLES // GROUP)]))
            apart.append(sum([await _recorded(journal, 1) for _ in range(SINGLES)]))
        assert await journal.last_seq() == 2 * ROUNDS * SINGLES
    tell(
        compared(
            f"journal: {GROUP} events to a transaction",
            "events/s",
            [SINGLES * 1000 / took for took in together],
            "a transaction each",
            [SINGLES * 1000 / took for took in apart],
            more_is_better=True,
        )
    )


async def _pages_of_an_event(database: Database, journal: Journal) -> int:
    """Count what an event's COMMIT brings into the log; leave the log at the size that it keeps."""
    log = database.path.with_name(f"{database.path.name}-wal")
    await database.checkpoint()
    for events in itertools.count(1):
        await _recorded(journal, 1)
        frames = (log.stat().st_size - LOG_HEAD) // (FRAME_HEAD + PAGE)
        if frames >= PAGES:
            return round(frames / events)
    raise AssertionError


@asynccontextmanager
async def _journal(path: Path) -> AsyncIterator[Journal]:
    async with opened(path) as database:
        yield Journal(database)


async def _recorded(journal: Journal, events: int) -> float:
    """Record so many events in one transaction; give its milliseconds."""
    began = time.perf_counter()
    async with journal.recording(AT) as recording:
        for _ in range(events):
            await recording.record(EVENT)
    return (time.perf_counter() - began) * 1000


def _timed(step: Callable[[], None]) -> float:
    began = time.perf_counter()
    step()
    return (time.perf_counter() - began) * 1000


@contextmanager
def _bare_row(path: Path) -> Iterator[Callable[[], None]]:
    kept = sqlite3.connect(path, isolation_level=None)
    kept.execute("PRAGMA journal_mode = WAL")
    kept.execute("PRAGMA synchronous = FULL")
    kept.execute("CREATE TABLE line (at TEXT, body TEXT)")
    kept.execute("CREATE TABLE once AS SELECT zeroblob(?) AS made_the_log_grow", (PAGES * PAGE,))
    assert path.with_name(f"{path.name}-wal").stat().st_size > PAGES * PAGE
    body = codec.dumps(EVENT)

    def step() -> None:
        kept.execute("INSERT INTO line VALUES (?, ?)", (AT.isoformat(), body))

    try:
        yield step
    finally:
        kept.close()


@contextmanager
def _disk_sync(path: Path, pages: int) -> Iterator[Callable[[], None]]:
    """Write pages of the log and have the disk keep them, over and over in a file that is there.

    So does SQLite, each page's head and the page one by one.
    """
    head, page = bytes(FRAME_HEAD), bytes(PAGE)
    frame = len(head) + len(page)
    path.write_bytes((head + page) * PAGES)
    file = os.open(path, os.O_WRONLY)
    os.fsync(file)
    starts = itertools.cycle(range(0, (PAGES - pages + 1) * frame, pages * frame))

    def step() -> None:
        start = next(starts)
        for place in range(start, start + pages * frame, frame):
            os.pwrite(file, head, place)
            os.pwrite(file, page, place + len(head))
        os.fdatasync(file)

    try:
        yield step
    finally:
        os.close(file)


def percentile(took: Sequence[float], of: int) -> float:
    return statistics.quantiles(took, n=100, method="inclusive")[of - 1]

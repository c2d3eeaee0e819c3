"""How long a commit of the journal takes, beside the disk's own sync and SQLite's bare commit.

One event, as an order is made durable before it is sent: the transaction of bot/storage with its
projections, against a page written and synced in a file beside it, and against one row in a SQLite
file as durable (WAL, synchronous=FULL). Then an evening's load: 200 events in
transactions of one, and of 20 as a caller may record them. Asserts that every event is there.
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
from bot.storage.database import opened
from bot.storage.journal import Journal
from tests.benchmarks.conftest import Tell
from tests.benchmarks.table import compared

AT = datetime(2026, 10, 7, 9, 20, tzinfo=UTC)
EVENT: Event = BrokerTroubled(reason="silent")
SINGLES = 200
GROUP = 20
ROUNDS = 7
PAGES = 1_000


async def test_one_event_beside_the_disks_own_sync(tmp_path: Path, tell: Tell) -> None:
    ours, bare, disk = ([[0.0] * SINGLES for _ in range(ROUNDS)] for _ in range(3))
    async with _journal(tmp_path / "ours.db") as journal:
        with ExitStack() as files:
            row = files.enter_context(_bare_row(tmp_path / "bare.db"))
            sync = files.enter_context(_disk_sync(tmp_path / "synced"))
            for run in range(ROUNDS):
                for at in range(SINGLES):  # in turn: whoever else uses the disk meets all three
                    ours[run][at] = await _recorded(journal, 1)
                    bare[run][at] = _timed(row)
                    disk[run][at] = _timed(sync)
        assert await journal.last_seq() == ROUNDS * SINGLES
    for name, theirs in (("the disk's own sync of a page", disk), ("bare SQLite row, FULL", bare)):
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
    body = codec.dumps(EVENT)

    def step() -> None:
        kept.execute("INSERT INTO line VALUES (?, ?)", (AT.isoformat(), body))

    try:
        yield step
    finally:
        kept.close()


@contextmanager
def _disk_sync(path: Path) -> Iterator[Callable[[], None]]:
    """Write a page of the log and have the disk keep it, over and over in a file that is there.

    So does SQLite, whose log is begun again at its head after every 1,000 pages.
    """
    page = bytes(24 + 4096)
    path.write_bytes(page * PAGES)
    file = os.open(path, os.O_WRONLY)
    os.fsync(file)
    places = itertools.cycle(range(0, PAGES * len(page), len(page)))

    def step() -> None:
        os.pwrite(file, page, next(places))
        os.fdatasync(file)

    try:
        yield step
    finally:
        os.close(file)


def percentile(took: Sequence[float], of: int) -> float:
    return statistics.quantiles(took, n=100, method="inclusive")[of - 1]

"""Live many simulated days in one process and print what grows: `python -m tests.years`.

The program is the real one from its composition root down to SQLite; KIS, Telegram, the owner and
time are those of tests/simulation, in this same process, which is why 10,000 days end within an
hour or two. `muhan demo --headless` plays the same days through processes and sockets, and would
take ten hours for them.
"""

import argparse
import asyncio
import sqlite3
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from bot.storage.database import DATABASE_NAME, opened
from bot.storage.journal import Journal
from bot.storage.views import Views
from bot.trading.recovery import check_ledger
from tests.simulation.drive import _quiet_log
from tests.years.census import boxes, objects
from tests.years.life import LongLife, Reading, memory

MIB = 1024 * 1024
SHOWN = 12
HEADING = "   day     RSS    file     log   sessions  orders  journal  objects  boxes\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Live as long as was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.years", description=__doc__)
    parser.add_argument("--days", type=int, default=10_000, help="calendar days (default 10,000)")
    parser.add_argument("--every", type=int, default=1_000, help="days between two readings")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--asks", action="store_true", help="the owner asks and presses, too")
    asked = parser.parse_args(arguments)
    seen: list[Reading] = []
    with tempfile.TemporaryDirectory(prefix="muhan-years-") as folder, _quiet_log():
        home = Path(folder)

        def read(reading: Reading) -> None:
            seen.append(reading)
            _print(reading, home / DATABASE_NAME)

        life = LongLife(asked.seed, asked.days, home, every=asked.every, read=read, asks=asked.asks)
        sys.stdout.write(
            "   day     RSS    file     log   sessions  orders  journal  objects  boxes\n"
        )
        life.run()
        _tell(life, home / DATABASE_NAME)
        asyncio.run(_start_again(home / DATABASE_NAME))
    return 0 if life.processes == 1 and seen else 1


def _print(reading: Reading, state: Path) -> None:
    counts = _counts(state, "round", "broker_order", "journal")
    held = objects().total(), boxes().total()
    sys.stdout.write(
        f"{reading.day:6}  {reading.memory / MIB:6.1f}  {reading.state / MIB:6.1f}"
        f"  {reading.log / MIB:6.1f}   {counts[0]:8} {counts[1]:7} {counts[2]:8}"
        f" {held[0]:8} {held[1]:6}\n"
    )
    sys.stdout.flush()


def _tell(life: LongLife, state: Path) -> None:
    """Say what the file consists of in the end."""
    sys.stdout.write(f"{life.processes} process; of the file:\n")
    with closing(sqlite3.connect(f"file:{state}?mode=ro", uri=True)) as file:
        rows = file.execute(
            "SELECT name, sum(pgsize) AS bytes FROM dbstat GROUP BY name"
            " ORDER BY bytes DESC LIMIT ?",
            (SHOWN,),
        ).fetchall()
        rows.append(("free pages", sum(_pragma(file, "freelist_count", "page_size"))))
    for name, size in rows:
        sys.stdout.write(f"  {name:32} {size / MIB:8.2f} MiB\n")


async def _start_again(state: Path) -> None:
    """Check the ledger as every start does, on the file of all these years."""
    began, before = time.perf_counter(), memory()
    async with opened(state) as database:
        await check_ledger(Journal(database), Views(database))
    seconds, more = time.perf_counter() - began, (memory() - before) / MIB
    sys.stdout.write(f"a start on this file checks it in {seconds:.1f} s and {more:.0f} MiB\n")


def _pragma(file: sqlite3.Connection, *names: str) -> list[int]:
    pages, size = (int(file.execute(f"PRAGMA {name}").fetchone()[0]) for name in names)
    return [pages * size]


def _counts(state: Path, *tables: str) -> list[int]:
    with closing(sqlite3.connect(f"file:{state}?mode=ro", uri=True)) as file:
        return [int(file.execute(f"SELECT count(*) FROM {each}").fetchone()[0]) for each in tables]  # noqa: S608 - our own names


if __name__ == "__main__":
    sys.exit(main())

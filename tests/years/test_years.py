"""Two months of the whole program in one process: nothing grows with the days but history.

The long version is `make years`.
"""

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from bot.sessions import MOST_KNOWN
from bot.storage.database import DATABASE_NAME, opened
from bot.storage.keeping import _DELETIONS
from tests.simulation.drive import _quiet_log
from tests.years.census import boxes
from tests.years.life import LongLife, Reading

DAYS, SEED = 56, 7
A_SESSIONS_BYTES = 64 * 1024
LONGEST_LOG = 8 * 1024 * 1024
A_SESSION_EACH = 14
"""In the second half there are 20 sessions: what grows by less does not grow by the session."""
BOUNDED = {
    "bot.sessions.Calendar._known": MOST_KNOWN,
    "bot.telegram.polling.Polling._known": 1000,
    "bot.telegram.taps.Taps._questions": 1000,
    "bot.control.happenings.Happenings._kept": 500,
    "bot.control.happenings._Kept.figures": 500 * 20,
    # Ninety days' orders (bot/watching/tally.py): some ten an evening.
    "bot.watching.tally.Tally.orders": 64 * 40,
    "bot.watching.tally.Tally._numbers": 64 * 40,
    "bot.watching.tally.Tally._sessions": 64 * 4,
    "bot.watching.tally.Tally._caps": 64 * 4,
}
"""What may grow at first, and how far."""

HISTORY = {
    *("journal", "round", "broker_order", "cycle", "pending_change", "share_split"),
    *("foreign_order", "foreign_decision", "money_move", "announced_split"),
    *("exchange_rate", "charge", "consent"),
}
"""Kept for ever: reports, the tax and the rebuilding of the ledger are made of it."""
SMALL = {
    *("preference", "set_aside", "process_start", "chat_update", "wrong_code", "pairing_code"),
    *("person", "person_setting", "person_revoked", "chat_question", "forum", "forum_topic"),
    *("panel_key", "panel_session"),
}
"""A row a person, a setting, a code or a symbol, or cut where it is written."""


async def test_every_table_is_history_or_small_or_has_a_day_on_which_its_rows_go(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path / DATABASE_NAME) as room:
        rows = await room.all("SELECT name FROM sqlite_master WHERE type = 'table'")
    tables = {str(row["name"]) for row in rows} - {"sqlite_sequence"}
    ruled = {table for table, _, _ in _DELETIONS}
    assert tables == HISTORY | SMALL | ruled
    assert not ruled & HISTORY


Lived = tuple[LongLife, list[Counter[str]], list[Reading]]


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """Live through the days; what boxes and the file hold after one, half of them and all."""
    home = tmp_path_factory.mktemp("years")
    held: list[Counter[str]] = []
    readings: list[Reading] = []

    def read(reading: Reading) -> None:
        readings.append(reading)
        held.append(boxes())

    with _quiet_log():
        life = LongLife(SEED, DAYS, home, every=DAYS // 2, read=read)
        life.run()
    return life, held, readings


def test_one_process_trades_through_all_of_it(lived: Lived) -> None:
    life, _, _ = lived
    assert life.processes == 1
    with closing(sqlite3.connect(life.home / DATABASE_NAME)) as file:
        settled = file.execute("SELECT count(*) FROM round WHERE state = 'settled'").fetchone()[0]
        filled = file.execute("SELECT count(*) FROM broker_order WHERE filled > 0").fetchone()[0]
    assert settled > DAYS // 2
    assert filled > A_SESSION_EACH


def test_nothing_in_memory_grows_by_the_session(lived: Lived) -> None:
    _, (_, half, whole), _ = lived
    grown = {name for name, held in whole.items() if held - half[name] >= A_SESSION_EACH}
    assert grown <= set(BOUNDED)


def test_what_may_grow_stays_below_its_bound(lived: Lived) -> None:
    _, (_, _, whole), _ = lived
    assert {name: whole[name] for name, most in BOUNDED.items() if whole[name] > most} == {}


def test_the_file_grows_by_its_history_and_its_log_is_emptied(lived: Lived) -> None:
    life, _, (_, half, whole) = lived
    sessions = len(life.calendar.between(life.world.start.date(), life.world.now.date()))
    a_session = (whole.state - half.state) / (sessions / 2)
    assert a_session < A_SESSIONS_BYTES
    assert max(half.log, whole.log) < LONGEST_LOG

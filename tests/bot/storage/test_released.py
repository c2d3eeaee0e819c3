"""What any released program left is brought to today's schema, and its ledger is still believed."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.storage.copies import objection
from bot.storage.database import DATABASE_NAME, _scripts, known_format, opened
from bot.storage.journal import Journal
from bot.storage.views import Views
from bot.trading.recovery import check_ledger
from tests.bot.storage.released import NUMBERS, written

LAST_RELEASED = 14
"""Schema of the last release; a release with a newer one brings its own file."""


def shape(path: Path) -> set[tuple[str, str, str]]:
    """List tables, columns and indexes of a file, without the wording of the SQL."""
    with closing(sqlite3.connect(path)) as file:
        tables = [row[0] for row in file.execute("SELECT name FROM sqlite_master WHERE sql > ''")]
        return {
            (table, str(column[1]), f"{column[2]} {column[3]} {column[4]} {column[5]}")
            for table in tables
            for column in file.execute(f"SELECT * FROM pragma_table_info('{table}')")  # noqa: S608 - our own names
        }


def counted(path: Path) -> dict[str, int]:
    with closing(sqlite3.connect(path)) as file:
        names = ("journal", "cycle", "round", "broker_order", "outbox")
        return {
            name: file.execute(f"SELECT count(*) FROM {name}").fetchone()[0]  # noqa: S608 - our own names
            for name in names
        }


def test_every_released_schema_has_its_file() -> None:
    assert tuple(range(1, LAST_RELEASED + 1)) == NUMBERS


@pytest.mark.parametrize("number", NUMBERS)
async def test_a_state_of_a_released_schema_is_migrated_whole_and_rebuilds(
    number: int, tmp_path: Path
) -> None:
    path = written(number, tmp_path / DATABASE_NAME)
    before = counted(path)
    assert before["journal"] > 100, "four sessions of a real program"
    assert before["broker_order"] > 20
    async with opened(path) as database:
        journal, views = Journal(database), Views(database)
        await check_ledger(journal, views)
        assert len(await journal.entries()) == before["journal"], "every old event can be read"
        (view,) = await views.cycles()
        assert view.cycle.rules.symbol == "TQQQ"
        assert await views.settled_rounds()
    assert counted(path) == before
    assert objection(path) == ""
    assert path.with_suffix(f".before-{number + 1}").exists() is (number < known_format())


async def test_an_old_file_ends_with_the_same_tables_as_a_new_one(tmp_path: Path) -> None:
    async with opened(tmp_path / "new.sqlite3"):
        pass
    async with opened(written(1, tmp_path / DATABASE_NAME)):
        pass
    assert shape(tmp_path / DATABASE_NAME) == shape(tmp_path / "new.sqlite3")


@pytest.mark.parametrize("number", NUMBERS)
def test_a_script_that_was_released_still_makes_what_it_made(number: int, tmp_path: Path) -> None:
    """Who edits an old script leaves those behind who ran it before."""
    with closing(sqlite3.connect(tmp_path / "made.sqlite3")) as file:
        for script in _scripts()[:number]:
            file.executescript(script)
    assert shape(written(number, tmp_path / "kept.sqlite3")) == shape(tmp_path / "made.sqlite3")

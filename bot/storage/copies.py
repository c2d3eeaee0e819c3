"""A copy of the state file while it is in use, and a look at one that is to be used again."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bot.storage.damage import unusable
from bot.storage.database import known_format

NEWER = "newer"
_DOORS = frozenset({"tap", "pairing_code", "panel_key", "panel_session"})
"""Tables of what lets somebody in or do something: buttons, codes, logins at the dashboard."""


def copy_of(path: Path, to: Path) -> int:
    """Copy the state file whole to a new file (0600); answer its format number.

    SQLite's own online copy: a bot that runs goes on writing, and the copy is one moment of it.
    The copy has no buttons, codes and logins: what was pressed or ended since stays so. Blocks;
    raises DatabaseError and OSError.
    """
    with _copied(path, to) as copy:
        for (name,) in copy.execute("SELECT name FROM sqlite_master").fetchall():
            if name in _DOORS:
                copy.execute(f"DELETE FROM {name}")  # noqa: S608 - one of our own names
        copy.execute("VACUUM")
        return int(copy.execute("PRAGMA user_version").fetchone()[0])


def plain_copy_of(path: Path, to: Path) -> None:
    """Copy another program's SQLite file whole to a new file (0600). Blocks; raises as above."""
    with _copied(path, to):
        pass


@contextmanager
def _copied(path: Path, to: Path) -> Iterator[sqlite3.Connection]:
    """Copy a file to a new one that needs no log, and hand that out until it is closed."""
    to.touch(mode=0o600, exist_ok=False)
    try:
        # Not mode=ro: a reader that may not write leaves an empty log behind it.
        with (
            closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)) as source,
            closing(sqlite3.connect(to, isolation_level=None)) as copy,
        ):
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
            yield copy
    except sqlite3.Error as error:
        raise unusable(path, error) from error


def format_of(path: Path) -> int:
    """Read the format number of a state file that is whole, and migrate nothing. Blocks."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)) as file:
        return int(file.execute("PRAGMA user_version").fetchone()[0])


def objection(path: Path) -> str:
    """Say in SQLite's words why a file can be no state file of ours; "" when it can.

    A later program's is NEWER. Blocks; it may be in use, and nothing in it is changed.
    """
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)) as file:
            verdict = str(file.execute("PRAGMA integrity_check(1)").fetchone()[0])
            if verdict != "ok":
                return verdict.splitlines()[0]
            found = int(file.execute("PRAGMA user_version").fetchone()[0])
            file.execute("SELECT count(*) FROM journal")
    except sqlite3.DatabaseError as error:
        return str(error)
    return NEWER if found > known_format() else ""

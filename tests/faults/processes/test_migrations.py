"""A migration dies half way, in a process of its own: it is whole afterwards or not begun."""

import sqlite3
from pathlib import Path

import pytest

from bot.storage import database
from bot.storage.database import DATABASE_NAME, opened
from tests.faults.processes.children import ended, pipe, started
from tests.faults.processes.leftovers import contents, version
from tests.faults.processes.trader import Fate, mortal, run_to_the_end

OLD = 1
"""The schema that the file begins with."""
SOME_ROWS = """
INSERT INTO cycle (cycle_id, symbol, approval, state, started_at)
    VALUES (1, 'TQQQ', 'auto', '{}', '2026-10-01T00:00:00+00:00');
INSERT INTO round (round_id, cycle_id, session, state, digest, approval, proposed_at)
    VALUES ('2026-10-07.1', 1, '2026-10-07', 'settled', 'd', 'auto', 't')
"""


def old_file(home: Path) -> Path:
    """Write a state file of the first schema, with a cycle and a round in it."""
    home.mkdir()
    path = home / DATABASE_NAME
    connection = sqlite3.connect(path)
    connection.executescript(f"{database._scripts()[0]}; {SOME_ROWS}; PRAGMA user_version = {OLD}")
    connection.close()
    return path


def migrate(path: Path, dies_at: int, told: object = None) -> None:
    """Open a file in this process and die at a step of it."""
    fate = Fate(at=dies_at)

    async def work() -> None:
        async with opened(path, mortal(fate, every=40)):
            pass

    run_to_the_end(work(), fate, told)


@pytest.mark.fault(64)
async def test_a_migration_killed_at_any_moment_is_whole_afterwards_or_not_begun(
    tmp_path: Path,
) -> None:
    whole = old_file(tmp_path / "whole")
    ours, theirs = pipe()
    process = started(migrate, whole, 0, theirs)
    steps: list[str] = ours.recv()
    assert ended(process) == 0
    assert version(whole) == len(database._scripts())
    assert len(steps) > 40
    killed_inside = 0
    for dies_at in range(1, len(steps) + 1, 1 + len(steps) // 25):
        path = old_file(tmp_path / str(dies_at))
        assert ended(started(migrate, path, dies_at)) == -9
        killed_inside += OLD < version(path) < len(database._scripts())
        async with opened(path):
            pass
        assert contents(path) == contents(whole), f"died at step {dies_at}: {steps[dies_at - 1]}"
    assert killed_inside

"""Somebody reads the state file and keeps it open, in a process of his own: the bot writes on."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from bot.storage.database import DATABASE_NAME
from tests.faults.processes.broker import open_kis
from tests.faults.processes.children import ended, pipe, started
from tests.faults.processes.evening import AVERAGE, ORDERS, SHARES, assert_all_is_right, evening
from tests.faults.processes.trader import live


def read_and_hold(path: Path, told: Any, enough: Any) -> None:
    """Read as a dashboard does, in a transaction that does not end; try to write too."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)
    connection.execute("BEGIN")
    begins = connection.execute("SELECT count(*) FROM journal").fetchone()[0]
    try:
        connection.execute("DELETE FROM preference")
    except sqlite3.OperationalError as error:
        refusal = str(error)
    told.send((begins, refusal))
    enough.recv()
    told.send(connection.execute("SELECT count(*) FROM journal").fetchone()[0])


@pytest.mark.fault(65)
def test_a_reader_that_never_lets_go_holds_up_no_order_and_cannot_write(
    steps: list[str], tmp_path: Path
) -> None:
    planned = steps.index("before POST tokenP")
    with open_kis(shares=SHARES, average=AVERAGE) as kis:
        assert ended(started(live, evening(tmp_path, kis, planned))) == -9
        (ours, told), (enough, over) = pipe(), pipe()
        reader = started(read_and_hold, tmp_path / DATABASE_NAME, told, enough)
        begins, refusal = ours.recv()
        assert begins > 0
        assert "readonly" in refusal
        assert ended(started(live, evening(tmp_path, kis, 0))) == 0
        assert_all_is_right(tmp_path, kis)
        assert len(kis.orders()) == ORDERS
        over.send("enough")
        assert ours.recv() == begins, "it sees what it saw, and holds nobody up"
        assert ended(reader) == 0

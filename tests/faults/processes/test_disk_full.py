"""The disk is full before, at and after the commit that writes "sent": no order goes out unwritten.

A small tmpfs that is filled to its last byte, or where nothing may be mounted, a limit on the size
of files, which every system has.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.storage.database import DATABASE_NAME
from tests.faults.processes.broker import Kis, open_kis
from tests.faults.processes.children import ended, started
from tests.faults.processes.evening import (
    AFTERWARDS,
    AVERAGE,
    ORDERS,
    SHARES,
    assert_all_is_right,
    assert_sent_before_standing,
    evening,
)
from tests.faults.processes.trader import TABLE, Life, live
from tests.faults.processes.troubles import DiskFull, NoLargerFiles, Trouble

SOON = TABLE.send_from + timedelta(minutes=5)

WHEN: dict[str, Callable[[list[str]], int]] = {
    "as sent is written": lambda steps: _before(steps, "before POST order", "before commit"),
    "as sent has been written": lambda steps: _before(steps, "before POST order", "after commit"),
    "as the answer comes": lambda steps: steps.index("after POST order") + 1,
    "as the answer is written": lambda steps: _after(steps, "after POST order", "before commit"),
}


def _before(steps: list[str], landmark: str, step: str) -> int:
    """Number the last such step before a landmark, counted from 1."""
    there = steps.index(landmark)
    return there - steps[:there][::-1].index(step)


def _after(steps: list[str], landmark: str, step: str) -> int:
    return steps.index(step, steps.index(landmark)) + 1


def trouble_in_the_evening(home: Path, kis: Kis, at: int, trouble: Trouble) -> int:
    """Live until some time after the trouble; nothing crashes. Count the orders at KIS then."""
    life = replace(evening(home, kis, at, trouble), until=SOON)
    assert ended(started(live, life)) == 0
    assert_sent_before_standing(home, kis)
    return len(kis.orders())


def go_on_with_room(home: Path, kis: Kis) -> None:
    """Start again when the disk has room: what was out is found, the rest follows, all is right."""
    later = Life(home=home, kis=kis.url, wakes=kis.now(), until=AFTERWARDS)
    assert ended(started(live, later)) == 0
    assert_sent_before_standing(home, kis)
    assert_all_is_right(home, kis)
    assert len(kis.orders()) == ORDERS


@pytest.mark.fault(61)
@pytest.mark.parametrize("when", WHEN)
def test_nothing_goes_out_unwritten_when_the_disk_is_full(
    when: str, steps: list[str], small_disk: Path
) -> None:
    full = DiskFull(small_disk)
    with open_kis(shares=SHARES, average=AVERAGE) as kis:
        out = trouble_in_the_evening(small_disk, kis, WHEN[when](steps), full)
        assert out == (0 if when == "as sent is written" else 1)
        full.free()
        go_on_with_room(small_disk, kis)


@pytest.mark.fault(61)
@pytest.mark.parametrize("when", ["as sent is written", "as the answer is written"])
def test_nothing_goes_out_unwritten_when_the_log_cannot_grow(
    when: str, steps: list[str], tmp_path: Path
) -> None:
    log = tmp_path / f"{DATABASE_NAME}-wal"
    with open_kis(shares=SHARES, average=AVERAGE) as kis:
        out = trouble_in_the_evening(tmp_path, kis, WHEN[when](steps), NoLargerFiles(log))
        assert out == (0 if when == "as sent is written" else 1)
        go_on_with_room(tmp_path, kis)

"""kill -9 at every step of an evening, with the state on disk and KIS in another process.

After each death: nothing stands at KIS that is not on disk as sent. After a restart a second, half
a minute or seven hours later, and the rest of the day: no order twice at KIS, the ledger is the
account, and what is not there was told.
"""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from tests.faults.processes.broker import open_kis
from tests.faults.processes.children import ended, started
from tests.faults.processes.evening import (
    AFTERWARDS,
    AVERAGE,
    LONG,
    ORDERS,
    SHARES,
    assert_all_is_right,
    assert_sent_before_standing,
    evening,
)
from tests.faults.processes.trader import Life, live

PAUSES = (timedelta(seconds=1), timedelta(seconds=30), timedelta(hours=7))


def chosen(steps: list[str]) -> list[int]:
    """Choose the steps to die at, counted from 1."""
    every = range(1, len(steps) + 1)
    if os.environ.get(LONG):
        return list(every)
    first = steps.index("before POST order")
    around = range(first - 6, first + 14)
    return [step for step in every if step in around or step % 4 == 0]


def die_and_go_on(home: Path, dies_at: int) -> None:
    with open_kis(shares=SHARES, average=AVERAGE) as kis:
        assert ended(started(live, evening(home, kis, dies_at))) == -9
        assert_sent_before_standing(home, kis)
        wakes = kis.now() + PAUSES[dies_at % len(PAUSES)]
        rest = Life(home=home, kis=kis.url, wakes=wakes, until=AFTERWARDS, begins=True)
        assert ended(started(live, rest)) == 0
        assert_sent_before_standing(home, kis)
        assert_all_is_right(home, kis)


@pytest.mark.fault(54)
def test_kill_9_at_any_step_of_an_evening_doubles_no_order_and_loses_none(
    steps: list[str], tmp_path: Path
) -> None:
    assert steps.count("before POST order") == ORDERS
    for dies_at in chosen(steps):
        home = tmp_path / str(dies_at)
        home.mkdir()
        try:
            die_and_go_on(home, dies_at)
        except AssertionError as error:
            raise AssertionError(
                f"died at step {dies_at}, {steps[dies_at - 1]}: {error}"
            ) from error

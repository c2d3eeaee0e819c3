"""Memory runs out, or the state file is taken away in use: what goes out is right all the same."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.storage.database import DATABASE_NAME
from tests.faults.processes.broker import open_kis
from tests.faults.processes.children import ended, started
from tests.faults.processes.evening import (
    AFTERWARDS,
    AVERAGE,
    SHARES,
    assert_all_is_right,
    assert_sent_before_standing,
    evening,
)
from tests.faults.processes.test_disk_full import SOON
from tests.faults.processes.trader import Life, live
from tests.faults.processes.troubles import Deleted, out_of_memory


@pytest.mark.fault(58)
@pytest.mark.parametrize(
    "step", ["before POST order", "after POST order", "before commit", "after GET inquire-balance"]
)
def test_a_process_that_runs_out_of_memory_ends_and_its_successor_recovers(
    step: str, steps: list[str], tmp_path: Path
) -> None:
    last = len(steps) - steps[::-1].index(step)
    with open_kis(shares=SHARES, average=AVERAGE) as kis:
        assert ended(started(live, evening(tmp_path, kis, last, out_of_memory))) == 1
        assert_sent_before_standing(tmp_path, kis)
        rest = Life(home=tmp_path, kis=kis.url, wakes=kis.now(), until=AFTERWARDS)
        assert ended(started(live, rest)) == 0
        assert_sent_before_standing(tmp_path, kis)
        assert_all_is_right(tmp_path, kis)


@pytest.mark.fault(63)
def test_no_order_goes_out_on_a_file_that_was_deleted_under_the_bot(
    steps: list[str], tmp_path: Path
) -> None:
    path = tmp_path / DATABASE_NAME
    before_the_first = steps.index("before GET inquire-ccnl") + 1
    with open_kis(shares=SHARES, average=AVERAGE) as kis:
        life = replace(evening(tmp_path, kis, before_the_first, Deleted(path)), until=SOON)
        assert ended(started(live, life)) == 0
        assert kis.orders() == []
        assert not path.exists(), "nothing is begun anew beside what is left"

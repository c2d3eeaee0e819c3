"""A log that was cut, or a copy put back, in mid-evening: the file knows less than KIS does.

Nothing in the file can tell. What stands at KIS can, and it is listed before every order.
"""

from pathlib import Path

import pytest

from tests.faults.processes.broker import Kis, open_kis
from tests.faults.processes.children import ended, started
from tests.faults.processes.evening import AFTERWARDS, AVERAGE, SHARES, evening
from tests.faults.processes.evidence import Evidence, order_of
from tests.faults.processes.leftovers import Leftovers, left_in
from tests.faults.processes.trader import Life, live


def cut_before(left: Leftovers, home: Path, event: str) -> None:
    """Lay out what there was at the last commit before the journal had an event."""
    for number, commit in enumerate(left.commits()):
        folder = home.parent / f"commit {number}"
        left.cut(folder, commit)
        if Evidence(folder).told(event):
            left.cut(home, left.commits()[number - 1])
            return
    raise AssertionError(f"{event} was never committed")


def killed_with_orders_out(home: Path, kis: Kis, steps: list[str]) -> Leftovers:
    home.mkdir()
    posted = [number for number, step in enumerate(steps, start=1) if step == "after POST order"]
    assert ended(started(live, evening(home, kis, posted[2] + 3))) == -9
    assert len(kis.orders()) == 3
    return left_in(home)


@pytest.mark.fault(63)
@pytest.mark.parametrize("lost_since", ["OrderSent", "RoundApproved", "RoundProposed"])
def test_a_file_that_is_older_than_the_account_sends_no_order_a_second_time(
    lost_since: str, steps: list[str], tmp_path: Path
) -> None:
    with open_kis(shares=SHARES, average=AVERAGE) as kis:
        left = killed_with_orders_out(tmp_path / "home", kis, steps)
        older = tmp_path / "older"
        cut_before(left, older, lost_since)
        rest = Life(home=older, kis=kis.url, wakes=kis.now(), until=AFTERWARDS, begins=True)
        assert ended(started(live, rest)) == 0
        standing = [order_of(order) for order in kis.orders()]
        assert len(standing) == len(set(standing)), standing

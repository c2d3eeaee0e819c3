"""kill -9 at every step of an evening, with the state on disk and KIS in another process.

After each death: nothing stands at KIS that is not on disk as sent. After a restart a second, half
a minute or seven hours later, and the rest of the day: no order twice at KIS, the ledger is the
account, and what is not there was told.
"""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from tests.faults.processes.broker import Kis, open_kis
from tests.faults.processes.children import ended, pipe, started
from tests.faults.processes.evidence import Evidence, order_of
from tests.faults.processes.trader import TABLE, Life, live
from tests.faults.processes.troubles import Trouble, killed

EVENING = TABLE.propose_at - timedelta(minutes=5)
AFTERWARDS = TABLE.settle_again_at + timedelta(minutes=1)
PAUSES = (timedelta(seconds=1), timedelta(seconds=30), timedelta(hours=7))
SHARES, AVERAGE = 40, "50"

LONG = "MUHAN_TEST_LONG"
"""In the environment: every step is died at; else all around one order, and every fourth."""


def chosen(steps: list[str]) -> list[int]:
    """Choose the steps to die at, counted from 1."""
    every = range(1, len(steps) + 1)
    if os.environ.get(LONG):
        return list(every)
    first = steps.index("before POST order")
    around = range(first - 6, first + 14)
    return [step for step in every if step in around or step % 4 == 0]


def evening(home: Path, kis: Kis, strikes_at: int, trouble: Trouble = killed) -> Life:
    return Life(
        home=home,
        kis=kis.url,
        wakes=EVENING,
        until=AFTERWARDS,
        strikes_at=strikes_at,
        trouble=trouble,
        begins=True,
    )


def steps_of_an_evening(home: Path) -> list[str]:
    with open_kis(shares=SHARES, average=AVERAGE) as kis:
        ours, theirs = pipe()
        process = started(live, evening(home, kis, 0), theirs)
        theirs.close()
        steps: list[str] = ours.recv()
        ours.close()
        assert ended(process) == 0
        assert Evidence(home).shares() == kis.shares() != SHARES
    return steps


def die_and_go_on(home: Path, dies_at: int) -> None:
    with open_kis(shares=SHARES, average=AVERAGE) as kis:
        assert ended(started(live, evening(home, kis, dies_at))) == -9
        assert_sent_before_standing(home, kis)
        wakes = kis.now() + PAUSES[dies_at % len(PAUSES)]
        rest = Life(home=home, kis=kis.url, wakes=wakes, until=AFTERWARDS, begins=True)
        assert ended(started(live, rest)) == 0
        assert_sent_before_standing(home, kis)
        assert_all_is_right(home, kis)


def assert_sent_before_standing(home: Path, kis: Kis) -> None:
    """Every order at KIS is durably "sent", and none of them twice."""
    standing = [order_of(order) for order in kis.orders()]
    sent = Evidence(home).sent()
    assert len(standing) == len(set(standing)), f"twice at KIS: {standing}"
    assert set(standing) <= set(sent), f"not on disk as sent: {set(standing) - set(sent)}"
    assert len(sent) == len(set(sent)), f"sent twice: {sent}"


def assert_all_is_right(home: Path, kis: Kis) -> None:
    """The ledger is the account's, and an order that is not at KIS was told to be absent."""
    evidence = Evidence(home)
    assert evidence.told("RoundSettled") == 1
    assert evidence.shares() == kis.shares()
    assert evidence.told("OrderAbsent") == len(evidence.sent()) - len(kis.orders())


@pytest.mark.fault(54)
def test_kill_9_at_any_step_of_an_evening_doubles_no_order_and_loses_none(tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    whole.mkdir()
    steps = steps_of_an_evening(whole)
    assert steps.count("before POST order") == 6
    for dies_at in chosen(steps):
        home = tmp_path / str(dies_at)
        home.mkdir()
        try:
            die_and_go_on(home, dies_at)
        except AssertionError as error:
            raise AssertionError(
                f"died at step {dies_at}, {steps[dies_at - 1]}: {error}"
            ) from error

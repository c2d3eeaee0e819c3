"""An evening of a trading process, and what must be true of it whatever happened meanwhile."""

from datetime import timedelta
from pathlib import Path

from tests.faults.processes.broker import Kis, open_kis
from tests.faults.processes.children import ended, pipe, started
from tests.faults.processes.evidence import Evidence, order_of
from tests.faults.processes.trader import TABLE, Life, live
from tests.faults.processes.troubles import Trouble, killed

EVENING = TABLE.propose_at - timedelta(minutes=5)
AFTERWARDS = TABLE.settle_again_at + timedelta(minutes=1)
SHARES, AVERAGE = 40, "50"
ORDERS = 6
"""How many orders the evening has."""
LONG = "MUHAN_TEST_LONG"
"""In the environment: every step is died at; else a few."""


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

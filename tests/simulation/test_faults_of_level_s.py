"""Each fault of level S, at a high rate, until it struck: it is met, and every invariant holds."""

from collections.abc import Iterator

import pytest

from bot.sessions import Calendar
from tests.simulation.__main__ import failure
from tests.simulation.drive import run
from tests.simulation.faults import Fault, Swarm
from tests.simulation.scenario import scenario_of

OFTEN = 0.3
RATES = {
    Fault.KILLED_IN_RECOVERY: 0.03,
    Fault.KILLED: 0.5,
    Fault.SPLIT: 0.6,
    Fault.DISK_FULL: 0.5,
    Fault.RATE_STORM: 1.0,
    Fault.CANCEL_RACES_FILL: 1.0,
    Fault.WASH_TRADE: 1.0,
    Fault.SELL_TOO_MANY: 1.0,
    Fault.NOTICE_FIRST: 1.0,
    Fault.UPDATE_TWICE: 1.0,
}
DAYS = {
    Fault.DAYLIGHT_SAVING: 6,
    Fault.CALENDAR: 6,
    Fault.OLD_BUTTON: 3,
    Fault.RATE_STORM: 3,
    Fault.ROW_OF_ANOTHER_DAY: 3,
    Fault.SETTLED_HOLDINGS: 4,
    Fault.CANCEL_RACES_FILL: 5,
    Fault.NOTICE_FIRST: 5,
    Fault.SELL_TOO_MANY: 4,
    Fault.WASH_TRADE: 5,
}
ALSO = {Fault.UPDATE_TWICE: {Fault.KILLED: 0.5}}
"""What has to happen for a fault to have an occasion: updates come again after a restart."""
BEGINS = {Fault.DAYLIGHT_SAVING: ((3, 4), (3, 10), (10, 28)), Fault.CALENDAR: ((12, 21), (11, 20))}
TRIES = 40


def seeds(fault: Fault) -> Iterator[int]:
    """Give seeds whose world can have the fault."""
    dates, calendar = BEGINS.get(fault), Calendar()
    for seed in range(1, 2000):
        start = scenario_of(seed, calendar).start
        if dates is None or (start.month, start.day) in dates:
            yield seed


@pytest.mark.parametrize(
    "fault", [pytest.param(fault, marks=pytest.mark.fault(fault.row)) for fault in Fault]
)
def test_a_fault_that_strikes_breaks_no_invariant(fault: Fault) -> None:
    swarm = Swarm(rates={fault: RATES.get(fault, OFTEN), **ALSO.get(fault, {})})
    for _, seed in zip(range(TRIES), seeds(fault), strict=False):
        verdict = run(seed, DAYS.get(fault, 1), swarm=swarm)
        assert verdict.sound, failure(verdict)
        if verdict.hits[fault]:
            return
    pytest.fail(f"{fault.value} (row {fault.row}) never struck in {TRIES} seeds")

from collections.abc import Sequence
from dataclasses import replace

import pytest

from strategy import ledgers
from strategy.errors import StrategyError
from strategy.ledgers import Ledgers
from strategy.model import Bar
from strategy.start_dates import Start, begun, starts, summed
from tests.strategy.states import D, fresh, series

CLOSES = ["40", "40", "38", "39", "60", "60", "55", "50", "62", "58"]


def _trade(window: Sequence[Bar], history: Sequence[Bar]) -> Ledgers:
    return ledgers.run([fresh()], window, history=history)


def _begun(window: Sequence[Bar], history: Sequence[Bar]) -> Start:
    ledgers = _trade(window, history)
    return begun(ledgers.tape, ledgers.course)


def _start(returned: str, held: str = "0", used_up: int = 0) -> Start:
    bars = series(CLOSES)
    return replace(
        _begun(bars[1:4], bars[:1]),
        return_percent=D(returned),
        hold_return_percent=D(held),
        exhausted_sessions=used_up,
    )


def test_every_start_has_a_whole_horizon_before_it() -> None:
    assert list(starts(10, 3, 4)) == [0, 3, 6]
    assert list(starts(10, 1, 10)) == [0]
    with pytest.raises(StrategyError, match="choose a shorter one"):
        starts(9, 1, 10)


def test_a_start_is_a_run_of_its_own_over_the_horizon() -> None:
    bars = series(CLOSES)
    found = _begun(bars[3:8], bars[:3])
    alone = _trade(bars[3:8], bars[2:3])
    assert (found.start, found.end) == (bars[3].day, bars[7].day)
    assert found.final_equity == alone.final_equity
    assert found.return_percent == alone.return_percent
    assert found.hold_return_percent == D("31.5789")


def test_starts_are_summed_up() -> None:
    found = [_start("-5", "-9", 3), _start("10", "20"), _start("2", "1"), _start("3", "3")]
    summary = summed(found)
    returns = (summary.worst_percent, summary.median_percent, summary.best_percent)
    assert returns == (D(-5), D("2.5"), D(10))
    assert (summary.gained, summary.better_than_hold, summary.ran_out) == (3, 2, 1)
    assert summed(found[:3]).median_percent == 2
    assert summary.count == 4

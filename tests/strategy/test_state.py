from dataclasses import replace
from typing import Any

import pytest

from strategy import versions
from strategy.errors import StrategyError
from strategy.model import Phase
from tests.strategy.states import D, fresh, holding, market

HELD = holding(10, "40", "3", "15000")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"quantity": -1}, "quantity held"),
        ({"average": D("0.009")}, "average must be a cent at least"),
        ({"quantity": 0}, "nothing is held"),
        ({"turn": D(41)}, "T must lie between 0 and 40"),
        ({"turn": D(-1)}, "T must lie between 0 and 40"),
        ({"turn": D("NaN")}, "T must be a number"),
        ({"cash": D("Infinity")}, "cash must be a number"),
        ({"cash": D("1E30")}, "cash must be a number"),
        ({"reserve": D(-1)}, "cannot be below 0"),
        ({"average": D("1E10")}, "average must be at most"),
        ({"phase": Phase.REVERSE}, "count from 1"),
    ],
)
def test_a_state_that_no_history_can_produce_is_refused(
    wrong: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(StrategyError, match=sentence):
        versions.plan(replace(HELD, **wrong), market("40"))


@pytest.mark.parametrize("close", ["0", "-1", "NaN", "Infinity"])
def test_a_close_that_is_no_price_is_refused(close: str) -> None:
    with pytest.raises(StrategyError, match="a close must be a price above 0"):
        versions.plan(fresh(), market("40", close))

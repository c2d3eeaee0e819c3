from dataclasses import replace
from typing import Any

import pytest

from strategy import versions
from strategy.errors import StrategyError
from strategy.model import Phase
from tests.strategy.states import D, fresh, holding, in_quarter, market, of, owning

HELD = holding(10, "40", "3", "15000")
FIXED = owning(of("2.2"), 10, "40")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"quantity": -1}, "the quantity held must be 0 to 1000000000, not -1"),
        ({"quantity": 10**9 + 1}, "the quantity held must be 0 to 1000000000"),
        ({"average": D("0.009")}, "their average must be a cent at least"),
        ({"average": D(0)}, "10 shares are held, so their average must be a cent at least"),
        ({"quantity": 0}, "nothing is held, so T and the average must be 0, not 3 and 40"),
        ({"quantity": 0, "turn": D(0)}, "nothing is held"),
        ({"quantity": 0, "average": D(0)}, "nothing is held"),
        ({"turn": D(41)}, "T must lie between 0 and 40, not at 41"),
        ({"turn": D("40.000000000001")}, "T must lie between 0 and 40"),
        ({"turn": D(-1)}, "T must lie between 0 and 40"),
        ({"turn": D("NaN")}, "T must be a number"),
        ({"cash": D("Infinity")}, "cash must be a number"),
        ({"cash": D("1E30")}, "cash must be a number up to 1000000000000, not"),
        ({"cash": D("-1E30")}, "cash must be a number"),
        ({"principal": D("NaN")}, "the principal must be a number"),
        ({"reserve": D("NaN")}, "the reserve must be a number"),
        ({"unit": D("NaN")}, "the unit must be a number"),
        ({"quarter_unit": D("NaN")}, "the quarter phase's unit must be a number"),
        ({"reserve": D(-1)}, "cannot be below 0"),
        ({"unit": D(-1)}, "cannot be below 0"),
        ({"quarter_unit": D(-1)}, "cannot be below 0"),
        ({"average": D(-1)}, "cannot be below 0"),
        ({"average": D("1E10")}, "average must be at most 1000000000"),
        ({"phase": Phase.REVERSE}, "count from 1, the day of the MOC"),
    ],
)
def test_a_state_that_no_history_can_produce_is_refused(
    wrong: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(StrategyError, match=sentence):
        versions.plan(replace(HELD, **wrong), market("40"))


@pytest.mark.parametrize(
    "edge",
    [
        {"quantity": 10**9},
        {"quantity": 1, "average": D("0.01")},
        {"average": D("1E9")},
        {"cash": D("1E12")},
        {"cash": D("-1E12")},
    ],
)
def test_the_edges_of_what_can_be_held_are_states(edge: dict[str, Any]) -> None:
    assert versions.plan(replace(HELD, **edge), market("40")).cycle.turn == 3


def test_a_single_share_needs_its_average_too() -> None:
    with pytest.raises(StrategyError, match="1 shares are held, so their average must be"):
        versions.plan(replace(HELD, quantity=1, average=D("0.009")), market("40"))


@pytest.mark.parametrize("turn", ["0", "40"])
def test_t_at_either_end_is_a_state(turn: str) -> None:
    assert versions.plan(replace(HELD, turn=D(turn)), market("40")).cycle.quantity == 10


def test_a_t_from_cost_may_pass_the_splits_for_a_while() -> None:
    few = in_quarter(of("2.2"), 3, "6800", "300", step=4, unit="30")
    assert few.turn == D("40.8")
    assert versions.plan(few, market("6000")).cycle.phase is Phase.QUARTER
    with pytest.raises(StrategyError, match="T must lie between 0 and 40"):
        versions.plan(replace(FIXED, turn=D(-1)), market("40"))


def test_a_fixed_unit_must_be_there_while_shares_are_held() -> None:
    with pytest.raises(StrategyError, match="a version with a fixed unit needs a unit above 0"):
        versions.plan(replace(FIXED, unit=D(0)), market("40"))
    assert versions.plan(replace(of("2.2"), unit=D(0)), market("40")).orders == ()
    assert versions.plan(replace(FIXED, unit=D("0.01")), market("40")).unit == D("0.01")


@pytest.mark.parametrize(
    ("method", "step", "sentence"),
    [
        ("2.2", -1, "are 1 to 10 (0 and 11 are its days at the close), not -1"),
        ("2.2", 13, "are 1 to 10 (0 and 11 are its days at the close), not 13"),
        ("3.0", 8, "are 1 to 5 (0 and 6 are its days at the close), not 8"),
    ],
)
def test_a_step_that_the_quarter_phase_does_not_have_is_refused(
    method: str, step: int, sentence: str
) -> None:
    state = in_quarter(of(method), 300, "40", "3900", step=step)
    with pytest.raises(StrategyError) as refused:
        versions.plan(state, market("40"))
    assert sentence in str(refused.value)


def test_cash_below_nothing_is_a_state_that_fees_can_lead_to() -> None:
    plan = versions.plan(replace(FIXED, cash=D("-0.50")), market("40"))
    assert [order.side.value for order in plan.orders] == ["sell", "sell"]


@pytest.mark.parametrize("close", ["0", "-1", "NaN", "Infinity", "1E10"])
def test_a_close_that_is_no_price_is_refused(close: str) -> None:
    for known in (market("40", close), market(close, "40")):
        with pytest.raises(StrategyError, match="a close must be a price above 0"):
            versions.plan(fresh(), known)

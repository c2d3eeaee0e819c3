"""Version 1.0: half at the average, half for sure, all sold at +10 %."""

from dataclasses import replace
from typing import Any

import pytest

from strategy import v1_0, versions
from strategy.cycle import settle
from strategy.errors import StrategyError
from strategy.model import Cycle, Leg, Phase
from tests.strategy.states import (
    TUESDAY,
    D,
    codes,
    full,
    holding,
    in_reverse,
    leg,
    legs_of,
    lines,
    market,
    of,
)


def _held(turn: str = "10", average: str = "40", quantity: int = 100, **over: Any) -> Cycle:
    return holding(quantity, average, turn, "15000", of("1.0", **over))


def test_the_first_day_spends_one_whole_unit_and_has_no_ladder() -> None:
    plan = versions.plan(of("1.0"), market("40"))
    assert lines(plan) == [("first", "44.80", 11)]
    assert plan.unit == 500
    assert settle(plan, [full(plan.orders[0], "40")], TUESDAY).cycle.turn == 1


def test_a_day_buys_half_at_the_average_and_half_for_sure_and_offers_all_at_ten_percent() -> None:
    plan = versions.plan(_held(), market("38"))
    assert lines(plan) == [("big", "42.56", 5), ("average", "40.00", 7), ("target", "44.00", 100)]
    assert (plan.half, plan.star_price, plan.unit) == (None, None, D(500))
    assert plan.skips == ()


def test_the_sure_half_stands_a_cent_under_the_target_at_most() -> None:
    plan = versions.plan(_held(), market("42"))
    assert lines(plan)[:2] == [("big", "43.99", 5), ("average", "40.00", 7)]


def test_under_the_average_the_sure_half_is_the_cheaper_one() -> None:
    plan = versions.plan(_held(), market("34"))
    assert lines(plan)[:2] == [("average", "40.00", 6), ("big", "38.08", 7)]
    assert plan.orders[1].why.sentence("en") == (
        "big number 38.08 (previous close 34 x 1.12, under the target); unit 500.00 / 38.08 = 13 "
        "shares - 6 of the dearer leg = 7"
    )


def test_far_under_the_average_both_halves_fold_into_one_line() -> None:
    plan = versions.plan(_held(), market("30"))
    folded = leg(plan, Leg.FOLDED)
    assert (folded.price, folded.quantity, folded.credit) == (D("33.00"), 6 + 8, D(1))


@pytest.mark.parametrize(("close", "turn"), [("40.00", "11"), ("40.01", "10.5")])
def test_t_rises_by_one_at_or_under_the_average_and_else_by_a_half(close: str, turn: str) -> None:
    plan = versions.plan(_held(), market("38"))
    bought = [
        full(order, close)
        for order in plan.orders
        if order.leg in (Leg.BIG, Leg.AVERAGE) and order.price and order.price >= D(close)
    ]
    assert settle(plan, bought, TUESDAY).cycle.turn == D(turn)


def test_the_target_ends_the_cycle() -> None:
    plan = versions.plan(_held(), market("38"))
    done = settle(plan, [full(leg(plan, Leg.TARGET))], TUESDAY)
    assert done.finished is not None
    assert (done.realized, done.cycle.cash) == (D(400), D(19400))
    assert (done.cycle.principal, done.cycle.unit) == (D(19400), D(485))


def test_a_target_before_a_buy_goes_on_from_t_zero() -> None:
    plan = versions.plan(_held(), market("38"))
    done = settle(plan, [full(leg(plan, Leg.TARGET)), full(leg(plan, Leg.BIG), "41")], TUESDAY)
    assert (done.finished, done.cycle.turn, done.cycle.quantity) == (None, D("0.5"), 5)


def test_with_half_a_unit_left_only_the_sure_half_is_bought() -> None:
    plan = versions.plan(_held("39.5"), market("38"))
    assert lines(plan) == [("big", "42.56", 5), ("target", "44.00", 100)]
    assert leg(plan, Leg.BIG).credit == D("0.5")
    assert legs_of(versions.plan(_held("39"), market("38"))) == ["big", "average", "target"]
    assert legs_of(versions.plan(_held("39.01"), market("38"))) == ["big", "target"]


@pytest.mark.parametrize("turn", ["39.51", "40"])
def test_with_the_units_used_up_it_waits_for_the_target(turn: str) -> None:
    plan = versions.plan(_held(turn), market("38"))
    assert lines(plan) == [("target", "44.00", 100)]
    assert codes(plan) == [("big", "units_used_up")]
    assert plan.used_up


def test_by_option_it_sells_all_at_a_close_near_the_average_when_used_up() -> None:
    plan = versions.plan(_held("40", sell_out_percent=D(10)), market("38"))
    assert lines(plan) == [("sell_out", "36.00", 100)]
    done = settle(plan, [full(leg(plan, Leg.SELL_OUT), "37")], TUESDAY)
    assert done.finished is not None
    assert done.realized == -300
    before = versions.plan(_held("39", sell_out_percent=D(10)), market("38"))
    assert leg(before, Leg.TARGET).quantity == 100


def test_a_part_of_a_sell_out_lowers_t_in_proportion() -> None:
    plan = versions.plan(_held("40", sell_out_percent=D(0)), market("38"))
    order = leg(plan, Leg.SELL_OUT)
    assert order.price == 40
    part = replace(full(order), quantity=25)
    assert settle(plan, [part], TUESDAY).cycle.turn == 30


def test_half_a_unit_without_a_share_leaves_one_leg_worth_a_whole_unit() -> None:
    plan = versions.plan(holding(9, "400", "5", "15000", of("1.0")), market("398"))
    assert lines(plan) == [("average", "400.00", 1), ("target", "440.00", 9)]
    assert leg(plan, Leg.AVERAGE).credit == 1


@pytest.mark.parametrize(
    ("turn", "average", "code"),
    [
        ("5", "600", "unit_under_one_share"),
        ("38.5", "600", "unit_under_one_share"),
        ("39", "600", "unit_under_one_share"),
        ("39.01", "600", "half_unit_under_one_share"),
        ("39.5", "600", "half_unit_under_one_share"),
        ("39.5", "400", "half_unit_under_one_share"),
    ],
)
def test_a_unit_without_a_share_says_what_does_not_suffice(
    turn: str, average: str, code: str
) -> None:
    plan = versions.plan(holding(9, average, turn, "15000", of("1.0")), market(average))
    assert legs_of(plan) == ["target"]
    assert codes(plan) == [("big", code)]


def test_the_units_go_as_far_as_the_cash() -> None:
    plan = versions.plan(holding(9, "40", "5", "100", of("1.0")), market("39"))
    assert lines(plan)[:2] == [("big", "43.68", 1), ("average", "40.00", 1)]


def test_a_ladder_comes_only_by_option() -> None:
    plan = versions.plan(_held(ladder=2), market("38"))
    assert [str(o.price) for o in plan.orders if o.leg is Leg.LADDER] == ["38.46", "35.71"]


@pytest.mark.parametrize("state", [in_reverse(9, "40", "1", "1000"), None])
def test_there_is_only_the_normal_phase(state: Cycle | None) -> None:
    other = _held() if state is None else state
    phase = Phase.QUARTER if state is None else Phase.REVERSE
    wrong = replace(other, rules=of("1.0").rules, unit=D(500), phase=phase)
    with pytest.raises(StrategyError, match=r"version 1\.0 has the normal phase only"):
        versions.plan(wrong, market("40"))


def test_the_planner_is_found_by_name() -> None:
    assert versions.method("1.0")(_held(), market("38")) == v1_0.plan(_held(), market("38"))

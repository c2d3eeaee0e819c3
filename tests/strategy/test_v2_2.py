import pytest

from strategy import v2_2, versions
from strategy.cycle import settle
from strategy.errors import StrategyError
from strategy.model import Half, Leg, Phase
from tests.strategy.states import (
    TUESDAY,
    D,
    fresh,
    full,
    holding,
    leg,
    lines,
    market,
    of,
    owning,
)


def test_the_first_buy_stands_ten_percent_over_the_close_for_tqqq_and_twelve_for_soxl() -> None:
    tqqq = versions.plan(of("2.2", "40000"), market("50"))
    assert lines(tqqq)[:2] == [("first", "55.00", 18), ("ladder", "52.63", 1)]
    soxl = versions.plan(of("2.2", "40000", "SOXL"), market("25"))
    assert lines(soxl)[:2] == [("first", "28.00", 35), ("ladder", "27.77", 1)]


def test_the_unit_is_the_principal_over_the_splits_all_through_the_cycle() -> None:
    assert of("2.2").unit == 500
    assert versions.plan(owning(of("2.2"), 100, "40", "9000"), market("40")).unit == 500
    assert versions.plan(owning(of("2.2"), 300, "40", "100"), market("40")).unit == 500


def test_a_day_of_the_first_half_is_the_one_of_the_command_line_page() -> None:
    plan = versions.plan(owning(of("2.2", "40000"), 500, "39.32"), market("38"))
    assert (plan.cycle.turn, plan.half) == (D("19.66"), Half.FIRST)
    assert (plan.star_percent, plan.star_price) == (D("0.17"), D("39.39"))
    assert lines(plan)[:3] == [
        ("star", "39.38", 12),
        ("average", "39.32", 13),
        ("ladder", "38.46", 1),
    ]
    assert lines(plan)[-2:] == [("quarter", "39.39", 125), ("target", "43.25", 375)]


def test_the_second_half_begins_at_half_of_the_splits() -> None:
    plan = versions.plan(owning(of("2.2"), 250, "40"), market("40"))
    assert (plan.cycle.turn, plan.half, plan.star_price) == (D(20), Half.SECOND, D("40.00"))
    assert lines(plan)[0] == ("star", "39.99", 12)


def test_the_second_half_of_soxl_falls_six_tenths_of_a_percent_a_turn() -> None:
    plan = versions.plan(owning(of("2.2", symbol="SOXL"), 375, "40"), market("38"))
    assert (plan.cycle.turn, plan.star_percent) == (D(30), D(-6))
    assert lines(plan)[0] == ("star", "37.59", 13)
    assert lines(plan)[-2:] == [("quarter", "37.60", 93), ("target", "44.80", 282)]


def test_any_splits_have_a_star() -> None:
    for symbol, percent in (("TQQQ", "-1.428571428571"), ("SOXL", "-1.714285714286")):
        base = fresh(symbol, 35, "35000", method="2.2")
        plan = versions.plan(owning(base, 500, "40"), market("39"))
        assert (plan.cycle.turn, plan.star_percent) == (D(20), D(percent))


def test_a_sale_lets_t_fall_by_itself() -> None:
    plan = versions.plan(owning(of("2.2"), 100, "40"), market("40"))
    after = settle(plan, [full(leg(plan, Leg.QUARTER))], TUESDAY).cycle
    assert (plan.cycle.turn, after.turn, after.unit) == (D(8), D(6), D(500))


def test_a_buy_adds_its_cost_to_t_and_not_its_credit() -> None:
    plan = versions.plan(owning(of("2.2"), 100, "40"), market("40"))
    after = settle(plan, [full(leg(plan, Leg.STAR), "41")], TUESDAY).cycle
    assert leg(plan, Leg.STAR).quantity == 5
    assert after.turn == D("8.41")


def test_a_first_buy_is_counted_by_its_cost() -> None:
    plan = versions.plan(of("2.2", "40000"), market("50"))
    after = settle(plan, [full(leg(plan, Leg.FIRST), "49")], TUESDAY).cycle
    assert (after.quantity, after.turn) == (18, D("0.89"))


def test_a_new_cycle_has_the_same_principal_and_unit() -> None:
    plan = versions.plan(owning(of("2.2"), 100, "40"), market("40"))
    fills = [full(leg(plan, Leg.QUARTER), "44"), full(leg(plan, Leg.TARGET))]
    after = settle(plan, fills, TUESDAY).cycle
    assert after.cash == 20400
    assert (after.principal, after.unit, after.reserve) == (D(20000), D(500), D(400))
    poor = versions.plan(owning(of("2.2"), 100, "40", "15000"), market("40"))
    lost = settle(poor, [full(leg(poor, Leg.QUARTER)), full(leg(poor, Leg.TARGET))], TUESDAY).cycle
    assert (lost.principal, lost.unit) == (lost.cash, lost.cash / 40)


@pytest.mark.parametrize("method", ["2.2", "3.0"])
def test_there_is_no_reverse_phase(method: str) -> None:
    state = holding(9, "40", "1", "1000", of(method), phase=Phase.REVERSE, reverse_day=2)
    with pytest.raises(StrategyError, match=f"version {method} has no reverse phase: give normal"):
        versions.plan(state, market("40"))


def test_the_planner_is_found_by_name() -> None:
    state = of("2.2")
    assert versions.method("2.2")(state, market("40")) == v2_2.plan(state, market("40"))

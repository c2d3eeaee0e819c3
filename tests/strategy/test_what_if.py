"""What tomorrow would bring: tonight's plan filled at supposed closes, and the plan after each."""

from decimal import Decimal

import pytest

from strategy import versions, what_if
from strategy.errors import StrategyError
from strategy.model import Leg, Market, Phase
from tests.strategy.states import D, fresh, holding, in_reverse, legs_of, market, of, owning

KNOWN = market("40")
PLAN = versions.plan(holding(12, "39.83", "1", "19522", fresh("SOXL")), KNOWN)


def test_the_table_supposes_eleven_closes_around_the_last_one() -> None:
    table = what_if.table(PLAN, KNOWN)
    assert [str(each.close) for each in table] == [
        *("36.00", "37.20", "38.00", "38.80", "39.60", "40.00"),
        *("40.40", "41.20", "42.00", "42.80", "44.00"),
    ]
    assert [each.percent for each in table] == [-10, -7, -5, -3, -1, 0, 1, 3, 5, 7, 10]


def test_each_close_fills_tonights_plan_and_plans_the_session_after() -> None:
    table = what_if.table(PLAN, KNOWN)
    low, same, high = table[0], table[5], table[10]
    assert [fill.order.leg for fill in low.fills] == [Leg.STAR, Leg.AVERAGE, Leg.LADDER]
    assert (low.settlement.bought, low.settlement.cycle.turn) == (13, D(2))
    assert [fill.order.leg for fill in same.fills] == [Leg.STAR]
    assert (same.settlement.cycle.turn, same.settlement.cycle.quantity) == (D("1.5"), 17)
    assert [fill.order.leg for fill in high.fills] == [Leg.STAR]
    again = versions.plan(same.settlement.cycle, Market(closes=(D(40), D("40.00"))))
    assert same.tomorrow == again


def test_the_session_runs_straight_from_the_last_close_to_the_new_one() -> None:
    steps = (D(25), D("19.5"), D("-40"))
    up, less, down = what_if.table(PLAN, KNOWN, steps)
    assert [fill.order.leg for fill in up.fills] == [Leg.QUARTER, Leg.TARGET]
    assert [str(fill.price) for fill in up.fills] == ["50.00", "47.80"]
    assert up.settlement.finished is not None
    assert up.tomorrow.cycle.number == 2
    assert legs_of(up.tomorrow)[0] == "first"
    assert [fill.order.leg for fill in less.fills] == [Leg.QUARTER, Leg.TARGET]
    assert {fill.price for fill in down.fills} == {D("24.00")}


def test_a_close_between_the_star_and_the_target_sells_the_quarter_alone() -> None:
    (only,) = what_if.table(PLAN, KNOWN, (D("18.75"),))
    assert only.close == D("47.50")
    assert [fill.order.leg for fill in only.fills] == [Leg.QUARTER]
    assert only.settlement.realized == 3 * (D("47.50") - D("39.83"))


def test_a_supposed_close_is_a_cent_at_least() -> None:
    state = holding(12, "0.02", "1", "19522")
    plan = versions.plan(state, market("0.02"))
    (low,) = what_if.table(plan, market("0.02"), (D(-90),))
    assert (low.close, low.percent) == (D("0.01"), D(-50))


def test_a_table_needs_the_last_close() -> None:
    with pytest.raises(StrategyError, match="what would be needs the previous close"):
        what_if.table(PLAN, Market())
    with pytest.raises(StrategyError, match="what would be needs the previous close"):
        what_if.suppose(PLAN, Market(), D(40))


def test_tomorrows_phase_is_decided_with_the_supposed_close() -> None:
    reverse = in_reverse(100, "40", "30", "5000", fresh("SOXL"), day=4)
    known = market("30", "30", "30", "30", "31")
    outcomes = what_if.table(versions.plan(reverse, known), known, (D(3), D(4)))
    assert [each.close for each in outcomes] == [D("31.93"), D("32.24")]
    assert [each.tomorrow.cycle.phase for each in outcomes] == [Phase.REVERSE, Phase.NORMAL]


def test_the_mean_of_tomorrow_takes_the_supposed_close_in() -> None:
    reverse = in_reverse(100, "60", "30", "5000", day=4)
    known = market("30", "31", "32", "33", "34")
    (only,) = what_if.table(versions.plan(reverse, known), known, (D(0),))
    assert only.tomorrow.star_price == (D(31) + 32 + 33 + 34 + 34) / Decimal(5)


def test_closes_that_do_not_suffice_for_tomorrow_are_told() -> None:
    plan = versions.plan(holding(200, "98", "39.5", "700"), market("30"))
    with pytest.raises(StrategyError, match="needs the last 5 closes, but only 2 are known"):
        what_if.table(plan, market("30"))


def test_the_versions_with_a_fixed_unit_are_supposed_alike() -> None:
    state = owning(of("3.0"), 80, "50")
    plan = versions.plan(state, market("50"))
    (only,) = what_if.table(plan, market("50"), (D(12),))
    assert [fill.order.leg for fill in only.fills] == [Leg.QUARTER]
    assert only.tomorrow.unit == 1000 + 20 * D(6) / 40

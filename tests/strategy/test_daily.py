from dataclasses import replace

import pytest

from strategy import daily, versions
from strategy.model import Cycle, Half, Leg, Market, Phase, Skip
from strategy.reasons import Reason, ReasonCode
from tests.strategy.states import (
    D,
    codes,
    fresh,
    holding,
    in_quarter,
    in_reverse,
    leg,
    legs_of,
    lines,
    market,
    of,
    owning,
)


def test_an_unknown_previous_close_orders_nothing_and_decides_nothing() -> None:
    states = {
        "first": fresh(),
        "star": holding(400, "40", "39.5", "100"),
        "reverse_sell": in_reverse(9, "40", "39", "1"),
    }
    for leg_name, state in states.items():
        plan = versions.plan(state, Market())
        assert plan.orders == ()
        assert plan.cycle == state
        assert codes(plan) == [(leg_name, "previous_close_unknown")]
        assert (plan.half, plan.star_percent, plan.star_price) == (None, None, None)


@pytest.mark.parametrize("method", ["1.0", "2.1", "2.2", "3.0", "4.0"])
def test_no_version_orders_without_a_previous_close(method: str) -> None:
    base = of(method)
    held = replace(base, quantity=9, average=D(40), turn=D("0.72"), cash=base.cash - 360)
    for state in (base, held):
        plan = versions.plan(state, Market())
        assert (plan.orders, plan.cycle) == ((), state)
        assert [skip.why.code for skip in plan.skips] == [ReasonCode.UNKNOWN_CLOSE]


def test_the_unit_that_is_told_without_a_close_is_the_phases_own() -> None:
    rounds = in_quarter(of("2.2"), 300, "49", "3900", step=3, unit="390")
    assert versions.plan(rounds, Market()).unit == 390
    assert versions.plan(replace(rounds, quarter_unit=D(0)), Market()).unit == 500
    assert versions.plan(in_reverse(9, "40", "30", "100"), Market()).unit == 25


def test_a_fixed_unit_is_the_cycles_and_a_daily_one_the_cash_over_what_is_left() -> None:
    assert daily.unit(owning(of("2.2"), 100, "40")) == 500
    assert daily.unit(holding(12, "39.83", "1", "19522")) == D(19522) / 39


def test_a_fixed_unit_goes_as_far_as_the_cash() -> None:
    poor = owning(of("2.2"), 100, "40", "300")
    assert daily.budget(poor, daily.unit(poor)) == 300
    assert daily.budget(replace(poor, cash=D(-1)), D(500)) == 0
    assert daily.budget(replace(poor, cash=D(501)), D(500)) == 500
    plan = versions.plan(poor, market("40"))
    assert plan.unit == 500
    assert leg(plan, Leg.STAR).quantity == 3


def test_a_fixed_unit_is_spent_from_the_reserve_too() -> None:
    state = replace(owning(of("3.0"), 100, "40", "900"), reserve=D(900))
    assert legs_of(versions.plan(state, market("40")))[:2] == ["star", "average"]


@pytest.mark.parametrize(
    ("turn", "used_up"), [("38.99", False), ("39", False), ("39.01", True), ("40", True)]
)
def test_the_units_are_used_up_strictly_above_one_less_than_the_splits(
    turn: str, used_up: bool
) -> None:
    assert daily.is_exhausted(holding(400, "40", turn, "500")) is used_up


def test_a_first_day_is_one_leg_and_its_ladder() -> None:
    plan = versions.plan(fresh(ladder=3), market("40"))
    assert lines(plan) == [
        ("first", "44.80", 11),
        ("ladder", "41.66", 1),
        ("ladder", "38.46", 1),
        ("ladder", "35.71", 1),
    ]
    assert (plan.half, plan.star_percent, plan.star_price) == (Half.FIRST, D(15), None)
    assert plan.skips == ()


def test_a_first_unit_without_a_share_says_so() -> None:
    plan = versions.plan(fresh(principal="400"), market("40"))
    assert plan.orders == ()
    assert plan.skips == (
        Skip(leg=Leg.FIRST, why=Reason(ReasonCode.UNIT_TOO_SMALL, (D(10), D("44.80")))),
    )


def test_a_unit_under_one_share_buys_nothing_but_still_sells_in_the_first_half() -> None:
    plan = versions.plan(holding(10, "40", "5", "700"), market("40"))
    assert {order.leg for order in plan.orders} == {Leg.QUARTER, Leg.TARGET}
    assert codes(plan) == [("star", "unit_under_one_share")]


def test_half_a_unit_under_one_share_says_that_the_star_leg_is_not() -> None:
    plan = versions.plan(holding(10, "40", "5", "1750"), market("40"))
    assert leg(plan, Leg.AVERAGE).credit == 1
    assert codes(plan) == [("star", "half_unit_under_one_share")]


def test_a_quarter_of_three_shares_is_skipped_with_a_code() -> None:
    plan = versions.plan(holding(3, "40", "5", "7000"), market("40"))
    assert leg(plan, Leg.TARGET).quantity == 3
    assert codes(plan) == [("quarter", "quarter_under_one_share")]


def test_a_normal_day_of_2_2_is_the_published_table_folded_at_the_cap() -> None:
    state = owning(of("2.2", "40000"), 296, "39.71")
    assert state.turn == D("11.76")
    assert lines(versions.plan(state, market("30"))) == [
        ("folded", "33.00", 30),
        ("ladder", "32.25", 1),
        ("ladder", "31.25", 1),
        ("ladder", "30.30", 1),
        ("quarter", "41.35", 74),
        ("target", "43.68", 222),
    ]


def test_rungs_under_the_floor_are_left_out_and_said() -> None:
    plan = versions.plan(fresh(ladder_floor_percent=D(10)), market("40"))
    assert lines(plan) == [("first", "44.80", 11), ("ladder", "41.66", 1), ("ladder", "38.46", 1)]
    assert codes(plan) == [("ladder", "rungs_below_floor")]
    held = holding(100, "40", "10", "15000", fresh(ladder_floor_percent=D(10)))
    normal = versions.plan(held, market("40"))
    assert [str(o.price) for o in normal.orders if o.leg is Leg.LADDER] == ["38.46"]
    assert codes(normal) == [("ladder", "rungs_below_floor")]


@pytest.mark.parametrize(
    "state",
    [
        replace(fresh(), phase=Phase.REVERSE, reverse_day=4),
        replace(of("2.2"), phase=Phase.QUARTER, quarter_round=3, quarter_unit=D(9)),
    ],
)
def test_what_holds_nothing_rests_in_the_normal_phase(state: Cycle) -> None:
    rested = daily.at_rest(state)
    assert (rested.phase, rested.reverse_day) == (Phase.NORMAL, 0)
    assert (rested.quarter_round, rested.quarter_unit) == (0, D(0))
    assert versions.plan(state, market("40")).orders[0].leg is Leg.FIRST
    assert daily.at_rest(rested) is rested

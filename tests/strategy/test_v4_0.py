from dataclasses import replace

import pytest

from strategy import v4_0, versions
from strategy.errors import StrategyError
from strategy.model import Half, Leg, Phase
from tests.strategy.states import (
    D,
    fresh,
    full,
    holding,
    in_reverse,
    leg,
    legs_of,
    lines,
    market,
)

SOXL = fresh("SOXL")


def test_a_day_of_the_first_half_is_the_published_one() -> None:
    plan = versions.plan(holding(12, "39.83", "1", "19522", SOXL), market("40.00"))
    assert (plan.half, plan.star_percent, plan.star_price) == (Half.FIRST, D(19), D("47.40"))
    assert plan.unit == D(19522) / 39
    assert lines(plan)[:3] == [
        ("star", "47.39", 5),
        ("average", "39.83", 7),
        ("ladder", "38.50", 1),
    ]
    assert lines(plan)[-2:] == [("quarter", "47.40", 3), ("target", "47.80", 9)]
    assert len(plan.orders) == 2 + 8 + 2


def test_a_reason_holds_the_figures() -> None:
    plan = versions.plan(holding(12, "39.83", "1", "19522", SOXL), market("40.00"))
    reason = leg(plan, Leg.STAR).why
    assert "star price 47.40 = average 39.83 x 1.19" in reason.sentence("en")
    assert reason.sentence("ko") == (
        "별지점 47.40 = 평단 39.83 x 1.19, 매수는 0.01 아래; 1회매수금 500.56의 절반 / 47.39 = 5주"
    )


def test_the_first_buy_spends_one_unit_of_the_principal() -> None:
    plan = versions.plan(fresh(principal="24715.60"), market("45.93"))
    assert plan.unit == D("617.89")
    assert lines(plan)[0] == ("first", "51.44", 12)
    assert (plan.half, plan.star_price) == (Half.FIRST, None)
    assert {order.side.value for order in plan.orders} == {"buy"}


def test_the_unit_is_the_cash_over_the_turns_that_are_left() -> None:
    assert v4_0.unit(holding(12, "39.83", "1", "19522")) == D(19522) / 39
    assert v4_0.unit(holding(12, "39.83", "39", "700")) == 700
    assert v4_0.unit(in_reverse(12, "39.83", "39", "700")) == 175
    assert v4_0.unit(holding(12, "39.83", "40", "700")) == 0


def test_what_is_set_aside_is_not_budgeted() -> None:
    state = replace(fresh(principal="30000"), reserve=D(10000))
    assert versions.plan(state, market("40")).unit == 500
    assert v4_0.unit(replace(state, phase=Phase.REVERSE, reverse_day=2)) == 5000


def test_a_reserve_beyond_the_cash_leaves_no_unit_and_none_below_nothing() -> None:
    state = replace(holding(12, "40", "1", "900"), reserve=D(1000))
    assert v4_0.unit(state) == 0
    assert v4_0.unit(replace(state, phase=Phase.REVERSE, reverse_day=2)) == 0


def test_the_second_half_spends_the_whole_unit_under_the_star() -> None:
    plan = versions.plan(holding(400, "40", "20", "10000"), market("40"))
    assert plan.half is Half.SECOND
    assert plan.star_price == D("40.00")
    assert lines(plan)[0] == ("star", "39.99", 12)
    assert leg(plan, Leg.STAR).credit == 1


@pytest.mark.parametrize(
    ("turn", "phase"),
    [("39", Phase.NORMAL), ("39.000000000001", Phase.REVERSE), ("40", Phase.REVERSE)],
)
def test_reverse_begins_strictly_above_one_unit_less_than_the_splits(
    turn: str, phase: Phase
) -> None:
    plan = versions.plan(holding(400, "40", turn, "5000"), market("30"))
    assert plan.cycle.phase is phase
    assert plan.cycle.exhausted is (phase is Phase.REVERSE)


def test_a_second_half_unit_without_a_share_enters_reverse() -> None:
    plan = versions.plan(holding(400, "40", "30", "300"), market("40"))
    assert (plan.cycle.phase, plan.cycle.reverse_day) == (Phase.REVERSE, 1)
    still = versions.plan(holding(400, "40", "30", "380"), market("40"))
    assert still.cycle.phase is Phase.NORMAL


def test_a_first_half_unit_without_a_share_waits_in_the_normal_phase() -> None:
    plan = versions.plan(holding(10, "40", "19.99", "300"), market("40"))
    assert (plan.cycle.phase, legs_of(plan)) == (Phase.NORMAL, ["quarter", "target"])


def test_version_four_knows_no_quarter_phase() -> None:
    with pytest.raises(StrategyError, match="no quarter phase"):
        versions.plan(holding(9, "40", "1", "1000", phase=Phase.QUARTER), market("40"))


def test_t_is_never_worked_out_from_the_cost() -> None:
    state = holding(400, "40", "7", "15000")
    plan = versions.plan(state, market("40"))
    assert plan.cycle.turn == 7
    assert leg(plan, Leg.STAR).quantity == 5
    assert full(leg(plan, Leg.STAR)).order.credit == D("0.5")

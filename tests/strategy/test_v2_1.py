"""Version 2.1: buys at the average and 5 % over it, sells in three steps."""

import pytest

from strategy import v2_1, versions
from strategy.cycle import settle
from strategy.errors import StrategyError
from strategy.model import Half, Leg, OrderType, Phase, QuarterRounding
from tests.strategy.states import (
    TUESDAY,
    D,
    codes,
    full,
    holding,
    leg,
    legs_of,
    lines,
    market,
    of,
    owning,
)


def test_the_first_day_spends_one_whole_unit_and_has_no_ladder() -> None:
    plan = versions.plan(of("2.1"), market("40"))
    assert lines(plan) == [("first", "44.80", 11)]


def test_the_first_half_buys_at_the_average_and_under_the_sale_five_percent_over_it() -> None:
    plan = versions.plan(owning(of("2.1"), 101, "39.71"), market("40"))
    assert (plan.cycle.turn, plan.half) == (D("8.03"), Half.FIRST)
    assert (plan.star_percent, plan.star_price) == (D(5), D("41.70"))
    assert lines(plan) == [
        ("star", "41.69", 5),
        ("average", "39.71", 7),
        ("quarter", "41.70", 25),
        ("target", "43.68", 76),
    ]
    assert leg(plan, Leg.QUARTER).type is OrderType.LOC


def test_the_second_half_buys_a_whole_unit_at_the_average_and_sells_in_three_steps() -> None:
    plan = versions.plan(owning(of("2.1"), 383, "39.71"), market("39"))
    assert (plan.half, plan.star_percent, plan.star_price) == (Half.SECOND, D(0), D("39.71"))
    assert lines(plan) == [
        ("average", "39.70", 12),
        ("quarter", "39.71", 95),
        ("near_target", "41.70", 95),
        ("target", "43.68", 193),
    ]
    assert leg(plan, Leg.AVERAGE).credit == 1
    assert leg(plan, Leg.NEAR_TARGET).type is OrderType.LIMIT


@pytest.mark.parametrize(("quantity", "half"), [(249, Half.FIRST), (250, Half.SECOND)])
def test_the_second_half_begins_at_half_of_the_splits(quantity: int, half: Half) -> None:
    assert versions.plan(owning(of("2.1"), quantity, "40"), market("39")).half is half


def test_three_shares_all_stand_at_the_target() -> None:
    for average, legs in (("40", ["star", "average", "target"]), ("3500", ["target"])):
        plan = versions.plan(owning(of("2.1"), 3, average), market(average))
        assert legs_of(plan) == legs
        assert leg(plan, Leg.TARGET).quantity == 3
        assert ("quarter", "quarter_under_one_share") in codes(plan)


@pytest.mark.parametrize(
    ("held", "sold"),
    [
        (1, {"quarter": 1}),
        (2, {"quarter": 1, "near_target": 1}),
        (3, {"quarter": 1, "near_target": 1, "target": 1}),
        (4, {"quarter": 1, "near_target": 1, "target": 2}),
    ],
)
def test_few_shares_are_sold_in_as_many_steps_as_they_are(held: int, sold: dict[str, int]) -> None:
    base = of("2.1", quarter_rounding=QuarterRounding.AT_LEAST_ONE)
    price = str(12_000 // held)
    plan = versions.plan(owning(base, held, price), market(price))
    assert {order.leg.value: order.quantity for order in plan.orders} == sold


def test_with_less_than_one_unit_left_it_only_sells_and_waits() -> None:
    plan = versions.plan(owning(of("2.1"), 391, "50"), market("45"))
    assert plan.cycle.turn == D("39.1")
    assert lines(plan) == [
        ("quarter", "50.00", 97),
        ("near_target", "52.50", 97),
        ("target", "55.00", 197),
    ]
    assert codes(plan) == [("star", "units_used_up")]
    assert (plan.cycle.phase, plan.used_up) == (Phase.NORMAL, True)
    last = versions.plan(owning(of("2.1"), 390, "50"), market("45"))
    assert leg(last, Leg.AVERAGE).quantity == 10


def test_a_unit_without_a_share_says_so_and_sells_on() -> None:
    plan = versions.plan(owning(of("2.1"), 8, "600", "15000"), market("600"))
    assert legs_of(plan) == ["quarter", "target"]
    assert codes(plan) == [("star", "unit_under_one_share")]
    assert plan.skips[0].why.named() == {"unit": D(500), "price": D("629.99")}
    late = versions.plan(owning(of("2.1"), 20, "600", "8000"), market("600"))
    assert legs_of(late) == ["quarter", "near_target", "target"]
    assert codes(late) == [("star", "unit_under_one_share")]


def test_t_comes_from_the_cost() -> None:
    plan = versions.plan(owning(of("2.1"), 383, "39.71"), market("39"))
    after = settle(plan, [full(leg(plan, Leg.NEAR_TARGET))], TUESDAY).cycle
    assert after.turn == D("22.88")


def test_the_nearer_target_is_an_option() -> None:
    plan = versions.plan(owning(of("2.1", near_target_percent=D(4)), 383, "40"), market("39"))
    assert leg(plan, Leg.NEAR_TARGET).price == D("41.60")
    first = versions.plan(owning(of("2.1", near_target_percent=D(4)), 100, "40"), market("39"))
    assert (leg(first, Leg.STAR).price, leg(first, Leg.QUARTER).price) == (D("41.59"), D("41.60"))


def test_targets_that_meet_are_one_order() -> None:
    plan = versions.plan(owning(of("2.1", near_target_percent=D(10)), 383, "40"), market("39"))
    assert [(o.leg, o.quantity) for o in plan.orders if o.type is OrderType.LIMIT] == [
        (Leg.TARGET, 383 - 95)
    ]


@pytest.mark.parametrize("phase", [Phase.REVERSE, Phase.QUARTER])
def test_there_is_only_the_normal_phase(phase: Phase) -> None:
    state = holding(9, "40", "1", "1000", of("2.1"), phase=phase, reverse_day=2)
    with pytest.raises(StrategyError, match=r"version 2\.1 has the normal phase only"):
        versions.plan(state, market("40"))


def test_the_planner_is_found_by_name() -> None:
    state = of("2.1")
    assert versions.method("2.1")(state, market("40")) == v2_1.plan(state, market("40"))

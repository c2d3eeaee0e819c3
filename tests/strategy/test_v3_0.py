from dataclasses import replace

import pytest

from strategy import versions
from strategy.compounding import next_cycle
from strategy.cycle import settle
from strategy.model import Compounding, Fill, Half, Leg, Phase, Sizing
from tests.strategy.states import TUESDAY, D, full, leg, lines, market, of, owning


def test_the_targets_are_wider_and_the_splits_twenty() -> None:
    plan = versions.plan(owning(of("3.0", symbol="SOXL"), 200, "30"), market("30"))
    assert (plan.cycle.turn, plan.half, plan.unit) == (D(6), Half.FIRST, D(1000))
    assert (plan.star_percent, plan.star_price) == (D(8), D("32.40"))
    assert lines(plan)[:3] == [
        ("star", "32.39", 15),
        ("average", "30.00", 18),
        ("ladder", "29.41", 1),
    ]
    assert lines(plan)[-2:] == [("quarter", "32.40", 50), ("target", "36.00", 150)]


def test_the_first_buy_stands_twelve_percent_over_the_close_for_both() -> None:
    for symbol in ("TQQQ", "SOXL"):
        plan = versions.plan(of("3.0", symbol=symbol), market("59.05"))
        assert lines(plan)[0] == ("first", "66.14", 15)


def test_the_second_half_begins_at_ten() -> None:
    plan = versions.plan(owning(of("3.0"), 250, "40"), market("40"))
    assert (plan.cycle.turn, plan.half, plan.star_price) == (D(10), Half.SECOND, D("40.00"))


@pytest.mark.parametrize(("average", "phase"), [("38", Phase.NORMAL), ("38.01", Phase.QUARTER)])
def test_the_units_are_used_up_above_nineteen(average: str, phase: Phase) -> None:
    plan = versions.plan(owning(of("3.0"), 500, average), market("36"))
    assert plan.cycle.phase is phase


def test_every_profitable_sale_raises_the_unit_at_once_by_a_fortieth() -> None:
    plan = versions.plan(owning(of("3.0"), 80, "50"), market("50"))
    after = settle(plan, [full(leg(plan, Leg.QUARTER), "70")], TUESDAY).cycle
    assert after.realized == 400
    assert after.unit == 1010
    assert after.turn == D("2.98")
    assert versions.plan(after, market("60")).unit == 1010


def test_a_loss_leaves_the_unit_and_nothing_is_netted() -> None:
    state = owning(of("3.0"), 480, "40", "1000")
    plan = versions.plan(state, market("35"))
    assert plan.cycle.phase is Phase.QUARTER
    moc, target = leg(plan, Leg.QUARTER_MOC), leg(plan, Leg.TARGET)
    lost = settle(plan, [full(moc, "30")], TUESDAY).cycle
    assert (lost.realized, lost.unit) == (D(-1200), D(1000))
    part = Fill(order=target, quantity=100, price=D("46"))
    both = settle(plan, [full(moc, "30"), part], TUESDAY).cycle
    assert (both.realized, both.unit) == (D(-600), D(1015))


def test_a_profit_that_the_fee_eats_leaves_the_unit() -> None:
    state = owning(of("3.0", fee_percent=D(1)), 80, "50")
    plan = versions.plan(state, market("50"))
    quarter = leg(plan, Leg.QUARTER)
    even = settle(plan, [full(quarter, "50.50")], TUESDAY).cycle
    assert (even.realized, even.unit) == (D("-0.10"), D(1000))
    more = settle(plan, [full(quarter, "51")], TUESDAY).cycle
    assert (more.realized, more.unit) == (D("9.80"), D("1000.245"))


def test_the_grown_unit_carries_over_and_the_rest_is_set_aside() -> None:
    plan = versions.plan(owning(of("3.0"), 80, "50"), market("50"))
    fills = [full(leg(plan, Leg.QUARTER), "70"), full(leg(plan, Leg.TARGET))]
    after = settle(plan, fills, TUESDAY).cycle
    assert after.cash == 20000 + 400 + 450
    assert (after.unit, after.principal, after.reserve) == (D("1021.25"), D(20425), D(425))
    assert versions.plan(after, market("50")).unit == D("1021.25")


def test_a_loss_of_the_whole_cycle_leaves_the_unit_and_the_cash_bounds_the_day() -> None:
    ended = replace(of("3.0"), cash=D(15000), started=TUESDAY)
    after = next_cycle(ended, TUESDAY)
    assert (after.unit, after.principal, after.reserve) == (D(1000), D(20000), D(0))
    poor = replace(after, cash=D(600))
    assert leg(versions.plan(poor, market("50")), Leg.FIRST).quantity == 10


@pytest.mark.parametrize(
    ("compounding", "unit"),
    [(Compounding.FULL, "1042.5"), (Compounding.NONE, "1000"), (Compounding.YEARLY, "1042.5")],
)
def test_under_another_compounding_the_unit_is_fixed_and_counted_at_the_cycles_end(
    compounding: Compounding, unit: str
) -> None:
    base = of("3.0", compounding=compounding)
    assert base.rules.sizing is Sizing.FIXED
    plan = versions.plan(owning(base, 80, "50"), market("50"))
    quarter, target = leg(plan, Leg.QUARTER), leg(plan, Leg.TARGET)
    assert settle(plan, [full(quarter, "70")], TUESDAY).cycle.unit == 1000
    done = settle(plan, [full(quarter, "70"), full(target)], TUESDAY).cycle
    assert done.unit == D(unit)
    assert done.principal == done.unit * 20

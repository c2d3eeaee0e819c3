"""The booking of a day to the last decimal, at its edges."""

from dataclasses import replace
from datetime import date

import pytest

from strategy import versions
from strategy.cycle import PARTIAL_WITHOUT_CREDIT, settle, start
from strategy.errors import StrategyError
from strategy.model import Fill, Leg, Plan
from tests.strategy.states import (
    TUESDAY,
    D,
    fresh,
    full,
    holding,
    in_quarter,
    in_reverse,
    leg,
    market,
    of,
    owning,
)

FIVE = market(*["30"] * 5)


def _last_unit(cash: str) -> Plan:
    return versions.plan(holding(400, "40", "39", cash), market("33"))


def test_a_mean_price_of_thirds_costs_and_brings_the_whole_amount() -> None:
    plan = _last_unit("110")
    star = leg(plan, Leg.STAR)
    assert star.quantity == 3
    assert settle(plan, [full(replace(star), None)], TUESDAY).cycle.cash == 110 - 3 * D("34.29")
    bought = settle(plan, [Fill(order=star, quantity=3, price=D(100) / 3)], TUESDAY).cycle
    assert bought.cash == 10
    none = replace(plan, cycle=replace(plan.cycle, cash=D(0)))
    quarter = Fill(order=leg(plan, Leg.QUARTER), quantity=3, price=D(110) / 3)
    assert settle(none, [quarter], TUESDAY).cycle.cash == 110


def test_a_principal_may_be_small_but_not_nothing() -> None:
    assert start(fresh().rules, D("0.01")).cash == D("0.01")
    with pytest.raises(StrategyError, match="must be a sum above 0, not 0"):
        start(fresh().rules, D(0))


def test_an_order_of_which_nothing_filled_does_nothing_and_needs_no_price() -> None:
    state = in_quarter(of("2.2"), 300, "49", "3900", step=3, unit="390")
    plan = versions.plan(state, market("44"))
    nothing = [Fill(order=order, quantity=0, price=D(0)) for order in plan.orders]
    done = settle(plan, nothing, TUESDAY)
    assert (done.bought, done.sold, done.notes) == (0, 0, ())
    assert done.cycle == settle(plan, [], TUESDAY).cycle
    assert done.cycle.phase is plan.cycle.phase


@pytest.mark.parametrize("price", ["0", "-1", "NaN", "Infinity"])
def test_filled_shares_need_a_price(price: str) -> None:
    plan = _last_unit("110")
    fill = Fill(order=leg(plan, Leg.STAR), quantity=1, price=D(price))
    with pytest.raises(StrategyError, match="a fill's price must be above 0"):
        settle(plan, [fill], TUESDAY)


def test_the_fees_of_a_day_are_its_own() -> None:
    base = replace(fresh(fee_percent=D("0.25")), fees=D(7), realized=D(-7))
    plan = versions.plan(holding(100, "40", "10", "15000", base), market("40"))
    done = settle(plan, [full(leg(plan, Leg.STAR), "40")], TUESDAY)
    assert (done.fees, done.cycle.fees) == (D("0.50"), D("7.50"))
    assert (done.realized, done.cycle.realized) == (D("-0.50"), D("-7.50"))


def test_a_small_part_of_a_reverse_buy_is_noted() -> None:
    plan = versions.plan(in_reverse(190, "98", "37", "700"), FIVE)
    buy = leg(plan, Leg.REVERSE_BUY)
    assert buy.quantity == 5
    short = settle(plan, [Fill(order=buy, quantity=2, price=D(29))], TUESDAY)
    assert [(note.leg, note.code) for note in short.notes] == [
        (Leg.REVERSE_BUY, PARTIAL_WITHOUT_CREDIT)
    ]
    assert short.cycle.turn == 37
    assert settle(plan, [Fill(order=buy, quantity=3, price=D(29))], TUESDAY).notes == ()


def test_a_small_part_of_a_folded_reverse_buy_is_noted_too() -> None:
    plan = versions.plan(in_reverse(190, "98", "37", "7000"), market("40", "40", "40", "40", "20"))
    part = Fill(order=leg(plan, Leg.FOLDED), quantity=1, price=D(20))
    assert [note.leg for note in settle(plan, [part], TUESDAY).notes] == [Leg.FOLDED]


def test_by_ratio_the_target_is_booked_on_the_shares_before_the_quarter() -> None:
    base = fresh(target_by_ratio=True)
    plan = versions.plan(holding(100, "40", "10", "15000", base), market("40"))
    part = Fill(order=leg(plan, Leg.TARGET), quantity=15, price=D(46))
    quarter = full(leg(plan, Leg.QUARTER))
    for fills in ([part, quarter], [quarter, part]):
        assert settle(plan, fills, TUESDAY).cycle.turn == D("6.375")


def test_the_smallest_profit_raises_a_growing_unit_and_it_keeps_twelve_decimals() -> None:
    plan = versions.plan(owning(of("3.0"), 80, "50"), market("50"))
    one = Fill(order=leg(plan, Leg.QUARTER), quantity=1, price=D("50.40"))
    assert settle(plan, [one], TUESDAY).cycle.unit == D("1000.01")
    even = Fill(order=leg(plan, Leg.QUARTER), quantity=1, price=D("50.00"))
    assert settle(plan, [even], TUESDAY).cycle.unit == 1000
    thirds = versions.plan(owning(of("3.0"), 80, "50.333333333333"), market("50"))
    sold = settle(thirds, [full(leg(thirds, Leg.QUARTER), "60")], TUESDAY)
    assert sold.realized == D("193.33333333334")
    assert sold.cycle.unit == D("1004.833333333334")


def test_a_finished_cycle_began_on_its_first_session() -> None:
    begun = date(2026, 9, 1)
    state = replace(owning(of("2.2"), 100, "40"), started=begun, sessions=25)
    plan = versions.plan(state, market("40"))
    fills = [full(leg(plan, Leg.QUARTER)), full(leg(plan, Leg.TARGET))]
    done = settle(plan, fills, TUESDAY)
    assert done.finished is not None
    assert (done.finished.started, done.finished.ended) == (begun, TUESDAY)
    assert done.finished.sessions == 26

from dataclasses import replace
from datetime import date

import pytest

from strategy import cycle, matching, versions
from strategy.cycle import settle
from strategy.errors import StrategyError
from strategy.model import Fill, Leg, Order, OrderType, Phase, Plan, Side
from strategy.price import round12
from tests.strategy.states import (
    TUESDAY,
    D,
    bar,
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

WEDNESDAY = date(2026, 10, 7)


def _first_half(turn: str = "10", quantity: int = 100) -> Plan:
    return versions.plan(holding(quantity, "40", turn, "15000"), market("40"))


def test_a_cycle_starts_with_its_principal_in_cash() -> None:
    begun = cycle.start(fresh().rules, D(20000), number=3, seed=D(15000))
    assert (begun.number, begun.seed, begun.principal, begun.cash) == (
        3,
        D(15000),
        D(20000),
        D(20000),
    )
    assert fresh().seed == 20000


@pytest.mark.parametrize("principal", ["0", "-1", "NaN", "Infinity"])
def test_a_principal_that_is_no_sum_is_refused(principal: str) -> None:
    with pytest.raises(StrategyError, match="principal"):
        cycle.start(fresh().rules, D(principal))


def test_the_first_buy_makes_t_one_and_rungs_change_only_the_average() -> None:
    plan = versions.plan(fresh(), market("40"))
    fills = matching.fills(plan, bar("30"))
    assert [fill.order.leg for fill in fills] == [Leg.FIRST, *[Leg.LADDER] * 5]
    after = settle(plan, fills, TUESDAY)
    assert after.cycle.turn == 1
    assert after.cycle.average == 30
    assert after.bought == after.cycle.quantity == 11 + 5
    assert after.cycle.cash == 20000 - 30 * after.bought


def test_both_legs_add_one_and_the_star_leg_alone_a_half() -> None:
    plan = _first_half("7")
    star, average = leg(plan, Leg.STAR), leg(plan, Leg.AVERAGE)
    assert settle(plan, [full(star), full(average)], TUESDAY).cycle.turn == 8
    assert settle(plan, [full(star)], TUESDAY).cycle.turn == D("7.5")


def test_a_quarter_sale_leaves_three_quarters_of_t_and_the_average() -> None:
    plan = _first_half("7")
    after = settle(plan, [full(leg(plan, Leg.QUARTER))], TUESDAY).cycle
    assert (after.turn, after.average, after.quantity) == (D("5.25"), D(40), 75)


def test_a_target_sale_before_a_buy_is_applied_first() -> None:
    plan = _first_half("10")
    fills = [full(leg(plan, Leg.STAR)), full(leg(plan, Leg.TARGET))]
    assert settle(plan, fills, TUESDAY).cycle.turn == D("3.0")
    assert settle(plan, [fills[1]], TUESDAY).cycle.turn == D("2.5")
    both = [*fills, full(leg(plan, Leg.AVERAGE))]
    assert settle(plan, both, TUESDAY).cycle.turn == D("3.5")


def test_target_and_quarter_end_the_cycle_and_the_next_one_waits() -> None:
    plan = _first_half("10")
    done = settle(plan, [full(leg(plan, Leg.QUARTER)), full(leg(plan, Leg.TARGET))], TUESDAY)
    assert done.sold == 100
    after = done.cycle
    assert (after.number, after.quantity, after.turn, after.average) == (2, 0, D(0), D(0))
    assert (after.sessions, after.started, after.realized) == (0, None, D(0))
    assert after.principal == after.cash == plan.cycle.cash + 4000 + done.realized
    assert done.finished is not None
    assert (done.finished.number, done.finished.ended) == (1, TUESDAY)
    assert done.finished.realized == done.realized


def test_a_buy_on_the_day_of_the_last_sale_goes_on_with_the_cycle_from_t_zero() -> None:
    plan = _first_half("10")
    fills = [
        full(leg(plan, Leg.QUARTER)),
        full(leg(plan, Leg.TARGET)),
        full(leg(plan, Leg.STAR), "41"),
    ]
    done = settle(plan, fills, TUESDAY)
    assert done.cycle.quantity == leg(plan, Leg.STAR).quantity
    assert done.finished is None
    assert (done.cycle.number, done.cycle.turn, done.cycle.average) == (1, D("0.5"), D(41))


def test_partial_sales_lower_t_in_proportion() -> None:
    plan = _first_half("8")
    target = Fill(order=leg(plan, Leg.TARGET), quantity=25, price=D(46))
    assert settle(plan, [target], TUESDAY).cycle.turn == 6
    assert settle(plan, [target], TUESDAY).finished is None
    quarter = Fill(order=leg(plan, Leg.QUARTER), quantity=5, price=D(46))
    assert settle(plan, [quarter], TUESDAY).cycle.turn == D("7.6")


def test_a_buy_leg_counts_from_half_of_it_on_and_less_is_told() -> None:
    plan = versions.plan(holding(100, "40", "10", "60000"), market("40"))
    star = leg(plan, Leg.STAR)
    assert star.quantity == 23
    counted = settle(plan, [Fill(order=star, quantity=12, price=D(40))], TUESDAY)
    assert (counted.cycle.turn, counted.notes) == (D("10.5"), ())
    short = settle(plan, [Fill(order=star, quantity=11, price=D(40))], TUESDAY)
    assert short.cycle.turn == 10
    assert [(note.leg, note.code) for note in short.notes] == [
        (Leg.STAR, cycle.PARTIAL_WITHOUT_CREDIT)
    ]
    assert short.cycle.quantity == 111


def test_reverse_sales_and_buys_move_t_as_published() -> None:
    plan = versions.plan(holding(200, "98", "39.5", "700"), market("30"))
    sold = settle(plan, [full(leg(plan, Leg.REVERSE_MOC), "30")], TUESDAY).cycle
    assert (sold.turn, sold.quantity, sold.cash) == (D("37.525"), 190, D(1000))
    assert (sold.phase, sold.reverse_day, sold.exhausted) == (Phase.REVERSE, 2, True)
    again = versions.plan(sold, market(*["30"] * 5))
    bought = settle(again, [full(leg(again, Leg.REVERSE_BUY), "29")], WEDNESDAY).cycle
    assert (bought.turn, bought.reverse_day) == (D("38.14375"), 3)


def test_a_reverse_day_without_fills_still_counts_as_a_day() -> None:
    plan = versions.plan(in_reverse(100, "98", "38", "7000", day=4), market(*["30"] * 5))
    assert settle(plan, [], TUESDAY).cycle.reverse_day == 5


def test_a_day_that_could_not_be_planned_leaves_the_reverse_day() -> None:
    plan = versions.plan(in_reverse(100, "98", "38", "7000", day=1), market())
    after = settle(plan, [], TUESDAY).cycle
    assert (after.reverse_day, after.sessions) == (1, 1)


def test_fees_are_an_orders_outside_the_average_and_inside_the_profit() -> None:
    base = fresh(fee_percent=D("0.25"))
    plan = versions.plan(holding(100, "40", "10", "15000", base), market("40"))
    star, quarter = leg(plan, Leg.STAR), leg(plan, Leg.QUARTER)
    bought = settle(plan, [full(star, "40")], TUESDAY)
    assert star.quantity == 5
    assert (bought.fees, bought.realized) == (D("0.50"), D("-0.50"))
    assert bought.cycle.average == 40
    assert bought.cycle.cash == 15000 - 200 - D("0.50")
    sold = settle(plan, [full(quarter, "44")], TUESDAY)
    assert (sold.fees, sold.realized) == (D("2.75"), D("97.25"))
    assert sold.cycle.realized == D("97.25")
    assert sold.cycle.fees == D("2.75")


@pytest.mark.parametrize("extra", ["1.25", "-1.25", "0"])
def test_what_the_broker_took_beyond_the_fees_or_gave_back_moves_cash_and_profit(
    extra: str,
) -> None:
    plan = _first_half()
    fills = [full(leg(plan, Leg.QUARTER), "44")]
    agreed, taken = settle(plan, fills, TUESDAY), settle(plan, fills, TUESDAY, extra=D(extra))
    assert taken.fees == agreed.fees + D(extra)
    assert taken.realized == agreed.realized - D(extra)
    assert taken.cycle == replace(
        agreed.cycle,
        cash=agreed.cycle.cash - D(extra),
        realized=agreed.cycle.realized - D(extra),
        fees=agreed.cycle.fees + D(extra),
    )


def test_average_and_t_keep_twelve_decimals() -> None:
    plan = versions.plan(holding(3, "33.333333333333", "10", "15000"), market("33"))
    after = settle(plan, [full(leg(plan, Leg.STAR), "34")], TUESDAY).cycle
    assert after.average == D("33.777777777778")
    plan = versions.plan(holding(100, "40", "1.000000000001", "15000"), market("40"))
    turned = settle(plan, [full(leg(plan, Leg.QUARTER))], TUESDAY).cycle.turn
    assert turned == D("0.750000000001")


def test_a_mean_price_of_thirds_costs_the_whole_amount() -> None:
    plan = versions.plan(holding(100, "40", "10", "60000"), market("40"))
    star = leg(plan, Leg.STAR)
    after = settle(plan, [Fill(order=star, quantity=3, price=D(100) / 3)], TUESDAY).cycle
    assert after.cash == 59900


def test_sessions_and_the_first_day_are_counted_from_the_cycles_first_plan() -> None:
    plan = versions.plan(fresh(), market("40"))
    waiting = settle(plan, [], TUESDAY).cycle
    assert (waiting.started, waiting.sessions) == (TUESDAY, 1)
    again = settle(versions.plan(waiting, market("40")), [], WEDNESDAY).cycle
    assert (again.started, again.sessions) == (TUESDAY, 2)


def test_the_highest_t_is_remembered() -> None:
    plan = _first_half("10")
    after = settle(plan, [full(leg(plan, Leg.STAR)), full(leg(plan, Leg.AVERAGE))], TUESDAY).cycle
    assert after.max_turn == 11
    later = versions.plan(after, market("40"))
    assert settle(later, [full(leg(later, Leg.QUARTER))], TUESDAY).cycle.max_turn == 11


def _bad_fills(plan: Plan) -> list[list[Fill]]:
    star, target = leg(plan, Leg.STAR), leg(plan, Leg.TARGET)
    foreign = replace(star, price=D("39.99"))
    return [
        [full(foreign)],
        [full(star), full(star)],
        [Fill(order=star, quantity=star.quantity + 1, price=D(40))],
        [Fill(order=star, quantity=-1, price=D(40))],
        [Fill(order=star, quantity=1, price=D(0))],
        [Fill(order=target, quantity=1, price=D("NaN"))],
    ]


@pytest.mark.parametrize("which", range(6))
def test_a_fill_that_the_plan_cannot_have_had_is_refused(which: int) -> None:
    plan = _first_half()
    with pytest.raises(StrategyError):
        settle(plan, _bad_fills(plan)[which], TUESDAY)


def test_more_cannot_be_sold_than_was_held() -> None:
    order = Order(side=Side.SELL, type=OrderType.LOC, price=D(40), quantity=101, leg=Leg.QUARTER)
    plan = replace(_first_half(), orders=(order,))
    with pytest.raises(StrategyError, match="only 100 were held"):
        settle(plan, [full(order)], TUESDAY)


def test_a_sale_without_a_rule_for_t_is_refused() -> None:
    order = Order(side=Side.SELL, type=OrderType.LOC, price=D(40), quantity=9, leg=Leg.STAR)
    plan = replace(_first_half(), orders=(order,))
    with pytest.raises(StrategyError, match="no rule for T"):
        settle(plan, [full(order)], TUESDAY)


def test_the_average_before_the_days_fills_is_remembered() -> None:
    plan = versions.plan(in_reverse(100, "60", "30", "5000", day=3), market(*["40"] * 5))
    after = settle(plan, [full(leg(plan, Leg.REVERSE_BUY), "39")], TUESDAY).cycle
    assert after.average_before == 60
    assert after.average < 60
    assert settle(plan, [], TUESDAY).cycle.average_before == 60


def test_sales_at_a_limit_come_before_those_at_the_close_and_both_before_buys() -> None:
    plan = _first_half("10")
    target, quarter = full(leg(plan, Leg.TARGET)), full(leg(plan, Leg.QUARTER))
    part = replace(target, quantity=15)
    one = settle(plan, [quarter, part], TUESDAY).cycle
    assert one == settle(plan, [part, quarter], TUESDAY).cycle
    assert one.turn == D("6.375")
    star = full(leg(plan, Leg.STAR))
    bought = settle(plan, [star, quarter], TUESDAY).cycle
    assert bought.turn == D("8.0")


def test_buys_are_booked_from_the_highest_limit_down() -> None:
    plan = versions.plan(holding(3, "33.333333333333", "10", "15000"), market("33"))
    star, average = leg(plan, Leg.STAR), leg(plan, Leg.AVERAGE)
    fills = [full(average, "31.07"), full(star, "31.13")]
    after = settle(plan, fills, TUESDAY).cycle
    assert after == settle(plan, fills[::-1], TUESDAY).cycle
    first = round12((3 * D("33.333333333333") + star.quantity * D("31.13")) / 9)
    assert star.quantity == 6
    second = (9 * first + average.quantity * D("31.07")) / (9 + average.quantity)
    assert after.average == round12(second)


def test_a_partly_filled_round_is_noted_and_adds_its_cost_to_t() -> None:
    plan = versions.plan(in_quarter(of("2.2"), 300, "49", "3900", step=3, unit="390"), market("40"))
    buy = leg(plan, Leg.QUARTER_BUY)
    done = settle(plan, [Fill(order=buy, quantity=3, price=D(42))], TUESDAY)
    assert [(note.leg, note.code) for note in done.notes] == [
        (Leg.QUARTER_BUY, cycle.PARTIAL_WITHOUT_CREDIT)
    ]
    assert "3 of 8 shares filled" in done.notes[0].reason
    assert done.cycle.turn == D("29.66")


def test_rungs_and_pro_rata_credits_are_never_noted() -> None:
    plan = versions.plan(holding(100, "40", "10", "60000"), market("40"))
    rung = next(order for order in plan.orders if order.leg is Leg.LADDER)
    assert settle(plan, [full(rung)], TUESDAY).notes == ()
    base = fresh(prorata_credit=True)
    plan = versions.plan(holding(100, "40", "10", "60000", base), market("40"))
    part = Fill(order=leg(plan, Leg.STAR), quantity=1, price=D(40))
    assert settle(plan, [part], TUESDAY).notes == ()


def test_a_finished_cycle_says_whether_it_used_up_its_units() -> None:
    state = replace(owning(of("2.2"), 100, "40"), exhausted=True, max_turn=D("39.4"))
    plan = versions.plan(state, market("40"))
    fills = [full(leg(plan, Leg.QUARTER)), full(leg(plan, Leg.TARGET))]
    done = settle(plan, fills, TUESDAY)
    assert done.finished is not None
    assert (done.finished.exhausted, done.finished.max_turn) == (True, D("39.4"))
    assert (done.cycle.exhausted, done.cycle.max_turn) == (False, D(0))


def test_nothing_held_and_nothing_sold_ends_no_cycle() -> None:
    plan = versions.plan(fresh(), market("40"))
    done = settle(plan, [], TUESDAY)
    assert (done.finished, done.cycle.number) == (None, 1)

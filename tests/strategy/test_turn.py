from typing import Any

import pytest

from strategy import turn
from strategy.errors import StrategyError
from strategy.model import Fill, Leg, Order, OrderType, Rules, Side
from tests.strategy.states import D, fresh, of


def _fill(leg: Leg, ordered: int, filled: int, credit: str = "0", **over: Any) -> Fill:
    order = Order(
        side=Side.SELL if credit == "0" and not over else Side.BUY,
        type=OrderType.LOC,
        price=D(40),
        quantity=ordered,
        leg=leg,
        credit=D(credit),
        **over,
    )
    return Fill(order=order, quantity=filled, price=D(40))


def _sold(rules: Rules, before: str, leg: Leg, ordered: int, filled: int) -> str:
    fill = _fill(leg, ordered, filled)
    return str(turn.after_sale(rules, D(before), fill, held=100, buys=False))


@pytest.mark.parametrize(
    ("cost", "two", "one"),
    [
        ("980", "0.98", "1"),
        ("975", "0.98", "1"),
        ("1935", "1.94", "2"),
        ("1940", "1.94", "2"),
        ("1941", "1.95", "2"),
        ("2880", "2.88", "2.9"),
        ("1000", "1", "1"),
        ("1000.01", "1.01", "1.1"),
        ("0.01", "0.01", "0.1"),
    ],
)
def test_t_is_the_cost_in_units_raised_to_a_step(cost: str, two: str, one: str) -> None:
    assert turn.from_cost(of("2.2").rules, D(1000), 1, D(cost)) == D(two)
    assert turn.from_cost(of("2.2", turn_decimals=1).rules, D(1000), 1, D(cost)) == D(one)


@pytest.mark.parametrize(("cost", "half_up"), [("1941", "1.94"), ("1945", "1.95"), ("4", "0")])
def test_t_may_be_rounded_half_up_instead(cost: str, half_up: str) -> None:
    rules = of("2.2", turn_half_up=True).rules
    assert turn.from_cost(rules, D(1000), 1, D(cost)) == D(half_up)


def test_the_averages_own_rounding_lifts_t_over_no_step() -> None:
    rules = of("2.2").rules
    assert turn.from_cost(rules, D(500), 1524, D("6.351706036746")) == D("19.36")
    assert turn.from_cost(rules, D(500), 3, D("333.333333333334")) == 2
    assert turn.from_cost(rules, D(500), 3, D("333.3333335")) == D("2.01")


def test_nothing_held_is_no_turn() -> None:
    assert turn.from_cost(of("2.2").rules, D(500), 0, D(0)) == 0
    assert turn.from_cost(of("2.2").rules, D(0), 0, D(0)) == 0


def test_shares_beyond_any_count_of_units_are_refused() -> None:
    with pytest.raises(StrategyError, match=r"1000000000 shares at 999999999 are beyond any count"):
        turn.from_cost(of("2.2").rules, D("0.01"), 10**9, D(999999999))


@pytest.mark.parametrize(
    ("leg", "filled", "after"),
    [
        (Leg.TARGET, 10, "2.5"),
        (Leg.TARGET, 5, "6.25"),
        (Leg.QUARTER, 10, "7.5"),
        (Leg.QUARTER, 1, "9.75"),
        (Leg.SELL_OUT, 10, "0"),
        (Leg.REVERSE_SELL, 10, "9.5"),
        (Leg.REVERSE_MOC, 10, "9.5"),
        (Leg.REVERSE_MOC, 2, "9.9"),
        (Leg.QUARTER, 0, "10"),
    ],
)
def test_a_sale_lowers_t_in_proportion_to_what_was_filled(
    leg: Leg, filled: int, after: str
) -> None:
    assert _sold(fresh().rules, "10", leg, 10, filled) == after


def test_the_target_of_1_0_is_all_of_t() -> None:
    rules = of("1.0").rules
    assert _sold(rules, "10", Leg.TARGET, 100, 100) == "0"
    assert _sold(rules, "10", Leg.TARGET, 100, 25) == "7.5"
    assert _sold(rules, "39.5", Leg.SELL_OUT, 100, 25) == "29.625"


@pytest.mark.parametrize(("splits", "after"), [(20, "9"), (40, "9.5"), (30, "9.333333333333")])
def test_a_reverse_sale_takes_two_splits_of_t(splits: int, after: str) -> None:
    rules = fresh(splits=splits, unofficial=True, target_percent=D(15)).rules
    assert _sold(rules, "10", Leg.REVERSE_SELL, 10, 10) == after


def test_t_keeps_twelve_decimals_half_even() -> None:
    assert _sold(fresh().rules, "1.000000000001", Leg.QUARTER, 9, 9) == "0.750000000001"
    assert _sold(fresh().rules, "0.000000000002", Leg.QUARTER, 9, 9) == "2E-12"
    assert _sold(fresh().rules, "10", Leg.QUARTER, 9, 4) == "8.888888888889"


@pytest.mark.parametrize("leg", [Leg.NEAR_TARGET, Leg.STAR, Leg.QUARTER_MOC])
def test_a_sale_without_a_rule_for_t_is_refused(leg: Leg) -> None:
    with pytest.raises(StrategyError, match=f"the leg {leg} has no rule for T"):
        _sold(fresh().rules, "10", leg, 10, 10)


@pytest.mark.parametrize(
    ("filled", "after"), [(0, "10"), (4, "10"), (5, "10.5"), (9, "10.5"), (10, "10.5")]
)
def test_a_buy_counts_whole_from_half_of_it_on(filled: int, after: str) -> None:
    fill = _fill(Leg.STAR, 10, filled, "0.5")
    assert turn.after_buy(fresh().rules, D(10), fill) == D(after)
    assert turn.counts(fill) is (filled >= 5)


def test_half_of_an_odd_leg_is_more_than_its_floor() -> None:
    assert not turn.counts(_fill(Leg.STAR, 23, 11, "0.5"))
    assert turn.counts(_fill(Leg.STAR, 23, 12, "0.5"))


@pytest.mark.parametrize(
    ("splits", "before", "after"),
    [(40, "37.525", "38.14375"), (20, "17.55", "18.1625"), (40, "40", "40")],
)
def test_a_reverse_buy_adds_a_quarter_of_what_is_left(splits: int, before: str, after: str) -> None:
    fill = _fill(Leg.REVERSE_BUY, 10, 10, reverse_credit=True)
    assert turn.after_buy(fresh(splits=splits).rules, D(before), fill) == D(after)


def test_a_rung_adds_nothing() -> None:
    assert turn.after_buy(fresh().rules, D(10), _fill(Leg.LADDER, 1, 1)) == 10


def test_a_credit_too_leaves_t_twelve_decimals() -> None:
    reverse = _fill(Leg.REVERSE_BUY, 10, 10, reverse_credit=True)
    after = turn.after_buy(fresh().rules, D("37.525000000001"), reverse)
    assert after == D("38.143750000001")
    part = _fill(Leg.STAR, 3, 1, "0.5")
    rules = fresh(prorata_credit=True).rules
    assert turn.after_buy(rules, D(10), part) == D("10.166666666667")


def test_a_pro_rata_credit_of_a_reverse_buy_is_its_part_of_the_quarter() -> None:
    half = _fill(Leg.REVERSE_BUY, 10, 5, reverse_credit=True)
    rules = fresh(prorata_credit=True).rules
    assert turn.after_buy(rules, D("36"), half) == D("36.5")


def test_a_reverse_factor_of_ones_own_is_what_a_whole_sale_leaves() -> None:
    rules = fresh(reverse_factor=D("0.925")).rules
    assert _sold(rules, "10", Leg.REVERSE_SELL, 7, 7) == "9.250"
    assert _sold(rules, "10", Leg.REVERSE_MOC, 7, 3) == "9.678571428571"

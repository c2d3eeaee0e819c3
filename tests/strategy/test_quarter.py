"""The quarter phase of 2.2 and 3.0, day by day."""

from dataclasses import replace

import pytest

from strategy import quarter, versions
from strategy.cycle import settle
from strategy.model import Cycle, Fill, Leg, Phase, Plan, QuarterBudget, QuarterRounding
from tests.strategy.states import (
    TUESDAY,
    D,
    codes,
    fresh,
    full,
    in_quarter,
    leg,
    legs_of,
    lines,
    market,
    of,
    owning,
)

# 2.2, TQQQ, unit 500: 400 shares at 49 are 19600, T 39.2. The line is 49 x 0.9 = 44.10.
USED_UP = owning(of("2.2"), 400, "49")
LAST, MOC, DONE = 10, 11, 12


def _round(step: int = 1, unit: str = "0", cash: str = "3900") -> Cycle:
    return in_quarter(of("2.2"), 300, "49", cash, step=step, unit=unit)


def _after(plan: Plan, *fills: Fill) -> Cycle:
    return settle(plan, fills, TUESDAY).cycle


@pytest.mark.parametrize(
    ("quantity", "average", "turn", "phase"),
    [
        (390, "50", "39", Phase.NORMAL),
        (390, "50.01", "39.01", Phase.QUARTER),
        (400, "50", "40", Phase.QUARTER),
    ],
)
def test_the_phase_begins_strictly_above_one_unit_less_than_the_splits(
    quantity: int, average: str, turn: str, phase: Phase
) -> None:
    plan = versions.plan(owning(of("2.2"), quantity, average), market("45"))
    assert (plan.cycle.turn, plan.cycle.phase) == (D(turn), phase)
    assert plan.cycle.exhausted is (phase is Phase.QUARTER)


def test_the_first_day_sells_a_quarter_at_the_close_and_buys_nothing() -> None:
    plan = versions.plan(USED_UP, market("40"))
    assert (plan.cycle.phase, plan.cycle.quarter_round) == (Phase.QUARTER, 0)
    assert lines(plan) == [("quarter_moc", "None", 100), ("target", "53.90", 300)]
    assert codes(plan) == [("quarter_buy", "quarter_moc_day")]
    assert (plan.unit, plan.half, plan.star_price, plan.star_percent) == (D(500), None, None, None)
    assert plan.used_up


def test_three_shares_have_no_quarter_to_sell_at_the_close() -> None:
    plan = versions.plan(owning(of("2.2"), 3, "6600"), market("5000"))
    assert lines(plan) == [("target", "7260.00", 3)]
    assert codes(plan) == [
        ("quarter_buy", "quarter_moc_day"),
        ("quarter", "quarter_under_one_share"),
    ]


def test_after_the_first_day_the_rounds_share_the_cash() -> None:
    plan = versions.plan(USED_UP, market("40"))
    after = _after(plan, full(leg(plan, Leg.QUARTER_MOC), "35"))
    assert (after.quantity, after.cash, after.turn) == (300, D(3900), D("29.4"))
    assert (after.phase, after.quarter_round) == (Phase.QUARTER, 1)
    following = versions.plan(after, market("40", "35"))
    assert (following.cycle.quarter_round, following.cycle.quarter_unit) == (1, D(390))
    assert following.unit == 390


def test_the_first_days_own_close_ends_nothing() -> None:
    plan = versions.plan(USED_UP, market("48"))
    after = _after(plan, full(leg(plan, Leg.QUARTER_MOC), "48"))
    assert versions.plan(after, market("48")).cycle.quarter_round == 1


def test_a_round_trades_around_the_line_under_the_average() -> None:
    plan = versions.plan(_round(), market("40"))
    assert lines(plan) == [
        ("quarter_buy", "44.09", 8),
        ("ladder", "43.33", 1),
        ("ladder", "39.00", 1),
        ("ladder", "35.45", 1),
        ("ladder", "32.50", 1),
        ("ladder", "30.00", 1),
        ("ladder", "27.85", 1),
        ("ladder", "26.00", 1),
        ("ladder", "24.37", 1),
        ("quarter", "44.10", 75),
        ("target", "53.90", 225),
    ]
    assert (plan.star_price, plan.star_percent, plan.half) == (D("44.10"), D(-10), None)
    assert leg(plan, Leg.QUARTER_BUY).credit == 1


@pytest.mark.parametrize(
    ("method", "symbol", "line"),
    [
        ("2.2", "TQQQ", "36.00"),
        ("2.2", "SOXL", "35.20"),
        ("3.0", "TQQQ", "34.00"),
        ("3.0", "SOXL", "32.00"),
    ],
)
def test_the_line_lies_as_far_under_the_average_as_the_target_over_it(
    method: str, symbol: str, line: str
) -> None:
    state = in_quarter(of(method, symbol=symbol), 300, "40", "3900", step=2, unit="390")
    assert versions.plan(state, market("33")).star_price == D(line)


def test_a_round_is_over_when_its_buy_filled_and_else_comes_again() -> None:
    plan = versions.plan(_round(3, "390"), market("40"))
    buy = leg(plan, Leg.QUARTER_BUY)
    assert _after(plan, full(buy, "42")).quarter_round == 4
    assert _after(plan).quarter_round == 3
    half = Fill(order=buy, quantity=4, price=D(42))
    less = Fill(order=buy, quantity=3, price=D(42))
    assert _after(plan, half).quarter_round == 4
    assert _after(plan, less).quarter_round == 3
    rung = next(order for order in plan.orders if order.leg is Leg.LADDER)
    assert _after(plan, full(rung, "42")).quarter_round == 3


def test_the_rounds_keep_their_unit_until_the_last() -> None:
    plan = versions.plan(_round(3, "390", "9000"), market("40"))
    assert (plan.unit, plan.cycle.quarter_unit) == (D(390), D(390))
    after = _after(plan, full(leg(plan, Leg.QUARTER_BUY), "42"))
    assert after.quarter_unit == 390


def test_a_folded_round_counts() -> None:
    plan = versions.plan(_round(3, "390"), market("30"))
    folded = leg(plan, Leg.FOLDED)
    assert (folded.price, folded.quantity) == (D("33.00"), 8 + 3)
    assert _after(plan, full(folded, "31")).quarter_round == 4


def test_a_round_goes_as_far_as_the_cash() -> None:
    plan = versions.plan(_round(9, "390", "100"), market("40"))
    assert (plan.unit, leg(plan, Leg.QUARTER_BUY).quantity) == (D(390), 2)


def test_a_round_that_buys_no_share_still_sells_and_the_next_day_is_one_at_the_close() -> None:
    plan = versions.plan(_round(3, "390", "44.08"), market("40"))
    assert lines(plan) == [("quarter", "44.10", 75), ("target", "53.90", 225)]
    assert codes(plan) == [("quarter_buy", "quarter_unit_under_one_share")]
    after = _after(plan)
    assert after.quarter_round == MOC
    following = versions.plan(after, market("40"))
    assert legs_of(following) == ["quarter_moc", "target"]


def test_a_single_share_may_be_the_quarter_and_leaves_no_target() -> None:
    base = of("2.2", quarter_rounding=QuarterRounding.AT_LEAST_ONE)
    moc = versions.plan(in_quarter(base, 1, "49", "3900", step=MOC), market("40"))
    assert lines(moc) == [("quarter_moc", "None", 1)]


@pytest.mark.parametrize(
    ("method", "splits", "rounds"),
    [("2.2", 40, 10), ("3.0", 20, 5), ("2.2", 35, 8), ("2.2", 10, 2), ("3.0", 40, 10)],
)
def test_the_rounds_are_a_quarter_of_the_splits(method: str, splits: int, rounds: int) -> None:
    assert quarter.rounds(fresh(splits=splits, method=method).rules) == rounds


def test_the_unit_of_the_rounds_is_shared_cash_or_the_same_unit() -> None:
    assert quarter.fresh_unit(_round(cash="3900")) == 390
    assert quarter.fresh_unit(_round(cash="9000")) == 500
    assert quarter.fresh_unit(_round(cash="-5")) == 0
    assert quarter.fresh_unit(_round(cash="100.01")) == D("10.001")
    three = in_quarter(of("3.0"), 300, "49", "3900", step=1)
    assert three.rules.quarter_budget is QuarterBudget.SAME
    assert quarter.fresh_unit(three) == 1000


def test_the_rounds_of_3_0_are_five_of_the_same_unit() -> None:
    state = in_quarter(of("3.0"), 300, "49", "3900", step=5)
    plan = versions.plan(state, market("40"))
    assert (plan.unit, plan.star_price) == (D(1000), D("41.65"))
    assert lines(plan)[:2] == [("quarter_buy", "41.64", 24), ("ladder", "40.00", 1)]
    after = _after(plan, full(leg(plan, Leg.QUARTER_BUY), "40"))
    assert after.quarter_round == 6


def test_a_session_without_orders_moves_no_step() -> None:
    state = _round(3, "390")
    plan = versions.plan(state, market())
    after = _after(plan)
    assert replace(after, started=None, sessions=0, max_turn=D(0)) == state

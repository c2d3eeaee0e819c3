from dataclasses import replace
from datetime import date

import pytest

from strategy import reverse, versions
from strategy.cycle import settle
from strategy.errors import StrategyError
from strategy.model import Leg, Phase
from strategy.reasons import ReasonCode
from tests.strategy.states import (
    TUESDAY,
    D,
    codes,
    fresh,
    full,
    holding,
    in_reverse,
    leg,
    legs_of,
    lines,
    market,
)

WEDNESDAY = date(2026, 10, 7)
FIVE = ("31", "30.2", "29.8", "30.5", "30.11")
SOXL = fresh("SOXL")


def test_the_first_reverse_day_sells_at_the_close_and_buys_nothing() -> None:
    plan = versions.plan(holding(200, "40", "39.5", "700"), market("30"))
    assert (plan.cycle.phase, plan.cycle.reverse_day) == (Phase.REVERSE, 1)
    assert lines(plan) == [("reverse_moc", "None", 10)]
    assert codes(plan) == [("reverse_buy", "reverse_first_day")]
    assert (plan.star_price, plan.star_percent, plan.half) == (None, None, None)


def test_a_first_day_for_want_of_a_share_does_not_claim_that_t_is_used_up() -> None:
    (skip,) = versions.plan(holding(400, "40", "30", "300"), market("40")).skips
    assert ">" not in skip.why.sentence("en")
    assert ">" not in skip.why.sentence("ko")
    assert "T 30" in skip.why.sentence("en")


def test_a_reverse_day_trades_around_the_mean_of_five_closes() -> None:
    plan = versions.plan(in_reverse(190, "98", "37.525", "700"), market("99", *FIVE))
    assert (plan.unit, plan.star_price, plan.half) == (D(175), D("30.32"), None)
    assert lines(plan)[:3] == [
        ("reverse_buy", "30.31", 5),
        ("ladder", "29.16", 1),
        ("ladder", "25.00", 1),
    ]
    assert lines(plan)[-1] == ("reverse_sell", "30.32", 9)
    assert leg(plan, Leg.REVERSE_BUY).reverse_credit
    assert legs_of(plan) == ["reverse_buy", *["ladder"] * 8, "reverse_sell"]
    assert plan.skips == ()


def test_the_mean_of_the_closes_is_rounded_half_up() -> None:
    state = in_reverse(190, "98", "37.525", "700")
    plan = versions.plan(state, market("30.00", "30.00", "30.00", "30.01", "30.02"))
    assert plan.star_price == D("30.01")
    plan = versions.plan(state, market("30.00", "30.00", "30.00", "30.00", "30.02"))
    assert plan.star_price == D("30.00")


def test_the_published_reverse_ladder_stands() -> None:
    plan = versions.plan(in_reverse(190, "98", "37.525", "2177.88"), market(*["48.62"] * 5))
    assert plan.unit == D("544.47")
    assert [str(o.price) for o in plan.orders[:5]] == ["48.61", "45.37", "41.88", "38.89", "36.29"]
    assert plan.orders[0].quantity == 11


def test_a_folded_reverse_buy_keeps_its_credit() -> None:
    plan = versions.plan(in_reverse(190, "98", "37", "7000"), market("40", "40", "40", "40", "20"))
    folded = leg(plan, Leg.FOLDED)
    assert folded.price == D("22.00")
    assert folded.reverse_credit
    after = settle(plan, [full(folded, "20")], TUESDAY).cycle
    assert after.turn == 37 + D("0.75")


def test_a_quarter_of_cash_under_one_share_is_a_day_of_moc_only() -> None:
    plan = versions.plan(in_reverse(190, "98", "37.525", "121"), market(*FIVE))
    assert lines(plan) == [("reverse_moc", "None", 9)]
    assert plan.star_price is None
    assert codes(plan) == [("reverse_buy", "reverse_unit_under_one_share")]
    bought = versions.plan(in_reverse(190, "98", "37.525", "121.24"), market(*FIVE))
    assert bought.orders[0].quantity == 1


@pytest.mark.parametrize(
    ("close", "phase"),
    [("32.01", Phase.NORMAL), ("32.00", Phase.REVERSE), ("31.99", Phase.REVERSE)],
)
def test_reverse_ends_strictly_above_the_average_less_the_exit_percent(
    close: str, phase: Phase
) -> None:
    state = in_reverse(100, "40", "30", "5000", SOXL)
    assert versions.plan(state, market("30", "30", "30", "30", close)).cycle.phase is phase


def test_the_line_of_the_exit_is_not_rounded_to_the_cent() -> None:
    rules = fresh().rules
    assert not reverse.leaves(rules, D("40.02"), D("34.01"))
    assert reverse.leaves(rules, D("40.02"), D("34.02"))
    assert reverse.leaves(rules, D("40.01"), D("34.01"))


def test_an_exit_is_a_normal_day_with_the_same_t() -> None:
    state = in_reverse(100, "40", "30", "5000", SOXL, day=5)
    plan = versions.plan(state, market("30", "30", "30", "30", "32.01"))
    assert (plan.cycle.turn, plan.cycle.reverse_day, plan.unit) == (D(30), 0, D(500))
    assert lines(plan)[0] == ("star", "35.99", 13)
    assert plan.cycle.quantity == sum(o.quantity for o in plan.orders if o.side.value == "sell")


def test_the_day_of_the_moc_is_never_exit_checked_before_it_was_traded() -> None:
    state = in_reverse(100, "40", "30", "5000", day=1)
    plan = versions.plan(state, market("50"))
    assert (plan.cycle.phase, plan.cycle.reverse_day) == (Phase.REVERSE, 1)


def test_the_close_of_the_day_of_the_moc_may_end_the_phase() -> None:
    first = versions.plan(holding(200, "40", "39.5", "700"), market("33"))
    after = settle(first, [full(leg(first, Leg.REVERSE_MOC), "34.01")], TUESDAY).cycle
    assert (after.turn, after.reverse_day) == (D("37.525"), 2)
    plan = versions.plan(after, market("33", "34.01"))
    assert plan.cycle.phase is Phase.NORMAL
    assert plan.unit == (700 + D("340.1")) / D("2.475")


def test_an_exit_with_the_splits_used_up_is_reverse_day_one_again() -> None:
    plan = versions.plan(in_reverse(100, "40", "39.2", "5000", day=7), market("39"))
    assert (plan.cycle.phase, plan.cycle.reverse_day) == (Phase.REVERSE, 1)
    assert leg(plan, Leg.REVERSE_MOC).quantity == 5


def test_an_exit_whose_unit_buys_no_share_is_reverse_day_one_again() -> None:
    plan = versions.plan(in_reverse(100, "40", "30", "200", day=7), market("39"))
    assert (plan.cycle.phase, plan.cycle.reverse_day) == (Phase.REVERSE, 1)


def test_reverse_without_five_closes_is_refused_with_a_sentence() -> None:
    with pytest.raises(StrategyError, match="needs the last 5 closes, but only 4 are known"):
        versions.plan(in_reverse(100, "98", "38", "5000"), market("30", "30", "30", "30"))


@pytest.mark.parametrize(
    ("splits", "held", "sold"),
    [
        (20, 200, 20),
        (40, 200, 10),
        (20, 198, 19),
        (40, 198, 9),
        (40, 190, 9),
        (40, 181, 9),
        (40, 172, 8),
        (40, 3, 1),
    ],
)
def test_a_reverse_day_sells_the_floor_of_two_splits_of_what_is_held_but_one_at_least(
    splits: int, held: int, sold: int
) -> None:
    assert reverse.quantity_sold(fresh(splits=splits).rules, held) == sold


def test_the_days_of_the_phase_follow_each_other_as_published() -> None:
    plan = versions.plan(holding(200, "98", "39.5", "700"), market("30"))
    sold = settle(plan, [full(leg(plan, Leg.REVERSE_MOC), "30")], TUESDAY).cycle
    assert (sold.turn, sold.quantity, sold.cash) == (D("37.525"), 190, D(1000))
    assert (sold.phase, sold.reverse_day, sold.exhausted) == (Phase.REVERSE, 2, True)
    again = versions.plan(sold, market(*["30"] * 5))
    bought = settle(again, [full(leg(again, Leg.REVERSE_BUY), "29")], WEDNESDAY).cycle
    assert (bought.turn, bought.reverse_day) == (D("38.14375"), 3)


def test_selling_the_last_share_in_reverse_ends_the_cycle() -> None:
    plan = versions.plan(in_reverse(1, "98", "38", "700", day=4), market(*["30"] * 5))
    done = settle(plan, [full(leg(plan, Leg.REVERSE_SELL), "31")], TUESDAY)
    assert done.finished is not None
    assert done.finished.exhausted
    assert (done.cycle.number, done.cycle.phase, done.cycle.reverse_day) == (2, Phase.NORMAL, 0)
    assert done.cycle.principal == 731


def test_a_reverse_state_that_holds_nothing_plans_a_first_buy() -> None:
    state = replace(in_reverse(0, "0", "0", "20000"), exhausted=True)
    plan = versions.plan(state, market(*FIVE))
    assert (plan.cycle.phase, plan.cycle.reverse_day) == (Phase.NORMAL, 0)
    assert plan.orders[0].leg is Leg.FIRST


def test_a_reverse_sale_says_which_part_of_the_shares_it_is() -> None:
    plan = versions.plan(in_reverse(190, "98", "37.525", "700"), market(*FIVE))
    why = leg(plan, Leg.REVERSE_SELL).why
    assert (why.code, why.figures) == (ReasonCode.REVERSE_SALE, (D("30.32"), 5, 190, 20, 9))

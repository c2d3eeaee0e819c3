from dataclasses import replace

import pytest

from strategy import v4_0, versions
from strategy.errors import StrategyError
from strategy.model import Half, Leg, Market, Phase
from tests.strategy.states import D, fresh, holding, in_reverse, leg, lines, market

FIVE = ("31", "30.2", "29.8", "30.5", "30.11")
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
    reason = leg(plan, Leg.STAR).reason
    assert "star price 47.40 = average 39.83 x (1 + 19%)" in reason


def test_the_first_buy_spends_one_unit_of_the_principal() -> None:
    plan = versions.plan(fresh(principal="24715.60"), market("45.93"))
    assert plan.unit == D("617.89")
    assert lines(plan)[0] == ("first", "51.44", 12)
    assert (plan.half, plan.star_price) == (Half.FIRST, None)
    assert {order.side.value for order in plan.orders} == {"buy"}


def test_what_is_set_aside_is_not_budgeted() -> None:
    state = replace(fresh(principal="30000"), reserve=D(10000))
    assert versions.plan(state, market("40")).unit == 500
    assert v4_0.unit(replace(state, phase=Phase.REVERSE, reverse_day=2)) == 5000


def test_the_second_half_spends_the_whole_unit_under_the_star() -> None:
    plan = versions.plan(holding(400, "40", "20", "10000"), market("40"))
    assert plan.half is Half.SECOND
    assert plan.star_price == D("40.00")
    assert lines(plan)[0] == ("star", "39.99", 12)
    assert leg(plan, Leg.STAR).credit == 1


def test_an_unknown_previous_close_orders_nothing_and_decides_nothing() -> None:
    for state in (fresh(), holding(400, "40", "39.5", "100"), in_reverse(9, "40", "39", "1")):
        plan = versions.plan(state, Market())
        assert plan.orders == ()
        assert plan.cycle == state
        assert [skip.code for skip in plan.skips] == [v4_0.UNKNOWN_CLOSE]


def test_a_unit_under_one_share_buys_nothing_but_still_sells_in_the_first_half() -> None:
    plan = versions.plan(holding(10, "40", "5", "700"), market("40"))
    assert {order.leg for order in plan.orders} == {Leg.QUARTER, Leg.TARGET}
    assert [skip.code for skip in plan.skips] == [v4_0.UNIT_TOO_SMALL]


def test_a_quarter_of_three_shares_is_skipped_with_a_code() -> None:
    plan = versions.plan(holding(3, "40", "5", "7000"), market("40"))
    assert leg(plan, Leg.TARGET).quantity == 3
    assert [skip.code for skip in plan.skips] == [v4_0.QUARTER_TOO_SMALL]


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


def test_the_first_reverse_day_sells_at_the_close_and_buys_nothing() -> None:
    plan = versions.plan(holding(200, "40", "39.5", "700"), market("30"))
    assert (plan.cycle.phase, plan.cycle.reverse_day) == (Phase.REVERSE, 1)
    assert lines(plan) == [("reverse_moc", "None", 10)]
    assert [skip.code for skip in plan.skips] == [v4_0.MOC_DAY]


def test_a_second_half_unit_without_a_share_enters_reverse() -> None:
    plan = versions.plan(holding(400, "40", "30", "300"), market("40"))
    assert (plan.cycle.phase, plan.cycle.reverse_day) == (Phase.REVERSE, 1)
    still = versions.plan(holding(400, "40", "30", "380"), market("40"))
    assert still.cycle.phase is Phase.NORMAL


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


def test_the_mean_of_the_closes_is_rounded_half_up() -> None:
    state = in_reverse(190, "98", "37.525", "700")
    plan = versions.plan(state, market("30.00", "30.00", "30.00", "30.01", "30.02"))
    assert plan.star_price == D("30.01")


def test_the_published_reverse_ladder_stands() -> None:
    plan = versions.plan(in_reverse(190, "98", "37.525", "2177.88"), market(*["48.62"] * 5))
    assert [str(o.price) for o in plan.orders[:5]] == ["48.61", "45.37", "41.88", "38.89", "36.29"]
    assert plan.orders[0].quantity == 11


def test_a_folded_reverse_buy_keeps_its_credit() -> None:
    plan = versions.plan(in_reverse(190, "98", "37", "7000"), market("40", "40", "40", "40", "20"))
    folded = leg(plan, Leg.FOLDED)
    assert folded.price == D("22.00")
    assert folded.reverse_credit


def test_a_quarter_of_cash_under_one_share_is_a_day_of_moc_only() -> None:
    plan = versions.plan(in_reverse(190, "98", "37.525", "121"), market(*FIVE))
    assert lines(plan) == [("reverse_moc", "None", 9)]
    assert plan.star_price is None
    assert [skip.code for skip in plan.skips] == [v4_0.REVERSE_UNIT_TOO_SMALL]


@pytest.mark.parametrize(
    ("close", "phase"),
    [("32.01", Phase.NORMAL), ("32.00", Phase.REVERSE), ("31.99", Phase.REVERSE)],
)
def test_reverse_ends_strictly_above_the_average_less_the_exit_percent(
    close: str, phase: Phase
) -> None:
    state = in_reverse(100, "40", "30", "5000", SOXL)
    assert versions.plan(state, market("30", "30", "30", "30", close)).cycle.phase is phase


def test_the_day_of_the_moc_is_never_exit_checked() -> None:
    state = in_reverse(100, "40", "30", "5000", day=1)
    plan = versions.plan(state, market("50"))
    assert (plan.cycle.phase, plan.cycle.reverse_day) == (Phase.REVERSE, 1)


def test_an_exit_with_the_splits_used_up_is_reverse_day_one_again() -> None:
    plan = versions.plan(in_reverse(100, "40", "39.2", "5000", day=7), market("39"))
    assert (plan.cycle.phase, plan.cycle.reverse_day) == (Phase.REVERSE, 1)
    assert leg(plan, Leg.REVERSE_MOC).quantity == 5


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
        (40, 172, 8),
        (40, 3, 1),
    ],
)
def test_a_reverse_day_sells_the_floor_of_two_splits_of_what_is_held_but_one_at_least(
    splits: int, held: int, sold: int
) -> None:
    assert v4_0.reverse_quantity(fresh(splits=splits).rules, held) == sold


def test_version_four_knows_no_quarter_phase() -> None:
    with pytest.raises(StrategyError, match="no quarter phase"):
        versions.plan(holding(9, "40", "1", "1000", phase=Phase.QUARTER), market("40"))

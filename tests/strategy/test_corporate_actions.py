from datetime import date, timedelta

import pytest

from strategy import backtest
from strategy.corporate_actions import (
    CorporateAction,
    DividendOn,
    SplitOn,
    check_splits,
    closes_after,
    held_after,
    jumps,
    taken,
    tape,
)
from strategy.errors import StrategyError
from strategy.model import Leg
from tests.strategy.states import TUESDAY, D, fresh, holding, in_reverse, leg, of, series


def _day(place: int) -> date:
    return TUESDAY + timedelta(days=place)


def _split(place: int, new: int = 2, old: int = 1) -> SplitOn:
    return SplitOn(day=_day(place), new=new, old=old)


def test_a_split_takes_effect_before_the_plan_of_its_ex_date() -> None:
    result = backtest.run(fresh(), series(["40", "40", "40", "20", "20"]), actions=[_split(3)])
    before, after = result.sessions[1], result.sessions[2]
    assert after.plan.cycle.quantity == 2 * before.quantity
    assert after.plan.cycle.average == before.average / 2
    assert after.plan.cycle.turn == before.turn
    assert after.equity == before.equity
    assert result.hold_return_percent == 0


def test_the_closes_known_before_a_split_are_brought_to_the_new_shares() -> None:
    begun = in_reverse(100, "98", "38", "7000")
    bars = series(["60", "62", "64", "66", "68", "34"])
    result = backtest.run(begun, bars[5:], history=bars[:5], actions=[_split(5)])
    (session,) = result.sessions
    assert session.plan.star_price == D("32.00")
    assert (session.plan.cycle.quantity, session.plan.cycle.average) == (200, D(49))


def test_a_first_buy_after_a_split_stands_over_the_adjusted_close() -> None:
    result = backtest.run(fresh(), series(["40", "60", "30"]), actions=[_split(2)])
    assert leg(result.sessions[1].plan, Leg.FIRST).price == D("33.60")


def test_a_split_inside_the_history_adjusts_only_the_closes_before_it() -> None:
    bars = series(["60", "62", "32", "33", "34", "30"])
    laid = tape(bars[:5], bars[5:], [_split(2)])
    assert laid.known == tuple(map(D, ("30.00", "31.00", "32", "33", "34")))
    assert laid.due == {}


def test_a_split_on_a_day_without_a_bar_falls_due_before_the_next_bar() -> None:
    bars = [*series(["40", "40"]), *series(["20", "20"], first=_day(4))]
    laid = tape(bars[:1], bars[1:], [_split(3)])
    assert laid.due == {1: (_split(3),)}


def test_splits_before_the_reference_and_after_the_end_do_nothing() -> None:
    bars = series(["40", "41", "42"])
    assert backtest.run(fresh(), bars, actions=[_split(0), _split(9)]) == backtest.run(
        fresh(), bars
    )


def test_a_split_on_the_first_session_counts() -> None:
    result = backtest.run(fresh(), series(["80", "40", "40"]), actions=[_split(1)])
    first = leg(result.sessions[0].plan, Leg.FIRST)
    assert first.price == D("44.80")
    assert result.hold_return_percent == 0


def test_what_a_reverse_split_leaves_over_is_paid_at_the_last_close() -> None:
    held = holding(13, "10", "3", "1000")
    after = taken(held, [_split(0, new=1, old=5)], D(9))
    assert (after.quantity, after.average) == (2, D(50))
    assert after.cash == 1000 + 3 * 9
    assert after.realized == 3 * 9 - 3 * 10


def test_a_dividend_pays_those_who_held_before_its_ex_date() -> None:
    paid = DividendOn(day=_day(2), per_share=D("0.5"))
    bars = series(["40", "40", "40", "40"])
    plain = backtest.run(fresh(), bars)
    result = backtest.run(fresh(), bars, actions=[paid])
    held = result.sessions[0].quantity
    assert held > 0
    assert result.sessions[1].realized == plain.sessions[1].realized + held * D("0.5")
    assert result.sessions[0].equity == plain.sessions[0].equity
    assert result.realized == held * D("0.5")


def test_a_dividend_on_nothing_held_changes_nothing() -> None:
    paid: CorporateAction = DividendOn(day=_day(1), per_share=D("0.5"))
    assert taken(fresh(), [paid], D(40)) == fresh()


def test_on_one_day_the_split_comes_before_the_dividend() -> None:
    paid = DividendOn(day=_day(2), per_share=D("0.5"))
    bars = series(["40", "40", "20"])
    laid = tape(bars[:1], bars[1:], [paid, _split(2)])
    assert laid.due == {1: (_split(2), paid)}
    held = holding(10, "40", "1", "19600")
    assert taken(held, laid.due[1], D(40)).cash == 19600 + 20 * D("0.5")


def test_a_counted_turn_stays_through_a_split() -> None:
    held = of("2.2")
    result = backtest.run(held, series(["40", "40", "40", "20", "20"]), actions=[_split(3)])
    assert result.sessions[2].plan.cycle.turn == result.sessions[1].turn > 0


def test_parts_of_shares_follow_splits_and_collect_dividends() -> None:
    due = (_split(1, new=3, old=2), DividendOn(day=_day(1), per_share=D("0.1")))
    assert held_after(D("1.5"), due) == (D("2.25"), D("0.225"))
    assert closes_after([D(30)], due) == (D(20),)


def test_a_split_that_the_prices_do_not_show_is_refused() -> None:
    for closes, split in ((["40", "40", "41"], _split(2)), (["40", "40", "33"], _split(2, 1, 5))):
        bars = series(closes)
        with pytest.raises(StrategyError, match="leave the splits out"):
            check_splits(tape(bars[:1], bars[1:], [split]))
    shown = series(["40", "40", "21"])
    check_splits(tape(shown[:1], shown[1:], [_split(2), DividendOn(day=_day(1), per_share=D(1))]))
    check_splits(tape(shown[:2], shown[2:], [_split(2)]))
    reverse = series(["4", "19"])
    check_splits(tape(reverse[:1], reverse[1:], [_split(1, 1, 5)]))


def test_a_jump_without_a_split_is_named() -> None:
    bars = series(["40", "20", "21", "40", "38"])
    assert jumps(tape(bars[:1], bars[1:], [])) == (_day(1), _day(3))
    assert jumps(tape(bars[:1], bars[1:], [_split(1)])) == (_day(3),)

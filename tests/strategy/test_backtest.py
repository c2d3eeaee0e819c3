from decimal import Decimal

import pytest

from strategy import backtest, versions
from strategy.backtest import Session
from strategy.corporate_actions import CorporateAction, DividendOn, SplitOn
from strategy.cycle import settle
from strategy.errors import StrategyError
from strategy.matching import fills
from strategy.model import Compounding, Leg, Market, Phase
from tests.markets import wild_bars
from tests.strategy.states import D, fresh, in_reverse, of, series


def _fall(days: int, step: str = "0.97") -> list[str]:
    close, closes = D(100), list[str]()
    for _ in range(days):
        close = (close * D(step)).quantize(D("0.01"))
        closes.append(str(close))
    return closes


def test_the_first_bar_is_only_the_previous_close() -> None:
    bars = series(["40", "41", "42"])
    result = backtest.run(fresh(), bars)
    assert [session.day for session in result.sessions] == [bar.day for bar in bars[1:]]
    assert result.reference == bars[0]
    assert result.sessions[0].bought == 11 + 1
    assert result.sessions[0].fills[0].order.price == D("44.80")


def test_with_history_trading_starts_on_the_first_bar() -> None:
    bars = series(["30", "40", "41", "42"])
    result = backtest.run(fresh(), bars[2:], history=bars[:2])
    assert [session.day for session in result.sessions] == [bar.day for bar in bars[2:]]
    assert result.sessions[0].fills[0].order.price == D("44.80")


def test_a_run_without_a_session_is_refused() -> None:
    with pytest.raises(StrategyError, match="one more to trade on"):
        backtest.run(fresh(), series(["40"]))
    with pytest.raises(StrategyError, match="one more to trade on"):
        backtest.run(fresh(), [], history=series(["40"]))


def test_the_five_closes_of_history_feed_a_cycle_that_begins_in_reverse() -> None:
    bars = series(["30", "31", "32", "33", "34", "30"])
    result = backtest.run(in_reverse(100, "98", "38", "7000"), bars[5:], history=bars[:5])
    assert result.sessions[0].plan.star_price == D("32.00")


def test_a_row_shows_the_phase_and_the_unit_of_the_next_session() -> None:
    result = backtest.run(fresh(splits=20), series(["100", *_fall(40)]))
    phases = [session.phase for session in result.sessions]
    assert Phase.REVERSE in phases
    first = phases.index(Phase.REVERSE)
    assert result.sessions[first].plan.cycle.phase is Phase.NORMAL
    following = result.sessions[first + 1].plan
    assert (following.cycle.phase, following.cycle.reverse_day) == (Phase.REVERSE, 1)
    assert result.sessions[first].unit == following.unit
    assert [order.leg for order in following.orders] == [Leg.REVERSE_MOC]


def test_exhausted_sessions_are_those_that_begin_without_a_unit_left() -> None:
    result = backtest.run(fresh(splits=20), series(["100", *_fall(40)]))
    traded = [s for s in result.sessions if s.plan.cycle.phase is Phase.REVERSE]
    assert result.exhausted_sessions == len(traded) > 5
    assert result.cycle.exhausted
    waiting = backtest.run(of("1.0"), series(["100", *["99"] * 60]))
    assert {session.plan.cycle.phase for session in waiting.sessions} == {Phase.NORMAL}
    assert waiting.exhausted_sessions == sum(s.plan.cycle.turn > 39 for s in waiting.sessions) > 5


def test_a_finished_cycle_is_reported_and_the_next_one_trades_on() -> None:
    bars = series(["40", "40", "60", "60", "60"])
    result = backtest.run(fresh(), bars)
    (cycle,) = result.finished
    assert (cycle.number, cycle.started, cycle.ended) == (1, bars[1].day, bars[2].day)
    assert [session.cycle for session in result.sessions] == [1, 1, 2, 2]
    assert (result.sessions[1].turn, result.sessions[1].average) == (D(0), D(0))
    assert result.sessions[1].unit == result.sessions[1].cash / 40
    assert sum(c.sessions for c in result.finished) + result.cycle.sessions == 4


def test_the_figures_are_those_of_the_rows() -> None:
    result = backtest.run(
        fresh(fee_percent=D("0.25")), series(["40", "40", "60", "55", "50", "48"])
    )
    last = result.sessions[-1]
    assert result.final_equity == last.cash + last.quantity * 48
    assert result.realized == sum((s.realized for s in result.sessions), Decimal(0))
    assert result.fees == sum((s.fees for s in result.sessions), Decimal(0)) > 0
    assert last.cash + last.quantity * last.average == pytest.approx(20000 + result.realized)
    assert result.hold_return_percent == 20
    assert result.opening_equity == 20000
    assert result.cagr_percent > 0
    assert result.max_drawdown_percent > 0


def test_each_session_is_handed_out_as_it_is_booked() -> None:
    seen: list[Session] = []
    result = backtest.run(fresh(), series(["40", "41", "42"]), on_session=seen.append)
    assert tuple(seen) == result.sessions


def test_a_run_is_the_same_plan_and_settle_as_a_day_by_hand() -> None:
    bars = series(["100", *_fall(30, "0.96"), *_fall(30, "1.03")])
    result = backtest.run(fresh("SOXL", 20), bars)
    state, closes = fresh("SOXL", 20), [bars[0].close]
    for bar, session in zip(bars[1:], result.sessions, strict=True):
        plan = versions.plan(state, Market(closes=tuple(closes)))
        state = settle(plan, fills(plan, bar), bar.day).cycle
        closes.append(bar.close)
        assert (state.turn, state.quantity, state.cash) == (
            session.turn,
            session.quantity,
            session.cash,
        )


def test_a_day_without_a_bar_is_no_session_and_its_close_is_the_last_one_known() -> None:
    bars = series(["40", "41", "42", "43"])
    result = backtest.run(fresh(), [*bars[:2], bars[3]])
    assert [session.day for session in result.sessions] == [bars[1].day, bars[3].day]
    plan = result.sessions[1].plan
    assert plan == backtest.run(fresh(), bars).sessions[1].plan


def test_the_secs_part_of_the_fees_is_told_apart() -> None:
    bars = series(["40", "40", "60", "60", "60"])
    charged = backtest.run(fresh(fee_percent=D("0.1"), sec_fee_percent=D("0.3")), bars)
    plain = backtest.run(fresh(fee_percent=D("0.1")), bars)
    assert plain.sec_fees == 0
    assert charged.sec_fees == charged.fees - plain.fees > 0


@pytest.mark.parametrize("method", ["1.0", "2.1", "2.2", "3.0", "4.0"])
@pytest.mark.parametrize("compounding", [None, *Compounding])
def test_cash_and_cost_are_the_principal_and_what_was_realized_in_every_session(
    method: str, compounding: Compounding | None
) -> None:
    begun = of(
        method,
        compounding=compounding,
        fee_percent=D("0.07"),
        sell_fee_percent=D("0.25"),
        sec_fee_percent=D("0.00278"),
    )
    for seed in range(3):
        bars = wild_bars(seed, 260)
        actions: list[CorporateAction] = [
            SplitOn(day=bars[60].day, new=2, old=1),
            DividendOn(day=bars[90].day, per_share=D("0.11")),
            SplitOn(day=bars[150].day, new=1, old=7),
        ]
        result = backtest.run(begun, bars, actions=actions)
        realized = D(0)
        for session in result.sessions:
            realized += session.realized
            held_at_cost = session.cash + session.quantity * session.average
            assert abs(held_at_cost - begun.principal - realized) < D("1E-6"), session.day
        assert result.realized == realized
        assert result.fees > 0

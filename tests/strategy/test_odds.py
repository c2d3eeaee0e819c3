import random
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategy.corporate_actions import SplitOn, tape
from strategy.errors import StrategyError
from strategy.model import Bar
from strategy.odds import Odds, check, future, picks, runs_out, shapes, wilson_percent
from tests.strategy.states import TUESDAY, D, fresh, series


def test_a_shape_is_the_prices_as_parts_of_the_close_before() -> None:
    bars = [
        *series(["40"]),
        Bar(day=TUESDAY, open=D(42), high=D(50), low=D(30), close=D(44)),
        Bar(day=TUESDAY + timedelta(days=1), open=D(44), high=D(44), low=D(22), close=D(22)),
    ]
    first, second = shapes(tape(bars[:1], bars[1:], []))
    assert (first.open, first.high, first.low, first.close) == (
        D("1.05"),
        D("1.25"),
        D("0.75"),
        D("1.1"),
    )
    assert (second.low, second.close) == (D("0.5"), D("0.5"))


def test_a_split_is_no_fall() -> None:
    bars = series(["80", "40", "20"])
    actions = [SplitOn(day=TUESDAY + timedelta(days=place), new=2, old=1) for place in (1, 2)]
    assert [shape.close for shape in shapes(tape(bars[:1], bars[1:], actions))] == [1, 1]


def test_days_are_drawn_in_blocks_that_run_past_the_end_to_the_top() -> None:
    firsts = iter([8, 0, 5])
    assert list(picks(10, 8, 3, lambda _: next(firsts))) == [8, 9, 0, 0, 1, 2, 5, 6]


@given(st.integers(1, 30), st.integers(1, 60), st.integers(1, 30), st.integers())
def test_a_future_has_the_horizons_length_whatever_the_blocks(
    count: int, horizon: int, block: int, seed: int
) -> None:
    drawn = list(picks(count, horizon, block, random.Random(seed).randrange))
    assert len(drawn) == horizon
    assert all(0 <= pick < count for pick in drawn)


def test_a_future_goes_on_from_the_close_over_weekdays_in_cents() -> None:
    bars = series(["40", "44", "22"])
    drawn = shapes(tape(bars[:1], bars[1:], []))
    made = list(future([drawn[0], drawn[1], drawn[1]], D(100), date(2026, 10, 8)))
    assert [bar.close for bar in made] == [D("110.00"), D("55.00"), D("27.50")]
    assert [bar.day for bar in made] == [
        date(2026, 10, 9),
        date(2026, 10, 12),
        date(2026, 10, 13),
    ]


def test_no_future_price_falls_under_a_cent() -> None:
    bars = series(["40", "1"])
    (crash,) = shapes(tape(bars[:1], bars[1:], []))
    assert [bar.close for bar in future([crash] * 4, D(1), TUESDAY)] == [
        D("0.03"),
        D("0.01"),
        D("0.01"),
        D("0.01"),
    ]


def test_a_cycle_runs_out_in_a_long_fall_and_not_on_a_rise() -> None:
    falling = [D(100) * D("0.97") ** n for n in range(1, 40)]
    closes = [str(close.quantize(D("0.01"))) for close in falling]
    assert runs_out(fresh(splits=20), [D(100)], series(closes))
    assert not runs_out(fresh(splits=20), [D(100)], series(closes[:10]))
    assert not runs_out(fresh(splits=20), [D(100)], series(["101", "125", "126", "160"]))


def test_running_out_on_the_last_day_counts() -> None:
    falling = [D(100) * D("0.97") ** n for n in range(1, 40)]
    closes = [str(close.quantize(D("0.01"))) for close in falling]
    out = [n for n in range(1, 40) if runs_out(fresh(splits=20), [D(100)], series(closes[:n]))]
    assert out == list(range(out[0], 40))
    assert not runs_out(fresh(splits=20), [D(100)], series(closes[: out[0] - 1]))


def test_the_interval_is_wilsons() -> None:
    # Agresti and Coull's own table: 0 of 20 gives 0 to 0.161; 10 of 100 gives 0.055 to 0.174.
    assert wilson_percent(0, 20) == (D(0), D("16.1125"))
    low, high = wilson_percent(10, 100)
    assert (round(low, 2), round(high, 2)) == (D("5.52"), D("17.44"))
    assert wilson_percent(20, 20)[1] == 100


def test_odds_are_the_share_of_the_futures_that_ran_out() -> None:
    odds = Odds(horizon=252, block=20, runs=200, exhausted=155)
    assert odds.percent == D("77.5")
    low, high = odds.interval_percent
    assert low < odds.percent < high


@pytest.mark.parametrize(("horizon", "block"), [(0, 5), (10, 0), (10, 101)])
def test_a_drawing_that_makes_no_sense_is_refused(horizon: int, block: int) -> None:
    with pytest.raises(StrategyError):
        check(100, horizon, block)
    check(100, 10, 100)

from strategy.performance import MOST, cagr_percent, max_drawdown_percent, return_percent
from tests.strategy.states import D


def test_money_that_doubles_in_a_year_grows_by_a_hundred_percent_a_year() -> None:
    assert cagr_percent(D(100), D(1600), 1461) == 100
    assert cagr_percent(D(100), D(100), 400) == 0


def test_growth_over_no_time_is_nothing_and_ruin_is_everything() -> None:
    assert cagr_percent(D(100), D(200), 0) == 0
    assert cagr_percent(D(100), D(0), 10) == -100


def test_a_few_wild_days_grow_by_a_bounded_figure() -> None:
    assert cagr_percent(D(40), D(60), 1) == MOST
    assert cagr_percent(D("1E-9"), D("1E9"), 1) == MOST
    assert cagr_percent(D(60), D(40), 1) == -100


def test_the_deepest_fall_is_measured_from_the_high_before_it() -> None:
    assert max_drawdown_percent(map(D, (100, 120, 90, 130, 104))) == 25
    assert max_drawdown_percent([D(1), D(2), D(3)]) == 0


def test_a_return_is_the_change_in_percent_of_the_first() -> None:
    assert return_percent(D(80), D(100)) == 25
    assert return_percent(D(0), D(100)) == 0

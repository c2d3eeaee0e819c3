import pytest

from strategy.price import floor_cent, plain, raised, round12, round_half_up, shown, whole_shares
from tests.strategy.states import D


def test_half_a_cent_rounds_up_where_binary_floats_would_fall() -> None:
    assert round_half_up(raised(D("59.05"), D(10))) == D("64.96")
    assert round_half_up(raised(D("67.3"), D(15))) == D("77.40")
    assert round_half_up(D("38.365")) == D("38.37")


def test_a_quotient_that_stands_for_a_whole_number_is_that_number() -> None:
    third = D(100) / 3
    assert floor_cent(third * 3) == D("100.00")
    assert whole_shares(third * 3, D(1)) == 100
    assert whole_shares(D(100), third) == 3


def test_an_intermediate_value_is_rounded_half_even_to_twelve_decimals() -> None:
    assert round12(D("1.0000000000005")) == D(1)
    assert round12(D("1.0000000000015")) == D("1.000000000002")
    assert round_half_up(D("1.004999999999")) == D("1.00")
    assert round_half_up(D("1.0049999999999")) == D("1.01")


def test_floor_cuts_what_half_up_would_raise() -> None:
    assert floor_cent(D("44.135")) == D("44.13")
    assert floor_cent(D("47.379")) == D("47.37")


def test_a_budget_of_nothing_buys_nothing() -> None:
    assert whole_shares(D(-5), D(1)) == 0
    assert whole_shares(D(5), D(0)) == 0
    assert whole_shares(D("9.99"), D(10)) == 0


@pytest.mark.parametrize(
    ("given", "expected"),
    [("5.2500", "5.25"), ("2E+3", "2000"), ("0E-12", "0"), ("-1.10", "-1.1"), ("100.000", "100")],
)
def test_a_plain_number_has_no_needless_zeros_and_no_exponent(given: str, expected: str) -> None:
    assert str(plain(D(given))) == expected


def test_a_shown_figure_has_four_decimals_at_most() -> None:
    assert shown(D("500.5641025641025641025641026")) == "500.5641"
    assert shown(D("47.40")) == "47.4"

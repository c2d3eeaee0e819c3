"""The checker alone, held to the author's published numbers before it judges anybody."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from tests.checker import engine
from tests.checker.buying import Order, folded, pair, whole, with_rungs
from tests.checker.evening import decide, prepare, star
from tests.checker.figures import CENT, ONE, cents, half_up, scaled, shares, turn_from_cost
from tests.checker.terms import Bar, Run, Terms, begin

UNIT = Fraction(61789 * CENT)


def terms(method: str, symbol: str, splits: int, **over: Any) -> Terms:
    known: dict[str, Any] = {"principal": 20_000 * ONE, "compounding": "full", "ladder": 0, **over}
    return Terms(method=method, symbol=symbol, splits=splits, **known)


def holding(agreed: Terms, quantity: int, average: str, turn: str, cash: str) -> Run:
    run = begin(agreed)
    run.quantity = quantity
    run.average, run.turn, run.cash = (int(Fraction(each) * ONE) for each in (average, turn, cash))
    run.closes = [3000] * 5
    return run


def lines(orders: list[Order]) -> list[tuple[int, int]]:
    return [(order.price, order.quantity) for order in orders]


def flat(*closes: int) -> list[Bar]:
    first = date(2024, 1, 1)
    return [Bar(first + timedelta(days=n), c, c, c, c) for n, c in enumerate(closes)]


def test_the_first_buy_and_its_rungs_are_the_published_ones() -> None:
    price = cents(scaled(4593, Fraction(12)))
    rungs = [4753, 4413, 4119, 3861, 3634, 3432, 3252]
    assert lines(with_rungs(UNIT, whole(UNIT, price), 7)) == [(5144, 12), *((r, 1) for r in rungs)]


@pytest.mark.parametrize(
    ("unit", "dear", "cheap", "wanted"),
    [
        ("539.23", 7811, 6975, [(7811, 3), (6975, 4)]),
        ("1000", 3931, 3837, [(3931, 12), (3837, 14)]),
        ("1000", 4134, 3971, [(4134, 12), (3971, 13)]),
        ("100", 7811, 6975, [(6975, 1)]),
    ],
)
def test_the_two_halves_are_the_published_ones(
    unit: str, dear: int, cheap: int, wanted: list[tuple[int, int]]
) -> None:
    legs = pair(Fraction(unit) * ONE, dear, cheap)
    assert lines(legs) == wanted
    assert sum(leg.halves for leg in legs) == 2


def test_the_fold_is_the_published_one() -> None:
    unit = Fraction(1000 * ONE)
    orders = with_rungs(unit, pair(unit, 4134, 3971), 8)
    line, *rest = folded(orders, 3000, Fraction(20), Fraction(10))
    assert (line.price, line.quantity, line.halves) == (3300, 30, 2)
    assert lines(rest) == [(3225, 1), (3125, 1), (3030, 1)]
    assert folded(orders, 3445, Fraction(20), Fraction(10)) == orders


def test_the_star_price_is_the_published_one() -> None:
    assert star(holding(terms("4.0", "SOXL", 20), 100, "38.30", "8.6", "9000")) == 3937


def test_sales_are_the_published_ones() -> None:
    run = holding(terms("4.0", "TQQQ", 40), 141, "65.88", "32.81", "3000")
    sales = [order for order in prepare(run).orders if not order.buys]
    assert lines(sales) == [(5955, 35), (7576, 106)]


def test_the_unit_is_the_published_one() -> None:
    run = holding(terms("4.0", "SOXL", 40), 12, "39.83", "1", "19522")
    assert prepare(run).unit == Fraction(19522 * ONE, 39)


def test_the_reverse_day_is_the_published_one() -> None:
    run = holding(terms("4.0", "TQQQ", 40, ladder=4), 190, "98", "37.525", "2177.88")
    run.phase, run.step, run.closes = "reverse", 2, [4862] * 5
    assert lines(prepare(run).orders) == [
        *[(4861, 11), (4537, 1), (4188, 1), (3889, 1), (3629, 1)],
        (4862, 9),
    ]


@pytest.mark.parametrize(("close", "phase"), [(3201, "normal"), (3200, "reverse")])
def test_the_reverse_phase_ends_strictly_over_its_line(close: int, phase: str) -> None:
    run = holding(terms("4.0", "SOXL", 20), 100, "40", "17", "4000")
    run.phase, run.step, run.closes = "reverse", 2, [3000, 3000, 3000, 3000, close]
    decide(run)
    assert run.phase == phase


@pytest.mark.parametrize(("turn", "phase"), [("39", "normal"), ("39.01", "reverse")])
def test_the_last_unit_is_still_bought(turn: str, phase: str) -> None:
    run = holding(terms("4.0", "TQQQ", 40), 400, "48", turn, "500")
    decide(run)
    assert run.phase == phase


@pytest.mark.parametrize(("cost", "turn"), [(980, 98), (1940, 194), (2880, 288), (1941, 195)])
def test_turns_from_cost_are_the_published_ones(cost: int, turn: int) -> None:
    assert turn_from_cost(1, cost * ONE, 1000 * ONE) == turn * CENT


def test_a_turn_from_cost_forgives_what_an_average_lost_to_rounding() -> None:
    assert turn_from_cost(1524, 6351706036746, 500 * ONE) == 1936 * CENT


def test_three_thirds_of_a_hundred_buy_three() -> None:
    assert shares(Fraction(100 * ONE), 3333) == 3
    assert shares(Fraction(100 * ONE, 3) * 3, 2500) == 4
    assert shares(Fraction(-1), 100) == 0
    assert half_up(Fraction(5, 2)) == 3


def test_profit_raises_the_unit_of_3_0_by_its_fortieth() -> None:
    agreed = terms("3.0", "TQQQ", 20, compounding="half")
    rows = engine.backtest(agreed, flat(4000, 4000, 5000))
    assert [row.unit for row in rows] == [1000 * ONE, 1000 * ONE + rows[1].realized // 40]
    assert rows[1].realized == 220 * ONE
    assert rows[1].cycle == 1


def test_the_first_bar_is_only_the_previous_close() -> None:
    (row,) = engine.backtest(terms("4.0", "TQQQ", 40), flat(4000, 4100))
    assert (row.bought, row.average, row.turn) == (11, 41 * ONE, ONE)

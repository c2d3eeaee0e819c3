"""The tax on gains, held against published figures and against laws."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.tax import (
    DEDUCTION,
    Books,
    CostMethod,
    Split,
    Trade,
    bill,
    held,
    if_sold,
    walk,
)
from strategy.model import Side

MONDAY = date(2026, 3, 2)
D = Decimal


def trade(
    side: Side,
    quantity: int,
    price: str,
    *,
    day: int = 0,
    rate: str = "1400",
    fee: str = "0",
    symbol: str = "SOXL",
) -> Trade:
    session = MONDAY + timedelta(days=day)
    return Trade(
        session=session,
        settled=session + timedelta(days=2),
        symbol=symbol,
        side=side,
        quantity=quantity,
        amount=D(price) * quantity,
        fee=D(fee),
        rate=D(rate),
    )


BUY, SELL = Side.BUY, Side.SELL


def test_the_pages_own_example_comes_out_to_the_won() -> None:
    due = bill(D(3_410_000))

    assert (due.base, due.total) == (D(910_000), D(200_200))
    assert (due.deducted, due.free) == (DEDUCTION, D(0))


def test_below_the_deduction_nothing_is_due_and_the_rest_of_it_is_free() -> None:
    due = bill(D(1_410_000))

    assert (due.base, due.total, due.free) == (D(0), D(0), D(1_090_000))


def test_of_a_loss_nothing_is_due_and_the_whole_of_it_may_be_earned_back_free_of_tax() -> None:
    due = bill(D(-300_000))

    assert (due.deducted, due.total, due.free) == (D(0), D(0), D(2_800_000))


def test_each_part_of_the_tax_is_cut_to_ten_won() -> None:
    due = bill(DEDUCTION + D(123_456))

    assert (due.national, due.local) == (D(24_690), D(2_460))


def test_a_sale_takes_the_oldest_shares_at_the_rate_of_their_own_day() -> None:
    books = walk(
        [
            trade(BUY, 10, "100", rate="1300"),
            trade(BUY, 10, "120", day=1, rate="1400"),
            trade(SELL, 15, "130", day=2, rate="1450"),
        ]
    )

    [gain] = books.gains
    assert gain.cost_krw == 10 * 100 * 1300 + 5 * 120 * 1400
    assert gain.proceeds_krw == 15 * 130 * 1450
    assert held(books.lots["SOXL"]) == 5


def test_a_moving_average_mixes_all_shares_that_are_held() -> None:
    books = walk(
        [
            trade(BUY, 10, "100", rate="1300"),
            trade(BUY, 10, "120", day=1, rate="1400"),
            trade(SELL, 10, "130", day=2, rate="1450"),
        ],
        method=CostMethod.MOVING,
    )

    assert books.gains[0].cost_krw == (10 * 100 * 1300 + 10 * 120 * 1400) / 2


def test_fees_of_both_sides_lower_the_gain() -> None:
    books = walk([trade(BUY, 1, "100", fee="0.25"), trade(SELL, 1, "110", day=1, fee="0.28")])

    assert books.gains[0].profit == D("9.47")
    assert books.gains[0].profit_krw == D("9.47") * 1400


def test_what_the_rate_alone_brought_is_told_apart() -> None:
    books = walk([trade(BUY, 10, "100", rate="1300"), trade(SELL, 10, "100", day=1, rate="1400")])

    assert books.gains[0].profit == 0
    assert books.gains[0].currency_krw == books.gains[0].profit_krw == D(100_000)


def test_a_year_holds_what_settles_in_it() -> None:
    old = date(2026, 12, 30)
    bought = trade(BUY, 1, "10")
    late = Trade(
        session=old,
        settled=date(2027, 1, 4),
        symbol="SOXL",
        side=SELL,
        quantity=1,
        amount=D(20),
        fee=D(0),
        rate=D(1400),
    )
    books = walk([bought, late])

    assert books.of(2026) == ()
    assert books.bill(2027).profit == D(14_000)


def test_a_split_multiplies_the_shares_and_keeps_their_cost() -> None:
    split = Split(first_session=MONDAY + timedelta(days=1), symbol="SOXL", new=1, old=4)
    books = walk([trade(BUY, 6, "10"), trade(BUY, 7, "10"), trade(SELL, 2, "80", day=2)], [split])

    assert books.gains[0].uncovered == 0
    assert held(books.lots["SOXL"]) == 1


def test_shares_whose_purchase_is_not_known_are_told_of() -> None:
    books = walk([trade(SELL, 3, "10")])

    assert books.gains[0].uncovered == 3
    assert books.gains[0].cost_krw == 0


def test_a_sale_that_is_only_thought_of_changes_no_lot() -> None:
    books = walk([trade(BUY, 10, "100")])

    thought = if_sold(books.lots["SOXL"], trade(SELL, 4, "150", day=1))

    assert thought.profit_krw == 4 * 50 * 1400
    assert held(books.lots["SOXL"]) == 10


_PRICES = st.decimals(min_value=1, max_value=500, places=2)
_RATES = st.decimals(min_value=900, max_value=1900, places=2)


@st.composite
def lives(draw: st.DrawFn) -> list[Trade]:
    """Draw trades of one symbol that sell no more than is held, and everything at the end."""
    trades: list[Trade] = []
    have = 0
    for day in range(draw(st.integers(1, 12))):
        selling = bool(have) and draw(st.booleans())
        quantity = draw(st.integers(1, have if selling else 50))
        have += -quantity if selling else quantity
        price, rate = draw(_PRICES), draw(_RATES)
        side = SELL if selling else BUY
        trades.append(trade(side, quantity, str(price), day=day, rate=str(rate)))
    if have:
        trades.append(trade(SELL, have, "100", day=20))
    return trades


def _profits(books: Books) -> Decimal:
    return sum((gain.profit_krw for gain in books.gains), D(0))


@given(lives(), st.sampled_from(CostMethod))
def test_when_all_is_sold_the_gains_are_what_came_in_less_what_was_paid(
    trades: list[Trade], method: CostMethod
) -> None:
    books = walk(trades, method=method)
    sign = {BUY: -1, SELL: 1}
    flow = sum((sign[each.side] * each.amount * each.rate for each in trades), D(0))

    assert not any(books.lots.values())
    # Each sale is rounded to the won on both sides.
    assert abs(_profits(books) - flow) <= len(books.gains)


@given(lives())
def test_first_in_first_out_and_the_average_agree_once_nothing_is_held(trades: list[Trade]) -> None:
    first, average = walk(trades), walk(trades, method=CostMethod.MOVING)

    assert abs(_profits(first) - _profits(average)) <= 2 * len(first.gains)


@given(st.integers(-(10**9), 10**9), st.integers(0, 10**7))
def test_more_profit_is_never_taxed_less(profit: int, more: int) -> None:
    assert bill(D(profit)).total <= bill(D(profit + more)).total


@pytest.mark.parametrize("method", list(CostMethod))
def test_two_symbols_never_pay_for_each_other(method: CostMethod) -> None:
    books = walk(
        [trade(BUY, 1, "100"), trade(BUY, 1, "10", symbol="TQQQ"), trade(SELL, 1, "100", day=1)],
        method=method,
    )

    assert books.gains[0].profit == 0
    assert held(books.lots["TQQQ"]) == 1

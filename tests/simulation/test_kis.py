"""The simulated KIS through the real client: every desk answers as KIS does, without any fault."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest

from kis.errors import OrderRefused
from kis.models import Exchange, OrderKind, Side
from tests.simulation.facts import OrderAccepted, OrderEnded, OrderFilled
from tests.simulation.kis_counter import WEDNESDAY, Counter

CHEAP = {"TQQQ": (10, Decimal(500))}


@pytest.fixture
def desk() -> Iterator[Counter]:
    counter = Counter(shares=CHEAP)
    yield counter
    counter.close()


def test_a_token_is_given_again_for_six_hours_and_a_new_one_after(desk: Counter) -> None:
    first = desk.ask(desk.kis._tokens.get())
    desk.wait(3600)
    desk.kis._tokens.drop(first)
    again = desk.ask(desk.kis._tokens.get())
    desk.wait(5 * 3600 + 60)
    desk.kis._tokens.drop(again)
    assert again == first
    assert desk.ask(desk.kis._tokens.get()) != first


def test_an_order_is_listed_with_what_it_said_and_who_gave_it(desk: Counter) -> None:
    desk.until(5, 30)
    receipt = desk.place()
    (row,) = desk.listed().rows
    assert row.order_number == receipt.order_number
    assert (row.symbol, row.side, row.quantity, row.price) == ("TQQQ", Side.BUY, 3, Decimal(10))
    assert (row.filled, row.open_quantity, row.media) == (0, 3, "OpenAPI")
    assert row.ordered_at is not None
    assert timedelta() <= desk.world.now - row.ordered_at < timedelta(seconds=3)
    (working,) = desk.ask(desk.kis.orders.open()).rows
    assert working.order_number == receipt.order_number


def test_what_is_not_filled_dies_at_the_close_and_says_so(desk: Counter) -> None:
    desk.until(5, 30)
    desk.place()
    desk.until(16, 10)
    (row,) = desk.listed().rows
    assert (row.filled, row.open_quantity) == (0, 0)
    assert "장종료" in row.refusal
    assert [each.how for each in desk.world.facts if isinstance(each, OrderEnded)] == ["expired"]


def test_a_loc_buy_above_the_close_pays_the_close_and_the_shares_arrive(desk: Counter) -> None:
    desk.until(9, 31)
    desk.place(kind=OrderKind.LOC, price="150.00", quantity=4)
    desk.until(16, 10)
    (row,) = desk.listed().rows
    bars = desk.ask(desk.kis.prices.daily("TQQQ", Exchange.NASDAQ, adjusted=False))
    assert bars[-1].day == WEDNESDAY
    assert row.filled == 4
    assert row.filled_price == bars[-1].close
    (holding,) = desk.ask(desk.kis.account.holdings()).rows
    assert holding.quantity == 14
    assert holding.average == ((500 + 4 * bars[-1].close) / 14).quantize(Decimal("0.0001"))


def test_a_sell_at_the_market_is_filled_at_once_and_a_moc_at_the_close(desk: Counter) -> None:
    desk.until(11)
    desk.place(Side.SELL, OrderKind.LIMIT, 4, "5.00")
    desk.place(Side.SELL, OrderKind.MOC, 6, None)
    moc, limit = desk.listed().rows
    assert (limit.filled, moc.filled) == (4, 0)
    desk.until(16, 10)
    assert desk.listed().rows[0].filled == 6
    assert desk.ask(desk.kis.account.holdings()).empty
    sold = [each for each in desk.world.facts if isinstance(each, OrderFilled)]
    assert sum(each.quantity for each in sold) == 10


def test_a_print_may_take_only_a_part_of_a_resting_order() -> None:
    taken = []
    for seed in range(30):
        desk = Counter(seed)
        desk.until(4, 15)
        last = desk.broker.exchange.market.last("TQQQ")
        desk.place(quantity=9, price=(last * Decimal("0.995")).quantize(Decimal("0.01")))
        desk.until(15, 59)
        fills = [each for each in desk.world.facts if isinstance(each, OrderFilled)]
        assert sum(each.quantity for each in fills) == desk.listed().rows[0].filled
        taken.append(len({each.at for each in fills}))
        desk.close()
    assert {0, 1, 2} <= set(taken)


def test_a_cancel_is_a_row_of_its_own_and_ends_the_order(desk: Counter) -> None:
    desk.until(5, 30)
    receipt = desk.place()
    asked = desk.ask(desk.kis.orders.cancel(receipt.order_number, "TQQQ", Exchange.NASDAQ, 3))
    cancel, order = desk.listed().rows
    assert (cancel.cancel, cancel.original_number) == (True, receipt.order_number)
    assert cancel.order_number == asked.order_number
    assert (order.open_quantity, order.filled) == (0, 0)


@pytest.mark.parametrize(
    ("when", "order", "code"),
    [
        ((3, 0), (Side.BUY, OrderKind.LIMIT, 1, "10.00"), "APBK0918"),
        ((16, 30), (Side.BUY, OrderKind.LIMIT, 1, "10.00"), "APBK0918"),
        ((15, 55), (Side.BUY, OrderKind.LOC, 1, "10.00"), "APBK0918"),
        ((10, 0), (Side.BUY, OrderKind.LIMIT, 9_000, "10.00"), "APBK0952"),
        ((10, 0), (Side.SELL, OrderKind.LIMIT, 11, "500.00"), "APBK0400"),
    ],
)
def test_kis_refuses_in_its_own_words(
    desk: Counter,
    when: tuple[int, int],
    order: tuple[Side, OrderKind, int, str],
    code: str,
) -> None:
    desk.until(*when)
    with pytest.raises(OrderRefused) as refused:
        desk.place(*order)
    assert refused.value.code == code
    assert not [each for each in desk.world.facts if isinstance(each, OrderAccepted)]


def test_a_resting_buy_lowers_what_may_be_ordered(desk: Counter) -> None:
    desk.until(9, 31)
    asking = desk.kis.account.buying_power
    before = desk.ask(asking("TQQQ", Exchange.NASDAQ, Decimal(0))).orderable
    desk.place(quantity=100, price="10.00")
    after = desk.ask(asking("TQQQ", Exchange.NASDAQ, Decimal(0))).orderable
    assert before - after == pytest.approx(Decimal(1000), abs=Decimal("0.02"))


def test_the_other_desks_answer_what_the_client_can_read(desk: Counter) -> None:
    desk.until(10)
    kis = desk.kis
    quote = desk.ask(kis.prices.quote("SOXL", Exchange.AMEX))
    bars = desk.ask(kis.prices.daily("SOXL", Exchange.AMEX, adjusted=False))
    assert quote.previous_close == bars[-2].close
    assert desk.ask(kis.prices.detail("SOXL", Exchange.AMEX)).exchange_rate > 1000
    book = desk.ask(kis.prices.book("SOXL", Exchange.AMEX))
    assert book.bids[0].price < quote.last < book.asks[0].price
    assert desk.ask(kis.symbols.exchange("AAAA")) is Exchange.NYSE
    assert desk.ask(kis.announcements.rights(date(2026, 1, 1), date(2026, 12, 31))).empty
    assert desk.ask(kis.calendar.settlements(WEDNESDAY)).rows
    present = desk.ask(kis.account.present())
    assert present.holdings is not None
    assert present.holdings.rows[0].quantity == 10
    assert desk.ask(kis.orders.reservations(WEDNESDAY, WEDNESDAY)).empty


def test_a_weekend_has_no_session(desk: Counter) -> None:
    desk.until(12, day=date(2026, 3, 21))
    bars = desk.ask(desk.kis.prices.daily("TQQQ", Exchange.NASDAQ))
    assert [bar.day.day for bar in bars[-3:]] == [18, 19, 20]

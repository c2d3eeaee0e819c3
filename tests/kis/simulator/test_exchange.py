"""The account's laws, and when which order executes."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kis.simulator.desks.counter import Counter
from kis.simulator.desks.protocol import Call, KisRefusalError
from kis.simulator.exchange import Exchange
from kis.simulator.happenings import Request
from kis.simulator.market import Market
from kis.simulator.model import Bar, End, Order, OrderType, Side, cents
from kis.simulator.store import Store
from kis.simulator.timetable import Timetable

from .desk import WEDNESDAY, flat_bars, new_york, order_body, session, week

CASH = Decimal(20000)


def make(
    bars: Sequence[Bar] | None = None,
    *,
    at: str = "2026-10-07T05:00",
    fee: str = "0",
    store: Store | None = None,
    **overrides: Any,
) -> Exchange:
    sessions = overrides.get("sessions", week())
    return Exchange(
        market=Market(7, {"TQQQ": bars or flat_bars(sessions)}),
        timetable=Timetable(sessions),
        store=store or Store(None),
        cash=CASH,
        fee_percent=Decimal(fee),
        lag=timedelta(minutes=3),
        start=new_york(at),
    )


def ask(exchange: Exchange, side: Side, kind: OrderType, quantity: int, price: str = "0") -> Order:
    return exchange.submit(
        Request(
            symbol="TQQQ",
            exchange="NASD",
            side=side,
            type=kind,
            quantity=quantity,
            price=Decimal(price),
        )
    )


def now_of(exchange: Exchange, order: Order) -> Order:
    return exchange.book.orders[order.key]


def bought(exchange: Exchange, quantity: int = 10) -> None:
    """Buy at 51, the official close of the first day, and go to the next pre-market."""
    ask(exchange, Side.BUY, OrderType.LOC, quantity, "60")
    exchange.advance(new_york("2026-10-08T05:00"))


def go(exchange: Exchange, text: str) -> datetime:
    exchange.advance(new_york(text))
    return exchange.now


class TestExecution:
    def test_a_loc_buy_fills_at_the_official_close_not_at_the_last_trade(self) -> None:
        exchange = make()
        order = ask(exchange, Side.BUY, OrderType.LOC, 5, "60.00")
        go(exchange, "2026-10-07T16:00")
        last = exchange.last_trade("TQQQ")
        assert last is not None
        assert last[1] != Decimal(51)
        assert [(fill.quantity, fill.price) for fill in exchange.fills] == [(5, Decimal(51))]
        assert now_of(exchange, order).end is End.FILLED

    def test_a_loc_buy_fills_when_the_close_equals_its_limit(self) -> None:
        exchange = make()
        ask(exchange, Side.BUY, OrderType.LOC, 5, "51.00")
        go(exchange, "2026-10-07T16:00")
        assert len(exchange.fills) == 1

    def test_a_loc_buy_a_cent_under_the_close_expires(self) -> None:
        exchange = make()
        order = ask(exchange, Side.BUY, OrderType.LOC, 5, "50.99")
        go(exchange, "2026-10-07T16:03")
        assert exchange.fills == []
        assert now_of(exchange, order).reported_end is End.EXPIRED

    def test_a_loc_sell_needs_a_close_at_or_above_its_limit(self) -> None:
        exchange = make()
        bought(exchange)
        low = ask(exchange, Side.SELL, OrderType.LOC, 4, "51.00")
        high = ask(exchange, Side.SELL, OrderType.LOC, 4, "51.01")
        go(exchange, "2026-10-08T16:03")
        assert now_of(exchange, low).end is End.FILLED
        assert now_of(exchange, high).end is End.EXPIRED

    def test_an_moc_sell_fills_at_the_official_close(self) -> None:
        exchange = make()
        bought(exchange)
        ask(exchange, Side.SELL, OrderType.MOC, 10)
        go(exchange, "2026-10-08T16:00")
        assert exchange.fills[-1].price == Decimal(51)
        assert exchange.account.positions == {}

    def test_a_limit_through_the_open_fills_at_the_open(self) -> None:
        exchange = make()
        ask(exchange, Side.BUY, OrderType.LIMIT, 1, "50.70")
        go(exchange, "2026-10-07T09:30")
        assert [fill.price for fill in exchange.fills] == [Decimal(50)]

    def test_a_resting_limit_fills_at_its_limit_when_the_path_crosses(self) -> None:
        exchange = make()
        ask(exchange, Side.BUY, OrderType.LIMIT, 1, "48.50")
        go(exchange, "2026-10-07T09:30")
        assert exchange.fills == []
        go(exchange, "2026-10-07T16:00")
        assert [fill.price for fill in exchange.fills] == [Decimal("48.50")]

    def test_a_limit_under_the_days_low_expires_at_the_close(self) -> None:
        exchange = make()
        order = ask(exchange, Side.BUY, OrderType.LIMIT, 1, "47.99")
        go(exchange, "2026-10-07T16:03")
        assert now_of(exchange, order).reported_end is End.EXPIRED

    def test_a_limit_arriving_through_the_market_fills_at_the_last_trade(self) -> None:
        exchange = make(at="2026-10-07T09:30")
        ask(exchange, Side.BUY, OrderType.LIMIT, 1, "55.00")
        assert [fill.price for fill in exchange.fills] == [Decimal(50)]

    def test_loc_and_moc_never_execute_before_the_auction(self) -> None:
        exchange = make()
        ask(exchange, Side.BUY, OrderType.LOC, 1, "60.00")
        go(exchange, "2026-10-07T15:59:59")
        assert exchange.fills == []

    def test_a_half_day_closes_at_one(self) -> None:
        sessions = [session(WEDNESDAY, time(13)), *week()[1:]]
        exchange = make(sessions=sessions)
        ask(exchange, Side.BUY, OrderType.LOC, 1, "60.00")
        go(exchange, "2026-10-07T13:00")
        assert len(exchange.fills) == 1

    def test_an_after_market_order_dies_at_eight_in_the_evening(self) -> None:
        exchange = make(at="2026-10-07T16:30")
        order = ask(exchange, Side.BUY, OrderType.LIMIT, 1, "60.00")
        go(exchange, "2026-10-07T19:59")
        assert now_of(exchange, order).end is None
        go(exchange, "2026-10-07T20:00")
        assert now_of(exchange, order).end is End.EXPIRED

    def test_an_loo_that_the_open_does_not_satisfy_dies_there(self) -> None:
        exchange = make()
        order = ask(exchange, Side.BUY, OrderType.LOO, 1, "49.99")
        go(exchange, "2026-10-07T09:30")
        assert now_of(exchange, order).end is End.EXPIRED


class TestReporting:
    def test_closing_fills_show_three_minutes_after_the_close(self) -> None:
        exchange = make()
        order = ask(exchange, Side.BUY, OrderType.LOC, 5, "60.00")
        go(exchange, "2026-10-07T16:02:59")
        assert now_of(exchange, order).reported_filled == 0
        assert exchange.reported.cash == CASH
        assert exchange.account.cash == CASH - 255
        go(exchange, "2026-10-07T16:03")
        assert now_of(exchange, order).reported_filled == 5
        assert exchange.reported.cash == exchange.account.cash

    def test_a_partial_closing_fill_ends_with_its_rest_expired(self) -> None:
        exchange = make()
        exchange.share_at_the_close = lambda _: 40
        order = ask(exchange, Side.BUY, OrderType.LOC, 5, "60.00")
        go(exchange, "2026-10-07T16:03")
        shown = now_of(exchange, order)
        assert (shown.reported_filled, shown.reported_remaining) == (2, 0)
        assert exchange.account.held("TQQQ").quantity == 2

    def test_numbers_restart_every_us_date(self) -> None:
        exchange = make()
        numbers = [ask(exchange, Side.BUY, OrderType.LOC, 1, "60").number for _ in range(3)]
        go(exchange, "2026-10-08T05:00")
        assert numbers == [1, 2, 3]
        assert ask(exchange, Side.BUY, OrderType.LOC, 1, "60").number == 1


class TestFees:
    def test_a_fee_is_half_up_to_the_cent_of_the_orders_total(self) -> None:
        exchange = make(fee="0.25")
        ask(exchange, Side.BUY, OrderType.LOC, 3, "60.00")
        go(exchange, "2026-10-07T16:03")
        assert exchange.fills[0].fee == Decimal("0.38")
        assert exchange.account.cash == CASH - 153 - Decimal("0.38")


def test_a_sale_pays_its_fee_out_of_the_proceeds() -> None:
    exchange = make(fee="0.25")
    bought(exchange, 3)
    ask(exchange, Side.SELL, OrderType.MOC, 3)
    go(exchange, "2026-10-08T16:03")
    assert exchange.account.cash == CASH - 2 * Decimal("0.38")
    assert exchange.account.realized == 0


ORDERS = st.tuples(
    st.sampled_from(["buy", "sell", "cancel", "time"]),
    st.sampled_from(["00", "33", "34", "31", "32"]),
    st.integers(1, 120),
    st.integers(4700, 5300),
)


@settings(max_examples=150, deadline=None)
@given(steps=st.lists(ORDERS, max_size=25), fee=st.sampled_from(["0", "0.25"]))
def test_cash_and_shares_are_conserved_whatever_is_ordered(
    steps: list[tuple[str, str, int, int]], fee: str
) -> None:
    store = Store(None)
    exchange = make(fee=fee, store=store)
    counter = Counter(exchange, {"TQQQ": "NASD"})
    for what, division, quantity, price in steps:
        if what == "time":
            exchange.advance(exchange.now + timedelta(hours=quantity % 13 + 1))
        elif what == "cancel":
            for order in exchange.book.open_orders()[:1]:
                exchange.cancel(order, min(quantity, order.remaining))
        else:
            tr_id = {"buy": "TTTT1002U", "sell": "TTTT1006U"}[what]
            fields = order_body(division, quantity, str(Decimal(price) / 100))
            try:
                counter.order(Call(tr_id=tr_id, mock=False, tr_cont="", fields=fields))
            except KisRefusalError:
                continue
        check_conserved(exchange)
    exchange.advance(new_york("2026-10-22T05:00").astimezone(exchange.now.tzinfo))
    check_conserved(exchange)
    assert exchange.book.reserved_cash() == 0
    assert exchange.reported.cash == exchange.account.cash
    assert exchange.reported.positions == exchange.account.positions


def check_conserved(exchange: Exchange) -> None:
    """Cash is the start plus sold minus bought minus fees; shares are bought minus sold."""
    signs = {Side.BUY: 1, Side.SELL: -1}
    spent = sum((signs[f.side] * f.amount + f.fee for f in exchange.fills), Decimal(0))
    shares = sum(signs[f.side] * f.quantity for f in exchange.fills)
    fees = sum((f.fee for f in exchange.fills), Decimal(0))
    assert exchange.account.cash == CASH - spent
    assert exchange.account.held("TQQQ").quantity == shares
    assert shares >= 0
    assert exchange.orderable_cash >= -fees
    assert exchange.orderable_quantity("TQQQ") >= 0
    for order in exchange.book.orders.values():
        mine = [f for f in exchange.fills if (f.day, f.number) == order.key]
        assert sum(f.quantity for f in mine) == order.filled
        assert sum((f.amount for f in mine), Decimal(0)) == order.amount
        assert order.filled + order.cancelled <= order.quantity
        assert order.fee == cents(order.fee)
        for fill in mine:
            if order.type.has_limit:
                better = fill.price <= order.price
                assert better if order.side is Side.BUY else fill.price >= order.price


def test_a_stored_exchange_comes_back_as_it_was() -> None:
    store = Store(None)
    exchange = make(store=store, fee="0.1")
    bought(exchange, 7)
    ask(exchange, Side.SELL, OrderType.LIMIT, 3, "90.00")
    again = make(store=store, fee="0.1")
    assert again.now == exchange.now
    assert again.fills == exchange.fills
    assert again.book.orders == exchange.book.orders
    assert again.account.cash == exchange.account.cash
    assert again.orderable_quantity("TQQQ") == 4


def test_a_restart_between_close_and_report_still_reports() -> None:
    store = Store(None)
    exchange = make(store=store)
    order = ask(exchange, Side.BUY, OrderType.LOC, 5, "60.00")
    go(exchange, "2026-10-07T16:01")
    again = make(store=store)
    assert now_of(again, order).reported_filled == 0
    go(again, "2026-10-07T16:03")
    assert now_of(again, order).reported_filled == 5
    assert again.reported.cash == CASH - 255


def test_a_failed_write_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(None)
    exchange = make(store=store)

    def broken(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(store, "save_fill", broken)
    ask(exchange, Side.BUY, OrderType.LOC, 5, "60.00")
    with pytest.raises(OSError, match="disk full"):
        go(exchange, "2026-10-07T16:01")
    again = make(store=store)
    assert again.now == new_york("2026-10-07T05:00")


def test_an_order_costs_under_two_milliseconds(tmp_path: Any, benchmark_timer: Any) -> None:
    exchange = make(store=Store(tmp_path / "state.db"))
    seconds = benchmark_timer(
        lambda: [ask(exchange, Side.BUY, OrderType.LOC, 1, "1.00") for _ in range(200)]
    )
    assert seconds / 200 < 0.002

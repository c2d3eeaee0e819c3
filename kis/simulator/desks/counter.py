"""The order counter: reads KIS's order fields, checks them as KIS does, and answers."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

from kis.simulator.desks.money import MOCK_SHARE
from kis.simulator.desks.protocol import (
    BRANCH,
    NO_SYMBOL,
    ORDER_DIVISIONS,
    Answer,
    Call,
    KisRefusalError,
    answered,
    number_text,
    seoul_time,
)
from kis.simulator.desks.refusals import (
    CLOSED,
    MOCK_CHANGED,
    MOCK_SENT,
    NO_ORIGINAL,
    NO_PRICE,
    NO_QUANTITY,
    NO_ROUTE,
    NOTHING_LEFT,
    SENT,
    SHORT_OF_CASH,
    SHORT_OF_SHARES,
    WRONG_CHANGE,
    WRONG_TICK,
    WRONG_TYPE,
    for_mock,
    mock_hours,
)
from kis.simulator.exchange import Exchange
from kis.simulator.happenings import Request
from kis.simulator.model import CENT, ZERO, Order, OrderType, Phase, Side
from kis.simulator.timetable import AUCTION_CUT_OFF

BUY_IDS = frozenset({"TTTT1002U", "VTTT1002U", "JTTT1002U"})
WHOLE = re.compile(r"[0-9]{1,10}")
PRICE = re.compile(r"[0-9]{1,23}(\.[0-9]{1,8})?")


class Counter:
    """Takes orders, revisions and cancels for the exchange."""

    def __init__(self, exchange: Exchange, symbols: Mapping[str, str]) -> None:
        self._exchange = exchange
        self._symbols = symbols

    def order(self, call: Call) -> Answer:
        """Answer POST /trading/order."""
        side = Side.BUY if call.tr_id in BUY_IDS else Side.SELL
        with _words_of(call):
            kind = self._kind(call, side)
            price = price_of(call["OVRS_ORD_UNPR"], kind)
            self._check_hours(call, kind, price)
            return self.take(call, side, kind, price)

    def take(
        self, call: Call, side: Side, kind: OrderType, price: Decimal, day: date | None = None
    ) -> Answer:
        """Take in an order whose type, price and hours are right, of the daytime market's `day`.

        Raises KIS's refusal for an unknown symbol, and where cash or shares are short.
        """
        quantity = quantity_of(call["ORD_QTY"])
        symbol = symbol_of(self._exchange, self._symbols, call)
        if side is Side.BUY and price * quantity > self._orderable(call):
            raise KisRefusalError(*SHORT_OF_CASH)
        if side is Side.SELL and quantity > self._exchange.orderable_quantity(symbol):
            raise KisRefusalError(*SHORT_OF_SHARES)
        order = self._exchange.submit(
            Request(
                symbol=symbol,
                exchange=call["OVRS_EXCG_CD"],
                side=side,
                type=kind,
                quantity=quantity,
                price=price,
                mock=call.mock,
                by_hand=call.by_hand,
                day=day,
            )
        )
        return _receipt(order, MOCK_SENT[side] if call.mock else SENT)

    def change(self, call: Call) -> Answer:
        """Answer POST /trading/order-rvsecncl: revise a limit order or cancel any."""
        with _words_of(call):
            self._check_open(call)
            return self.amend(call)

    def amend(self, call: Call, day: date | None = None) -> Answer:
        """Revise or cancel an order of today, or of the daytime market's `day`."""
        original = self._original(call, day)
        if call["RVSE_CNCL_DVSN_CD"] == "02":
            row = self._cancel(original, call)
        elif call["RVSE_CNCL_DVSN_CD"] == "01":
            row = self._revise(original, call, day)
        else:
            raise KisRefusalError(*WRONG_CHANGE)
        return _receipt(row, MOCK_CHANGED if call.mock else SENT)

    def _orderable(self, call: Call) -> Decimal:
        cash = self._exchange.orderable_cash
        return cash * MOCK_SHARE if call.mock else cash

    def _kind(self, call: Call, side: Side) -> OrderType:
        kind = ORDER_DIVISIONS.get(call["ORD_DVSN"])
        market = {OrderType.MOC, OrderType.MOO}
        if (
            kind is None
            or (side is Side.BUY and kind in market)
            or (call.mock and kind is not OrderType.LIMIT)
        ):
            raise KisRefusalError(*WRONG_TYPE)
        return kind

    def _check_open(self, call: Call) -> None:
        now = self._exchange.now
        if call.mock:
            over = self._exchange.phase is Phase.AFTER
            if refusal := mock_hours(self._exchange.phase, over=over):
                raise refusal
        if self._exchange.phase is Phase.CLOSED:
            raise KisRefusalError(*CLOSED)
        if self._exchange.timetable.gateway_is_warming_up(now):
            raise KisRefusalError(*NO_ROUTE, rt_cd="1", status=500)

    def _check_hours(self, call: Call, kind: OrderType, price: Decimal) -> None:
        self._check_open(call)
        phase = self._exchange.phase
        if kind.at_the_open and phase is not Phase.PRE:
            raise KisRefusalError(*CLOSED)
        if kind.at_the_close and not self._before_cut_off():
            raise KisRefusalError(*CLOSED)
        if kind is OrderType.LIMIT and price == ZERO:
            raise KisRefusalError(*NO_PRICE)
        if kind.has_limit and price == ZERO:
            raise KisRefusalError(*NO_ROUTE, rt_cd="1", status=500)

    def _before_cut_off(self) -> bool:
        session = self._exchange.timetable.session_at(self._exchange.now)
        return session is not None and self._exchange.now <= session.close - AUCTION_CUT_OFF

    def _original(self, call: Call, day: date | None) -> Order:
        number = call["ORGN_ODNO"]
        if not WHOLE.fullmatch(number):
            raise KisRefusalError(*NO_ORIGINAL)
        order = self._exchange.book.orders.get((day or self._exchange.today, int(number)))
        if order is None or order.symbol != call["PDNO"]:
            raise KisRefusalError(*NO_ORIGINAL)
        if order.remaining == 0:
            raise KisRefusalError(*NOTHING_LEFT)
        if order.type.at_the_close and not self._before_cut_off():
            raise KisRefusalError(*CLOSED)
        return order

    def _cancel(self, original: Order, call: Call) -> Order:
        text = call["ORD_QTY"]
        if not WHOLE.fullmatch(text):
            raise KisRefusalError(*NO_QUANTITY)
        quantity = int(text) or original.remaining
        if quantity > original.remaining:
            raise KisRefusalError(*NOTHING_LEFT)
        return self._exchange.cancel(original, quantity, by_hand=call.by_hand)

    def _revise(self, original: Order, call: Call, day: date | None) -> Order:
        price = price_of(call["OVRS_ORD_UNPR"], original.type)
        text = call["ORD_QTY"]
        quantity = original.remaining if text == "0" else quantity_of(text)
        if quantity > original.remaining:
            raise KisRefusalError(*NOTHING_LEFT)
        if not original.type.has_limit:
            raise KisRefusalError(*WRONG_TYPE)
        if price == ZERO:
            raise KisRefusalError(*NO_PRICE)
        freed = original.price * original.remaining
        if original.side is Side.BUY and price * quantity > self._orderable(call) + freed:
            raise KisRefusalError(*SHORT_OF_CASH)
        return self._exchange.submit(
            Request(
                symbol=original.symbol,
                exchange=original.exchange,
                side=original.side,
                type=original.type,
                quantity=quantity,
                price=price,
                mock=original.mock,
                by_hand=call.by_hand,
                day=day,
            ),
            original=original,
        )


@contextmanager
def _words_of(call: Call) -> Iterator[None]:
    """Let refusals of 모의투자 come in its own words."""
    try:
        yield
    except KisRefusalError as refusal:
        if call.mock:
            raise for_mock(refusal) from None
        raise


def _receipt(order: Order, code: tuple[str, str]) -> Answer:
    output = {
        "KRX_FWDG_ORD_ORGNO": BRANCH,
        "ODNO": number_text(order.number),
        "ORD_TMD": seoul_time(order),
    }
    return Answer(answered(code, output=output), order=order)


def symbol_of(exchange: Exchange, symbols: Mapping[str, str], call: Call) -> str:
    """Find the symbol that a call names, on the exchange it names, or raise KIS's refusal."""
    symbol = call["PDNO"]
    traded = exchange.last_trade(symbol) if symbol in symbols else None
    if traded is None or symbols[symbol] != call["OVRS_EXCG_CD"]:
        raise KisRefusalError(*NO_SYMBOL)
    return symbol


def quantity_of(text: str) -> int:
    """Read whole shares from one, or raise KIS's refusal."""
    if not WHOLE.fullmatch(text) or int(text) == 0:
        raise KisRefusalError(*NO_QUANTITY)
    return int(text)


def price_of(text: str, kind: OrderType) -> Decimal:
    """Read a price in USD on its tick, or raise KIS's refusal; market types have none."""
    if not kind.has_limit:
        return ZERO
    if not PRICE.fullmatch(text):
        raise KisRefusalError(*NO_PRICE)
    price = Decimal(text)
    if price >= 1 and price % CENT != 0:
        raise KisRefusalError(*WRONG_TICK)
    return price

"""The order counter: reads KIS's order fields, checks them as KIS does, and answers."""

import re
from collections.abc import Mapping
from decimal import Decimal

from kis.simulator.exchange import Exchange
from kis.simulator.happenings import Request
from kis.simulator.model import CENT, ZERO, Order, OrderType, Phase, Side
from kis.simulator.protocol import (
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
from kis.simulator.timetable import AUCTION_CUT_OFF

BUY_IDS = frozenset({"TTTT1002U", "VTTT1002U", "JTTT1002U"})
CLOSED = (
    "APBK0918",
    "장운영시간이 아닙니다.(단,주간거래시간이면 전용화면 주문가능, 주문시간 외 불가)",
)
NO_ROUTE = ("EGW00202", "GW라우팅 중 오류가 발생했습니다.")
WRONG_TYPE = ("APBK1269", "주문구분 입력오류입니다.")
NO_PRICE = ("APBK1269", "주문단가를 입력 하십시오.")
WRONG_TICK = ("APBK1269", "주문단가가 호가단위에 맞지 않습니다.")
NO_QUANTITY = ("APBK1269", "주문수량을 확인 하십시오.")
SHORT_OF_CASH = ("APBK0952", "주문가능금액을 초과 했습니다.")
SHORT_OF_SHARES = ("APBK0400", "주문 가능한 수량을 초과하였습니다.")
NO_ORIGINAL = ("APBK0344", "원주문정보가 존재하지 않습니다.")
NOTHING_LEFT = ("APBK0344", "정정취소 가능수량이 없습니다.")
SENT = ("APBK0013", "주문 전송 완료 되었습니다.")
MOCK_SENT = {
    Side.BUY: ("40600000", "모의투자 매수주문이 완료 되었습니다."),
    Side.SELL: ("40600000", "모의투자 매도주문이 완료 되었습니다."),
}
MOCK_CHANGED = ("40600000", "모의투자 정정취소주문이 완료 되었습니다.")
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
        kind = self._kind(call, side)
        quantity = quantity_of(call["ORD_QTY"])
        price = price_of(call["OVRS_ORD_UNPR"], kind)
        self._check_hours(kind, price)
        symbol = symbol_of(self._exchange, self._symbols, call)
        if side is Side.BUY and price * quantity > self._exchange.orderable_cash:
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
            )
        )
        return _receipt(order, MOCK_SENT[side] if call.mock else SENT)

    def change(self, call: Call) -> Answer:
        """Answer POST /trading/order-rvsecncl: revise a limit order or cancel any."""
        self._check_open()
        original = self._original(call)
        if call["RVSE_CNCL_DVSN_CD"] == "02":
            row = self._cancel(original, call)
        elif call["RVSE_CNCL_DVSN_CD"] == "01":
            row = self._revise(original, call)
        else:
            raise KisRefusalError("APBK1269", "정정취소구분 입력오류입니다.")
        return _receipt(row, MOCK_CHANGED if call.mock else SENT)

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

    def _check_open(self) -> None:
        now = self._exchange.now
        if self._exchange.phase is Phase.CLOSED:
            raise KisRefusalError(*CLOSED)
        if self._exchange.timetable.gateway_is_warming_up(now):
            raise KisRefusalError(*NO_ROUTE, rt_cd="1", status=500)

    def _check_hours(self, kind: OrderType, price: Decimal) -> None:
        self._check_open()
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

    def _original(self, call: Call) -> Order:
        number = call["ORGN_ODNO"]
        if not WHOLE.fullmatch(number):
            raise KisRefusalError(*NO_ORIGINAL)
        order = self._exchange.book.orders.get((self._exchange.today, int(number)))
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

    def _revise(self, original: Order, call: Call) -> Order:
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
        if original.side is Side.BUY and price * quantity > self._exchange.orderable_cash + freed:
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
            ),
            original=original,
        )


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

"""The desk of the daytime market (미국주간거래): ten to four in Seoul, limit orders, real only.

A made-up market has no daytime trades: an order executes at the last price where it satisfies it,
or rests until the daytime market ends.
"""

from datetime import date

from kis.simulator.desks.counter import Counter, price_of
from kis.simulator.desks.protocol import Answer, Call, KisRefusalError
from kis.simulator.desks.refusals import CLOSED, NO_PRICE, WRONG_TYPE
from kis.simulator.exchange import Exchange
from kis.simulator.model import SEOUL, ZERO, OrderType, Side
from kis.simulator.timetable import daytime

BUY_ID = "TTTS6036U"
# KIS's page has no words of its own for the wrong hour; the day's order desk says the first half.
NOT_NOW = (CLOSED[0], "장운영시간이 아닙니다.")


class DaytimeDesk:
    """Takes orders of the session to come, and changes of them."""

    def __init__(self, exchange: Exchange, counter: Counter) -> None:
        self._exchange = exchange
        self._counter = counter

    def order(self, call: Call) -> Answer:
        """Answer POST daytime-order."""
        day = self._day()
        if call["ORD_DVSN"] != "00":
            raise KisRefusalError(*WRONG_TYPE)
        price = price_of(call["OVRS_ORD_UNPR"], OrderType.LIMIT)
        if price == ZERO:
            raise KisRefusalError(*NO_PRICE)
        side = Side.BUY if call.tr_id == BUY_ID else Side.SELL
        return self._counter.take(call, side, OrderType.LIMIT, price, day)

    def change(self, call: Call) -> Answer:
        """Answer POST daytime-order-rvsecncl."""
        return self._counter.amend(call, self._day())

    def _day(self) -> date:
        """Give the session that the daytime market stands ahead of, or raise KIS's refusal."""
        now = self._exchange.now
        day = now.astimezone(SEOUL).date()
        begins, ends = daytime(day)
        if day not in self._exchange.timetable.by_day or not begins <= now < ends:
            raise KisRefusalError(*NOT_NOW)
        return day

"""Reservation orders: kept over the day, and sent at the regular open (kis.md, section 5.3).

Cash and shares are looked at when they are sent, not when they are taken in; a day without a
session moves them to the next. What they become are day orders like any other.
"""

from dataclasses import replace
from datetime import date, datetime, time

from kis.simulator.exchange import Exchange
from kis.simulator.happenings import Request
from kis.simulator.model import NEW_YORK, SEOUL, Order, OrderKey, Reservation, Side
from kis.simulator.store import Store

ENTRY_BEGINS = time(10, 0)
ENTRY_ENDS_IN_NEW_YORK = time(9, 20)
SETTLING_BEGINS = time(16, 30)
SETTLING_ENDS = time(16, 45)
NO_CASH = "매수증거금 부족"
NO_SHARES = "매도가능수량 부족"


def entry_is_open(now: datetime) -> bool:
    """Tell whether reservations are taken: from ten in Seoul until ten minutes before the open.

    Not while KIS settles, half past four to a quarter to five.
    """
    seoul = now.astimezone(SEOUL)
    # The open of a US date comes on the evening of the same date in Seoul.
    begins = datetime.combine(seoul.date(), ENTRY_BEGINS, SEOUL)
    ends = datetime.combine(seoul.date(), ENTRY_ENDS_IN_NEW_YORK, NEW_YORK)
    return begins <= now < ends and not SETTLING_BEGINS <= seoul.time() < SETTLING_ENDS


class Reservations:
    """Every reservation of the account, written to the store as it changes."""

    def __init__(self, exchange: Exchange, store: Store) -> None:
        self._exchange = exchange
        self._store = store
        self.kept = {reservation.key: reservation for reservation in store.reservations()}
        exchange.before_the_open = self._send

    def take(self, request: Request) -> Reservation:
        """Keep an order whose words the desk has checked, under the Seoul date's next number."""
        day = self._exchange.now.astimezone(SEOUL).date()
        reservation = Reservation(
            day=day,
            number=self._last_number(day) + 1,
            symbol=request.symbol,
            exchange=request.exchange,
            side=request.side,
            type=request.type,
            quantity=request.quantity,
            price=request.price,
            at=self._exchange.now,
            by_hand=request.by_hand,
            mock=request.mock,
        )
        self._put(reservation)
        return reservation

    def cancel(self, key: OrderKey) -> Reservation | None:
        """Cancel a reservation that still waits; None when there is none such."""
        reservation = self.kept.get(key)
        if reservation is None or not reservation.waiting:
            return None
        cancelled = replace(reservation, cancelled=True)
        self._put(cancelled)
        return cancelled

    def order_of(self, reservation: Reservation) -> Order | None:
        """Give the order that a reservation has become."""
        key = reservation.order_key
        return None if key is None else self._exchange.book.orders[key]

    def _last_number(self, day: date) -> int:
        return max((number for kept, number in self.kept if kept == day), default=0)

    def _put(self, reservation: Reservation) -> None:
        self.kept[reservation.key] = reservation
        self._store.save_reservation(reservation)

    def _send(self) -> None:
        for reservation in [one for one in self.kept.values() if one.waiting]:
            sent = replace(reservation, sent_at=self._exchange.now)
            refusal = self._shortage(reservation)
            if refusal:
                self._put(replace(sent, refusal=refusal))
                continue
            order = self._exchange.submit(
                Request(
                    symbol=reservation.symbol,
                    exchange=reservation.exchange,
                    side=reservation.side,
                    type=reservation.type,
                    quantity=reservation.quantity,
                    price=reservation.price,
                    mock=reservation.mock,
                    by_hand=reservation.by_hand,
                )
            )
            self._put(replace(sent, order_day=order.day, order_number=order.number))

    def _shortage(self, reservation: Reservation) -> str:
        if reservation.side is Side.BUY:
            cost = reservation.price * reservation.quantity
            return NO_CASH if cost > self._exchange.orderable_cash else ""
        free = self._exchange.orderable_quantity(reservation.symbol)
        return NO_SHARES if reservation.quantity > free else ""

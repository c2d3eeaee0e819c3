"""The order book: numbers by US date, open orders and what they reserve."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal

from kis.simulator.happenings import Request
from kis.simulator.model import ZERO, End, Order, OrderKey, RowKind, Side
from kis.simulator.store import Store


class Book:
    """Every order of the account, written to the store as it changes."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.orders: dict[OrderKey, Order] = {}
        self._live: dict[OrderKey, Order] = {}
        self._numbers: dict[date, int] = {}
        self.watchers: list[Callable[[Order | None, Order], None]] = []
        for order in store.orders():
            self._place(order)

    def _place(self, order: Order) -> None:
        self.orders[order.key] = order
        self._numbers[order.day] = max(self._numbers.get(order.day, 0), order.number)
        if order.reported_end is None:
            self._live[order.key] = order
        else:
            self._live.pop(order.key, None)

    def put(self, order: Order) -> None:
        """Write an order's new state; the watchers hear of it with the one before."""
        before = self.orders.get(order.key)
        self._place(order)
        for watcher in self.watchers:
            watcher(before, order)
        self._store.save_orders([order])

    def add(
        self, *, day: date, at: datetime, request: Request, original: Order | None = None
    ) -> Order:
        """Give a new order, or a revision of `original`, the day's next number."""
        order = Order(
            day=day,
            number=self._numbers.get(day, 0) + 1,
            symbol=request.symbol,
            exchange=request.exchange,
            side=request.side,
            type=request.type,
            quantity=request.quantity,
            price=request.price,
            at=at,
            mock=request.mock,
            kind=RowKind.NEW if original is None else RowKind.REVISION,
            original=None if original is None else original.number,
            by_hand=request.by_hand,
        )
        self.put(order)
        return order

    def add_cancel(
        self, *, day: date, at: datetime, original: Order, quantity: int, by_hand: bool
    ) -> Order:
        """Give a cancel request its own row, finished at once."""
        order = Order(
            day=day,
            number=self._numbers.get(day, 0) + 1,
            symbol=original.symbol,
            exchange=original.exchange,
            side=original.side,
            type=original.type,
            quantity=quantity,
            price=ZERO,
            at=at,
            mock=original.mock,
            kind=RowKind.CANCEL,
            original=original.number,
            end=End.CANCELLED,
            reported_end=End.CANCELLED,
            by_hand=by_hand,
        )
        self.put(order)
        return order

    def open_orders(self, symbol: str | None = None) -> list[Order]:
        """Give the orders that may still execute, by number."""
        return [
            order
            for order in self._live.values()
            if order.end is None and symbol in {None, order.symbol}
        ]

    def shown_open(self) -> Iterator[Order]:
        """Give the orders that KIS's listings still show as unfilled."""
        return (order for order in self._live.values() if order.reported_remaining)

    def unreported(self) -> Iterator[Order]:
        """Give the orders that ended without the listings saying so yet."""
        return (order for order in self._live.values() if order.end is not None)

    def reserved_cash(self) -> Decimal:
        return sum(
            (o.price * o.reported_remaining for o in self._live.values() if o.side is Side.BUY),
            ZERO,
        )

    def reserved_quantity(self, symbol: str) -> int:
        return sum(
            order.reported_remaining
            for order in self._live.values()
            if order.side is Side.SELL and order.symbol == symbol
        )

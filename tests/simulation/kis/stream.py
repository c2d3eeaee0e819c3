"""What KIS pushes: fill notices and trades, as the client's stream would give them.

A listener is one open websocket; what happens while nobody listens is missed, as at KIS.
"""

from collections.abc import Callable, Iterable
from decimal import Decimal

from kis.models import Exchange, ExecutionNotice, MarketHours, NoticeKind, Side, Trade
from kis.models.vocabulary import SEOUL
from tests.simulation.kis.book import Order
from tests.simulation.market import Listed, Print
from tests.simulation.world import World

Item = ExecutionNotice | Trade
Deliver = Callable[[Item], None]

_EXCHANGES = {"NASD": Exchange.NASDAQ, "AMEX": Exchange.AMEX, "NYSE": Exchange.NYSE}


class Pushes:
    """The open websockets of the account's key."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._listeners: dict[int, tuple[frozenset[str], Deliver]] = {}
        self._opened = 0

    def listen(self, symbols: Iterable[str], deliver: Deliver) -> Callable[[], None]:
        """Hear of every order, and of these symbols' trades; returns its undo."""
        self._opened += 1
        number = self._opened
        self._listeners[number] = (frozenset(symbols), deliver)
        return lambda: self._forget(number)

    @property
    def heard(self) -> bool:
        """Whether anybody listens."""
        return bool(self._listeners)

    def tell(
        self, order: Order, kind: NoticeKind, quantity: int, price: Decimal, *, after: float = 0.0
    ) -> None:
        """Push a notice about an order to whoever still listens when it comes through."""
        if not self._listeners:
            return
        notice = ExecutionNotice(
            order_number=str(order.number),
            original_number=None if order.original is None else str(order.original),
            symbol=order.symbol,
            side=Side(order.side),
            kind=kind,
            quantity=quantity,
            price=price,
            order_quantity=order.quantity if kind is NoticeKind.FILLED else 0,
        )
        for number in self._listeners:
            self._deliver(number, notice, after + self._delay())

    def trade(self, listed: Listed, one: Print) -> None:
        """Push a price to those who watch its symbol."""
        if not self._listeners:
            return
        item = Trade(
            symbol=listed.symbol,
            exchange=_EXCHANGES[listed.order_code],
            price=one.price,
            quantity=100,
            day_volume=1_000_000,
            at=one.at.astimezone(SEOUL).replace(microsecond=0),
            hours=MarketHours.PRE if one.moment == "pre" else MarketHours.REGULAR,
        )
        for number, (symbols, _) in self._listeners.items():
            if listed.symbol in symbols:
                self._deliver(number, item, self._delay())

    def _delay(self) -> float:
        return self._world.chance("kis.stream").uniform(0.02, 0.3)

    def _deliver(self, number: int, item: Item, after: float) -> None:
        def arrive() -> None:
            listener = self._listeners.get(number)
            if listener is not None:
                listener[1](item)

        self._world.later(after, arrive)

    def _forget(self, number: int) -> None:
        self._listeners.pop(number, None)

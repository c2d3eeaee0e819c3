"""What the judge may ask of the broker: the truth, which the program never sees."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from tests.simulation.kis.book import ZERO, Order
from tests.simulation.kis.desk_orders import OrderDesk
from tests.simulation.kis.exchange import Exchange


class Truth:
    """The broker's own figures. Numbers of orders are without leading zeros."""

    def __init__(self, exchange: Exchange, orders: OrderDesk) -> None:
        self._exchange = exchange
        self._orders = orders

    @property
    def holdings(self) -> dict[str, int]:
        """Give the shares that the account holds at this instant."""
        positions = self._exchange.account.positions
        return {symbol: each.quantity for symbol, each in positions.items() if each.quantity}

    @property
    def cost(self) -> dict[str, Decimal]:
        """Give what the shares cost (USD, without commission)."""
        positions = self._exchange.account.positions
        return {symbol: each.cost for symbol, each in positions.items() if each.quantity}

    def order_of(self, request: int) -> Order | None:
        """Give the order that a request brought about; None when it brought about none."""
        return self._orders.accepted.get(request)

    def reached(self, request: int) -> bool:
        """Tell whether a request came as far as the order system, taken or refused there."""
        return request in self._orders.reached

    def orders(self, session: date) -> list[Order]:
        """Give every order of a session, by the program and by hand, without cancel requests."""
        return [each for each in self._exchange.book.get(session, []) if each.original is None]

    def accepted_usd(self, session: date) -> Decimal:
        """Give what the program's buys of a session cost at the worst close (settled.md)."""
        ours = [
            each
            for each in self.orders(session)
            if each.request is not None and each.side == "buy" and each.state != "rejected"
        ]
        symbols = {each.symbol for each in ours}
        return sum(
            (worst_close([each for each in ours if each.symbol == symbol]) for symbol in symbols),
            start=ZERO,
        )


def worst_close(buys: Iterable[Order]) -> Decimal:
    """Give the most that buys of one symbol can cost: every close c, and limits at their price."""
    limits, auction = ZERO, []
    for each in buys:
        if each.state == "cancelled":
            limits += each.amount
        elif each.kind == "limit":
            limits += each.price * each.quantity
        else:
            auction.append(each)
    at_a_close = [
        close * sum(each.quantity for each in auction if each.price >= close)
        for close in {each.price for each in auction}
    ]
    return limits + max(at_a_close, default=ZERO)

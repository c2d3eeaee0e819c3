"""What a customer asks of the exchange, and what the exchange tells its listeners."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from kis.simulator.model import Fill, Order, OrderType, Side


@dataclass(frozen=True, slots=True)
class Accepted:
    """An order, a revision or a cancel request was taken in."""

    order: Order


@dataclass(frozen=True, slots=True)
class Executed:
    """A fill became known to the customer."""

    order: Order
    fill: Fill


@dataclass(frozen=True, slots=True)
class Refused:
    """An order was turned down, at once or after its number was given."""

    order: Order


@dataclass(frozen=True, slots=True)
class Traded:
    """A regular trade was printed."""

    symbol: str
    at: datetime
    price: Decimal
    volume: int


Happening = Accepted | Executed | Refused | Traded


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A new order as the customer words it; price is 0 for market types.

    `day` is the US date where it is not the clock's: the daytime market's, which trades by itself.
    """

    symbol: str
    exchange: str
    side: Side
    type: OrderType
    quantity: int
    price: Decimal
    mock: bool = False
    by_hand: bool = False
    day: date | None = None

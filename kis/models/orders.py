"""Orders, reservations and what became of them.

Order numbers are without leading zeros: KIS pads them in some answers and not in others. They
are given out anew every day, so (order date, order number) is the key of an order.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from kis.models.vocabulary import SYMBOL, Exchange, OrderKind, Side


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderRequest:
    """One order. A LIMIT or LOC has a price on the tick; a MOC has none and is a sell."""

    symbol: str
    exchange: Exchange
    side: Side
    kind: OrderKind
    quantity: int
    price: Decimal | None

    def __post_init__(self) -> None:
        if not SYMBOL.fullmatch(self.symbol):
            raise ValueError(f"not a symbol: {self.symbol!r}")
        if isinstance(self.quantity, bool) or self.quantity < 1:
            raise ValueError(f"an order is for whole shares, not {self.quantity}")
        if self.kind is OrderKind.MOC:
            if self.side is not Side.SELL:
                raise ValueError("KIS takes MOC orders for sells only")
            if self.price is not None:
                raise ValueError("a MOC order has no price")
        elif self.price is None or not self.price.is_finite() or self.price <= 0:
            raise ValueError(f"a {self.kind} order needs a price, not {self.price}")


@dataclass(frozen=True, kw_only=True, slots=True)
class ReservationRequest:
    """An order for KIS to keep and send at the regular open; without a price a sell at the open.

    KIS checks neither margin nor holdings when it takes one in: it may fail when it is sent.
    """

    symbol: str
    exchange: Exchange
    side: Side
    quantity: int
    price: Decimal | None

    def __post_init__(self) -> None:
        if not SYMBOL.fullmatch(self.symbol):
            raise ValueError(f"not a symbol: {self.symbol!r}")
        if isinstance(self.quantity, bool) or self.quantity < 1:
            raise ValueError(f"an order is for whole shares, not {self.quantity}")
        if self.price is None:
            if self.side is not Side.SELL:
                raise ValueError("KIS takes reservations without a price for sells only")
        elif not self.price.is_finite() or self.price <= 0:
            raise ValueError(f"a reservation needs a price, not {self.price}")


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderReceipt:
    """KIS took the order in (sent, not yet accepted by the exchange); the time is Seoul's."""

    order_number: str
    accepted_time: time | None


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderRow:
    """A row of orders and fills. A cancel is a row of its own that names its original.

    `order_date` is the US date; `ordered_at` is Seoul time; `filled` is cumulative;
    `filled_price` is None until something filled; `price` is 0 for MOC and cancels;
    `filled_amount` is gross USD where KIS gives it; `media` is "OpenAPI" for orders of programs.
    """

    order_date: date
    order_number: str
    original_number: str | None
    symbol: str
    exchange: Exchange | None
    side: Side
    cancel: bool
    quantity: int
    price: Decimal
    filled: int
    filled_price: Decimal | None
    filled_amount: Decimal | None
    open_quantity: int
    status: str
    refusal: str
    ordered_at: datetime | None
    media: str


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenOrder:
    """An order that still works; KIS does not say whether it is a limit or a LOC."""

    order_date: date
    order_number: str
    original_number: str | None
    symbol: str
    exchange: Exchange | None
    side: Side
    quantity: int
    price: Decimal
    filled: int
    open_quantity: int
    order_time: time | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ReservationOrder:
    """An order that KIS keeps and sends at the regular open, good for that session alone.

    Received by Seoul's date and clock. `price` is 0 for MOO. `order_date` (US) and `order_number`
    are None until it is sent; `refusal` says why it could not be. `status` is in KIS's words.
    """

    received_date: date
    received_time: time | None
    reservation_number: str
    order_date: date | None
    order_number: str | None
    symbol: str
    exchange: Exchange | None
    side: Side
    quantity: int
    price: Decimal
    filled: int
    cancelled: bool
    refusal: str
    status: str

    @property
    def waiting(self) -> bool:
        """Whether it may still become an order: not cancelled, not sent, not turned down."""
        return not self.cancelled and self.order_number is None and not self.refusal

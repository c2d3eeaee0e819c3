"""What the counter takes and gives: frozen values, money in USD as Decimal, shares as int.

Order numbers are without leading zeros: KIS pads them in some answers and not in others. They
are given out anew every day, so (order date, order number) is the key of an order.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

SEOUL = ZoneInfo("Asia/Seoul")
NEW_YORK = ZoneInfo("America/New_York")

_SYMBOL = re.compile(r"[A-Z0-9][A-Z0-9./-]{0,11}")
_ACCOUNT = re.compile(r"[0-9]{8}-[0-9]{2}")

T = TypeVar("T")


class Side(StrEnum):
    BUY = "buy"
    SELL = "sell"


class OrderKind(StrEnum):
    """How an order meets the market; MOC is for sells only."""

    LIMIT = "limit"
    LOC = "loc"
    MOC = "moc"


class Exchange(StrEnum):
    """Where a symbol is listed as KIS names it: NYSE Arca (SOXL) is AMEX."""

    NASDAQ = "NASDAQ"
    NYSE = "NYSE"
    AMEX = "AMEX"


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class Credentials:
    """The keys of one account ("12345678-01") and the login id that fill notices need."""

    app_key: str
    app_secret: str
    account: str
    hts_id: str

    def __post_init__(self) -> None:
        if not _ACCOUNT.fullmatch(self.account):
            raise ValueError("an account reads 12345678-01")

    def __repr__(self) -> str:
        return "Credentials(...)"

    @property
    def cano(self) -> str:
        return self.account[:8]

    @property
    def product(self) -> str:
        return self.account[9:]


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
        if not _SYMBOL.fullmatch(self.symbol):
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Holding:
    """Shares held by execution; `orderable` is what open sells leave.

    `average` is KIS's own (`pchs_avg_pric`, USD, 4 decimals) and moves with fees the morning after.
    """

    symbol: str
    exchange: Exchange | None
    quantity: int
    orderable: int
    average: Decimal
    last: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class BuyingPower:
    """What can be bought, in USD: in 외화 mode, and with 통합증거금 (`orderable_integrated`).

    `max_quantity` is in shares at the price asked about, in 외화 mode; `exchange_rate` is KRW.
    """

    cash: Decimal
    orderable: Decimal
    orderable_integrated: Decimal
    max_quantity: int
    exchange_rate: Decimal | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Quote:
    """The last price and the previous close."""

    symbol: str
    exchange: Exchange
    last: Decimal
    previous_close: Decimal
    volume: int


@dataclass(frozen=True, kw_only=True, slots=True)
class DailyBar:
    """One US session of a symbol."""

    day: date
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing(Generic[T]):
    """Rows, and whether they are all there are. Absence may be believed only when complete."""

    rows: tuple[T, ...]
    complete: bool


class MarketHours(StrEnum):
    REGULAR = "regular"
    PRE = "pre"
    AFTER = "after"


@dataclass(frozen=True, kw_only=True, slots=True)
class Trade:
    """A trade seen on the websocket: a hint, never a figure to size an order by. `at`: Seoul."""

    symbol: str
    exchange: Exchange
    price: Decimal
    quantity: int
    day_volume: int
    at: datetime
    hours: MarketHours | None


class NoticeKind(StrEnum):
    ACCEPTED = "accepted"
    FILLED = "filled"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    REVISED = "revised"


@dataclass(frozen=True, kw_only=True, slots=True)
class ExecutionNotice:
    """What KIS pushed about one order of ours: a hint, to be confirmed by a listing.

    On a fill `quantity` and `price` are that execution's alone; otherwise they are the order's.
    """

    order_number: str
    original_number: str | None
    symbol: str
    side: Side
    kind: NoticeKind
    quantity: int
    price: Decimal
    order_quantity: int


class StreamStateKind(StrEnum):
    """`REFUSED` ends the stream; `SUBSCRIPTION_REFUSED` is one subscription that KIS declined."""

    CONNECTED = "connected"
    DISCONNECTED = "disconnected"
    REFUSED = "refused"
    SUBSCRIPTION_REFUSED = "subscription_refused"


@dataclass(frozen=True, kw_only=True, slots=True)
class StreamState:
    """What became of the websocket; after DISCONNECTED it comes back by itself."""

    kind: StreamStateKind
    reason: str = ""

"""The simulator's vocabulary: sessions, bars, orders and fills as values."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

NEW_YORK = ZoneInfo("America/New_York")
SEOUL = ZoneInfo("Asia/Seoul")
CENT = Decimal("0.01")
ZERO = Decimal(0)


def cents(amount: Decimal) -> Decimal:
    """Round an amount in USD half-up to the cent."""
    return amount.quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Session:
    """One regular session of the New York exchanges; `open` and `close` are aware."""

    day: date
    open: datetime
    close: datetime


@dataclass(frozen=True, slots=True)
class Bar:
    """One official daily bar in USD; `close` is the closing auction's price."""

    day: date
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: int


@dataclass(frozen=True, slots=True)
class Split:
    """`old` shares of a symbol become `new` from the pre-market of `day` on (US date).

    Prices move the other way: 2 for 1 halves them, 1 for 10 makes them ten times as high.
    """

    symbol: str
    day: date
    new: int
    old: int

    def __post_init__(self) -> None:
        if self.new < 1 or self.old < 1 or self.new == self.old:
            raise ValueError(f"a split of {self.symbol} needs two different counts from 1")


class Phase(StrEnum):
    """Where a New York day stands."""

    PRE = "pre"
    REGULAR = "regular"
    AFTER = "after"
    CLOSED = "closed"


class Side(StrEnum):
    BUY = "buy"
    SELL = "sell"


class OrderType(StrEnum):
    LIMIT = "LIMIT"
    LOC = "LOC"
    MOC = "MOC"
    LOO = "LOO"
    MOO = "MOO"

    @property
    def has_limit(self) -> bool:
        return self not in {OrderType.MOC, OrderType.MOO}

    @property
    def at_the_close(self) -> bool:
        return self in {OrderType.LOC, OrderType.MOC}

    @property
    def at_the_open(self) -> bool:
        return self in {OrderType.LOO, OrderType.MOO}


class RowKind(StrEnum):
    """Why a row stands in the order book: a new order, a revision or a cancel request."""

    NEW = "00"
    REVISION = "01"
    CANCEL = "02"


class End(StrEnum):
    """How an order came to its end."""

    FILLED = "filled"
    CANCELLED = "cancelled"
    REVISED = "revised"
    EXPIRED = "expired"
    REFUSED = "refused"


OrderKey = tuple[date, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One row of the order book.

    `day` is the US date, `number` restarts every US date. `filled`, `amount` and `end` are what
    happened at the exchange; the `reported_` twins are what KIS's listings already show. `reason`
    says why it ended where that is not plain.
    """

    day: date
    number: int
    symbol: str
    exchange: str
    side: Side
    type: OrderType
    quantity: int
    price: Decimal
    at: datetime
    mock: bool
    kind: RowKind = RowKind.NEW
    original: int | None = None
    cancelled: int = 0
    filled: int = 0
    amount: Decimal = ZERO
    fee: Decimal = ZERO
    end: End | None = None
    reported_filled: int = 0
    reported_amount: Decimal = ZERO
    reported_end: End | None = None
    hidden_until: datetime | None = None
    by_hand: bool = False
    reason: str = ""

    @property
    def key(self) -> OrderKey:
        return (self.day, self.number)

    @property
    def remaining(self) -> int:
        """Shares that may still execute at the exchange."""
        return 0 if self.end else self.quantity - self.cancelled - self.filled

    @property
    def reported_remaining(self) -> int:
        """Shares that KIS's listings show as unfilled."""
        return 0 if self.reported_end else self.quantity - self.cancelled - self.reported_filled


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """One execution; `reported` says whether listings and balances show it yet."""

    day: date
    number: int
    symbol: str
    side: Side
    quantity: int
    price: Decimal
    fee: Decimal
    at: datetime
    reported: bool

    @property
    def amount(self) -> Decimal:
        return self.price * self.quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """An order that is kept until the next regular open, and then becomes one.

    `day` is Seoul's date of entry, with which `number` restarts. `order_day` and `order_number`
    name the order it became, `sent_at` when; `refusal` says why it became none.
    """

    day: date
    number: int
    symbol: str
    exchange: str
    side: Side
    type: OrderType
    quantity: int
    price: Decimal
    at: datetime
    by_hand: bool
    mock: bool
    cancelled: bool = False
    sent_at: datetime | None = None
    order_day: date | None = None
    order_number: int | None = None
    refusal: str = ""

    @property
    def key(self) -> OrderKey:
        return (self.day, self.number)

    @property
    def waiting(self) -> bool:
        return not self.cancelled and self.sent_at is None

    @property
    def order_key(self) -> OrderKey | None:
        if self.order_day is None or self.order_number is None:
            return None
        return (self.order_day, self.order_number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """A position set by hand once the account had so many fills; `cost` is USD."""

    after: int
    symbol: str
    quantity: int
    cost: Decimal

"""What comes over the websocket: hints, to be confirmed by a listing."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from kis.models.prices import Level
from kis.models.vocabulary import Exchange, Side


class MarketHours(StrEnum):
    REGULAR = "regular"
    PRE = "pre"
    AFTER = "after"


class Feed(StrEnum):
    """What may be watched of a symbol."""

    TRADES = "trades"
    BOOKS = "books"
    NOTICES = "notices"


class Trade(NamedTuple):
    """A trade seen on the websocket: a hint, never a figure to size an order by.

    `price` in USD, `at` in Seoul time, to the second; `day_volume` includes this trade. A tuple,
    because thousands come in a second and making one costs a tenth of a dataclass.
    """

    symbol: str
    exchange: Exchange
    price: Decimal
    quantity: int
    day_volume: int
    at: datetime
    hours: MarketHours | None


class DomesticTrade(NamedTuple):
    """A trade of a KRX symbol (six characters): `price` in KRW, all else as with Trade."""

    symbol: str
    price: Decimal
    quantity: int
    day_volume: int
    at: datetime
    hours: MarketHours | None


@dataclass(frozen=True, kw_only=True, slots=True)
class DomesticBook:
    """The ten best bids (highest first) and asks (lowest first) of a KRX symbol, in KRW.

    `at` is in Seoul time; KIS sends no date with it, so the date is the one of its receipt.
    """

    symbol: str
    bids: tuple[Level, ...]
    asks: tuple[Level, ...]
    at: datetime


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


@dataclass(frozen=True, kw_only=True, slots=True)
class DomesticNotice:
    """What KIS pushed about one order at KRX, with prices in KRW; as with ExecutionNotice."""

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


@dataclass(frozen=True, kw_only=True, slots=True)
class StreamGap:
    """Between `start` and `end` (aware) something may have happened that was not seen.

    It comes before the first item after the gap. `symbols` is empty for notices. `missed` is the
    number of shares, or of items that nobody fetched, where it is known.
    """

    start: datetime
    end: datetime
    reason: str
    symbols: tuple[str, ...]
    feed: Feed = Feed.TRADES
    missed: int | None = None

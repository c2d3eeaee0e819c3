"""What comes over the websocket: hints, to be confirmed by a listing."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from kis.models.vocabulary import Exchange, Side


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

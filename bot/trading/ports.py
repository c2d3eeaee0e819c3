"""What trading asks of the broker's counter, and the answers it can get.

There are two sides to this protocol: `trading.broker` over KIS, and the tests' own counter. Prices
are USD, `session` is a New York session date, order numbers carry no leading zeros.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Protocol

from bot.trading.model import RestingOrder, Slot
from strategy.changes import ShareSplit
from strategy.model import Bar, Side


@dataclass(frozen=True, kw_only=True, slots=True)
class Accepted:
    """The broker gave the order its number."""

    order_number: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Refused:
    """The broker refused for good; `outside_hours` when only the hour was wrong.

    `lacks` is "usd" or "shares" where the account has too little of them, else "".
    """

    code: str
    message: str
    outside_hours: bool = False
    lacks: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class GatewayRefused:
    """The gateway turned the order away before the order system: it may go again."""

    code: str
    message: str


@dataclass(frozen=True, kw_only=True, slots=True)
class NotSent:
    """No byte left this machine."""

    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Unknown:
    """No clear answer: the order may or may not stand."""

    reason: str


PlaceAnswer = Accepted | Refused | GatewayRefused | NotSent | Unknown


@dataclass(frozen=True, kw_only=True, slots=True)
class BrokerOrder:
    """One row of the broker's list of orders and fills. `filled_price` is the mean price."""

    order_number: str
    original_number: str
    symbol: str
    side: Side
    is_cancel: bool
    quantity: int
    price: Decimal
    filled: int
    filled_price: Decimal
    open_quantity: int
    done: bool
    refusal: str
    ordered_at: datetime | None
    by_api: bool


class BrokerSilent(Exception):
    """A question to the broker got no usable answer; the message says why, without secrets."""


class NotListed(BrokerSilent):
    """The broker shows no such symbol on any exchange."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderList:
    """The broker's orders of a session; `complete` only when every page was read.

    `reason` says why it is not, "" where it is.
    """

    orders: tuple[BrokerOrder, ...]
    complete: bool
    reason: str = ""

    def silence(self) -> BrokerSilent:
        """Make the error of a list that nothing can be concluded from."""
        return BrokerSilent(f"the list of orders is incomplete: {self.reason}".rstrip(": "))


@dataclass(frozen=True, kw_only=True, slots=True)
class Touch:
    """The best bid and ask of a symbol (USD).

    `traded`: the venue shows no book, and the last trade's price stands for both.
    """

    bid: Decimal
    ask: Decimal
    traded: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """What the account holds of a symbol: shares, and the broker's own average (USD)."""

    quantity: int
    average: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class RestingList:
    """Every order that rests on a symbol, ours too.

    `complete` only when every page was read; `reservations` only where the broker lists those too.
    """

    orders: tuple[RestingOrder, ...]
    complete: bool
    reservations: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Announced:
    """A right that the broker announces for a Seoul date: a split, or a dividend.

    `cash` is USD a share, before tax; None for a split.
    """

    symbol: str
    day: date
    split: ShareSplit | None
    cash: Decimal | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Meaning:
    """What the broker's own words mean, and what the owner can do: Korean and English of each.

    It is looked up when something is told: the journal keeps the broker's code and words alone.
    """

    cause: tuple[str, str]
    remedy: tuple[str, str]


Explain = Callable[[str], Meaning | None]
"""Say what a reason with a code or words of the broker's in it means, where that is known."""


class Broker(Protocol):
    """The counter. Questions raise BrokerSilent; `place` and `cancel` answer, never raise it."""

    async def ready(self, valid_for: timedelta) -> None:
        """See to it that no log-in stands between a journalled order and its first byte."""

    async def bars(self, symbol: str, *, before: date, count: int) -> Sequence[Bar]:
        """Read the last official daily bars of sessions before a date, oldest first.

        Prices are as they were traded: no share split is worked into them.
        """

    async def last_price(self, symbol: str) -> Decimal: ...

    async def orderable_usd(self, symbol: str) -> Decimal:
        """Read for how many USD buys may be ordered now, by the broker's own figure."""

    async def quantity(self, symbol: str) -> int:
        """Read how many shares the account holds, executions of today included."""

    async def holding(self, symbol: str) -> Held: ...

    async def resting(self, symbol: str, *, today: date) -> RestingList:
        """List what rests on a symbol; `today` is the date in Seoul."""

    async def orders(self, session: date) -> OrderList: ...

    async def money(self, symbol: str) -> Decimal | None:
        """Read the USD that could be spent, executions included, less what open buys hold back.

        None where the account's won stand in for dollars: then they say nothing about dollars.
        """

    async def announced(self, symbol: str, start: date, end: date) -> Sequence[Announced]:
        """List a symbol's splits and dividends; nothing where the broker announces none."""

    async def place(self, slot: Slot) -> PlaceAnswer: ...

    async def cancel(self, slot: Slot, order_number: str, open_quantity: int) -> PlaceAnswer: ...

"""What is asked of the broker about money and prices because somebody wants to know.

Nothing here sizes or sends an order. There are two sides to this protocol: `trading.broker_teller`
over KIS, and the tests' own. Money is USD unless a name says KRW, rates are KRW a dollar.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from strategy.model import Side


@dataclass(frozen=True, kw_only=True, slots=True)
class Purse:
    """The account's money. None is what the venue does not tell.

    `orderable` is without won, `integrated` with 통합증거금 (equal where it is off). `won` is the
    deposit in KRW as the broker sums it up, `assets` everything the account is worth in KRW.
    """

    orderable: Decimal
    integrated: Decimal
    cash: Decimal
    rate: Decimal | None
    withdrawable: Decimal | None = None
    won: Decimal | None = None
    assets: Decimal | None = None
    unsettled_buys: Decimal | None = None
    unsettled_sells: Decimal | None = None

    @property
    def uses_won(self) -> bool:
        """Tell whether won stand in for dollars (통합증거금)."""
        return self.integrated > self.orderable


@dataclass(frozen=True, kw_only=True, slots=True)
class Quoted:
    """A symbol's price. None is what the venue does not tell, or what did not happen today yet."""

    symbol: str
    last: Decimal
    previous_close: Decimal
    volume: int
    open: Decimal | None = None
    high: Decimal | None = None
    low: Decimal | None = None
    year_high: Decimal | None = None
    year_low: Decimal | None = None
    rate: Decimal | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class MinuteSeen:
    """The prices of some minutes from `at` (aware) on."""

    at: datetime
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Charge:
    """What the broker took for the trades of a symbol on one side of a session.

    `settled` is the broker's own settlement date, `rate` the one it fixed for it, if it has.
    """

    session: date
    settled: date
    symbol: str
    side: Side
    quantity: int
    amount: Decimal
    fee: Decimal
    rate: Decimal | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Charges:
    """The charges of a period; `complete` only when every page was read."""

    rows: tuple[Charge, ...]
    complete: bool


class Teller(Protocol):
    """The counter's window for questions. All raise BrokerSilent."""

    async def purse(self, symbol: str) -> Purse: ...

    async def quoted(self, symbol: str) -> Quoted:
        """Read a symbol's price; BrokerSilent says so where there is no such symbol."""

    async def minutes(
        self, symbol: str, *, minutes: int, since: datetime
    ) -> Sequence[MinuteSeen] | None:
        """Read bars of so many minutes, oldest first; None where the venue has none."""

    async def charges(self, start: date, end: date) -> Charges | None:
        """Read what trades cost from one session to another; None where the venue does not tell."""

    def rate_heard(self) -> Decimal | None:
        """Give the rate that came with the last answer about money, once; None for nothing new."""

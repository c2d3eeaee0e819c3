"""What may be asked of the broker because somebody wants to know; nothing is decided by it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from bot.commands.command import Command
from bot.reports.outlook import Outlook
from bot.runway import Runway
from bot.tax import Books, CostMethod
from bot.trading.ports_money import MinuteSeen, Purse, Quoted
from strategy.model import Bar

MINUTES = 5
"""How many minutes a bar of the minute chart has: a session fits one answer of KIS's."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AskBalance(Command["Balance"]):
    """Ask what money the account has. Raises `Refusal` when the broker is silent."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Balance:
    """The account's money at an aware instant, and for how many sessions it lasts."""

    at: datetime
    purse: Purse
    runway: Runway


@dataclass(frozen=True, kw_only=True, slots=True)
class AskRate(Command["Rate"]):
    """Ask for the won against the dollar. Raises `Refusal` when the broker is silent."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rate:
    """KRW a dollar at an aware instant; `rate` None where the venue does not tell.

    `banks_open`: won are exchanged at that hour; `banks_next` is when they are again, else.
    """

    at: datetime
    rate: Decimal | None
    banks_open: bool
    banks_next: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class AskPrice(Command["Price"]):
    """Ask for a symbol's price and, with `chart`, its minutes of the session.

    Raises `Refusal` when the broker is silent, or shows no such symbol.
    """

    symbol: str
    chart: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Price:
    """A symbol at an aware instant; `minutes` is empty where there are none to show."""

    at: datetime
    quoted: Quoted
    minutes: tuple[MinuteSeen, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class AskTax(Command["Taxed"]):
    """Ask how a year (None: this one) is taxed. Raises `Refusal` while no rate can be had."""

    year: int | None = None
    method: CostMethod = CostMethod.FIFO


@dataclass(frozen=True, kw_only=True, slots=True)
class Taxed:
    """Every sale as it is taxed, and the lots that are left.

    `last_session` is the last whose trades settle in `year`; `day` and `rate` are the newest rate
    that is known, `settles` when a sale of the coming session would settle in Seoul.
    """

    year: int
    books: Books
    last_session: date
    day: date
    rate: Decimal
    settles: date


@dataclass(frozen=True, kw_only=True, slots=True)
class AskBars(Command[tuple[Bar, ...]]):
    """Ask for a symbol's last daily bars, as traded (USD), oldest first; fewer where KIS has fewer.

    Only sessions that are over. Raises `Refusal` when the broker is silent, or shows no such
    symbol.
    """

    symbol: str
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class AskOutlook(Command[Outlook]):
    """Ask how likely a cycle's units run out; a second of work, in slices.

    Raises `Refusal` when the broker is silent, or there is no such cycle.
    """

    cycle_id: int

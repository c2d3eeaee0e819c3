"""What KIS knows about symbols and days: listings, settlement days, splits and dividends."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from kis.models.vocabulary import Exchange


@dataclass(frozen=True, kw_only=True, slots=True)
class SymbolInfo:
    """Where a US symbol is listed and whether it trades.

    `etf` is KIS's own class of the symbol; `suspended` is what KIS says about trading in it, and
    lags; `daytime` tells whether it trades in Seoul's daytime too.
    """

    symbol: str
    exchange: Exchange
    name: str
    english_name: str
    currency: str
    etf: bool
    listed: bool
    suspended: bool
    daytime: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Settlement:
    """When a trade of the asked day settles: at its own market, and in Seoul.

    `product` is KIS's code of the market (512 for NASDAQ); `exchange` is None for a market that is
    not one of the three of the US.
    """

    product: str
    exchange: Exchange | None
    country: str
    market: str
    local: date
    seoul: date


class RightKind(StrEnum):
    """What an announcement is about; OTHER is every kind that a plain holder need not act on."""

    SPLIT = "split"
    REVERSE_SPLIT = "reverse split"
    STOCK_DIVIDEND = "stock dividend"
    DIVIDEND = "dividend"
    SPECIAL_DIVIDEND = "special dividend"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True, slots=True)
class Right:
    """A split, a dividend or another right, as KIS announced it.

    `local_day` is KIS's date at the market and `seoul_day` the one in Seoul; for one split KIS was
    seen to list several of both, the last weekday in Seoul being the first session at the new
    shares. `ratio` is new shares for each old one (4 for 4:1, 0.125 for 1:8), None for what is not
    a split. `cash` is per share in `currency`, None where there is none. `confirmed` is False
    while KIS may still change it.
    """

    symbol: str
    name: str
    kind: RightKind
    code: str
    local_day: date | None
    seoul_day: date
    ratio: Decimal | None
    cash: Decimal | None
    currency: str
    confirmed: bool

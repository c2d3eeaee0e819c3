"""Prices that are asked for, in USD unless a name says otherwise."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from kis.models.vocabulary import Exchange


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
class MinuteBar:
    """The trades of `minutes` minutes from `start` (aware) on.

    `complete` is False when a gap or a late start lies inside: the figures are then those of
    what was seen, and the true high, low and volume may be further out.
    """

    symbol: str
    start: datetime
    minutes: int
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: int
    complete: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class PriceDetail:
    """A symbol's day, its tick and KIS's exchange rate in KRW a dollar.

    `open`, `high` and `low` are None before the first trade of the day. `tradable` is what KIS
    says in words, such as "매매 가능".
    """

    symbol: str
    exchange: Exchange
    open: Decimal | None
    high: Decimal | None
    low: Decimal | None
    last: Decimal
    previous_close: Decimal
    volume: int
    tick: Decimal
    exchange_rate: Decimal
    year_high: Decimal
    year_low: Decimal
    tradable: str


class Level(NamedTuple):
    """The shares that wait at one price; a tuple, as a stream of books makes twenty of each."""

    price: Decimal
    quantity: int


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderBook:
    """The ten best bids (highest first) and asks (lowest first); empty sides are empty.

    `at` is the instant of the book in Seoul time.
    """

    symbol: str
    exchange: Exchange
    bids: tuple[Level, ...]
    asks: tuple[Level, ...]
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class DomesticQuote:
    """The last price of a KRX symbol (six characters), all prices in KRW.

    `open`, `high` and `low` are None before the first trade of the day; `base` is the price that
    the day's limits are counted from, the previous close unless something happened.
    """

    code: str
    last: Decimal
    base: Decimal
    open: Decimal | None
    high: Decimal | None
    low: Decimal | None
    volume: int

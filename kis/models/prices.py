"""Prices that are asked for, in USD unless a name says otherwise."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

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

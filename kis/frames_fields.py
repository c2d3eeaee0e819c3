"""The words of a frame's columns into values; malformed is FrameError, never zero.

Streams repeat themselves: a price, a second, a symbol comes hundreds of times. So every reader of
words remembers what it read, in a dictionary that is emptied when it has grown.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import TypeVar

from kis.models import SEOUL, Exchange, MarketHours, Side
from kis.wire.codes import QUOTE_EXCHANGE

T = TypeVar("T")

_MOST_REMEMBERED = 8192
_EXCHANGES: Mapping[str, Exchange] = MappingProxyType(
    {code: exchange for exchange, code in QUOTE_EXCHANGE.items()}
    | {"BAQ": Exchange.NASDAQ, "BAY": Exchange.NYSE, "BAA": Exchange.AMEX}
)
_HOURS = MappingProxyType({"1": MarketHours.REGULAR, "2": MarketHours.PRE, "3": MarketHours.AFTER})
_SIDES = MappingProxyType({"01": Side.SELL, "02": Side.BUY})
_DECIMAL = re.compile(r"[0-9]{1,12}(\.[0-9]{1,8})?")
_WHOLE = re.compile(r"[0-9]{1,15}")
_STAMP = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})\^?([0-9]{2})([0-9]{2})([0-9]{2})")
_KEY = re.compile(r"[DR]([A-Z]{3})([A-Z0-9./-]{1,16})\^([A-Z0-9./-]{1,16})")
_LONE = "0|HDFSCNT0|001|"
_REST = re.compile(r"\^.\^[0-9]{8}\^[0-9]{8}\^[0-9]{6}\^")
_STAMP_WIDTH, _REST_WIDTH = 15, 28
_SYMBOL = re.compile(r"[A-Z0-9./-]{1,16}")
_DOMESTIC = re.compile(r"[0-9A-Z]{6,7}")


class FrameError(Exception):
    """A frame that cannot be read; it is dropped and counted. The message quotes nothing."""


class Remembered(dict[str, T]):
    """What words mean, read once each; `words[word]` raises FrameError for a malformed one."""

    def __init__(self, read: Callable[[str], T]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, word: str) -> T:
        value = self._read(word)
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        self[word] = value
        return value


def price(word: str) -> Decimal:
    """Read a price: digits with a point or without, above zero."""
    if not _DECIMAL.fullmatch(word) or not (value := Decimal(word)):
        raise FrameError("no price")
    return value


def whole(word: str) -> int:
    """Read a whole number that is not negative; blanks around it do no harm."""
    if not _WHOLE.fullmatch(word.strip()):
        raise FrameError("no whole number")
    return int(word)


def seoul(word: str) -> datetime:
    """Read an instant of Seoul: YYYYMMDDHHMMSS, or with ^ between day and time."""
    parts = _STAMP.fullmatch(word)
    if parts is None:
        raise FrameError("no time")
    year, month, day, hour, minute, second = map(int, parts.groups())
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=SEOUL)
    except ValueError:
        raise FrameError("no time") from None


def listed(word: str) -> tuple[str, Exchange]:
    """Read RSYM^SYMB: the key of a US symbol, and the symbol again.

    One published column list lacks RSYM: a record without it would be read a column off.
    """
    parts = _KEY.fullmatch(word)
    exchange = None if parts is None else _EXCHANGES.get(parts[1])
    if parts is None or exchange is None or parts[2] != parts[3]:
        raise FrameError("a record without its key")
    return parts[3], exchange


def head(word: str) -> tuple[str, Exchange, datetime]:
    """Read the head of a US trade, RSYM to KHMS: all of it comes again within its second.

    Before it may stand the head of a frame with one record.
    """
    key, stamp = word[: -_STAMP_WIDTH - _REST_WIDTH], word[-_STAMP_WIDTH:]
    if not _REST.fullmatch(word, len(key), len(word) - _STAMP_WIDTH):
        raise FrameError("a record without its head")
    return *LISTED[key.removeprefix(_LONE)], INSTANTS[stamp]


def symbol(word: str) -> str:
    if not _SYMBOL.fullmatch(word):
        raise FrameError("no symbol")
    return word


def domestic_symbol(word: str) -> str:
    """Read the six characters of a KRX symbol (seven with an ETN's Q)."""
    if not _DOMESTIC.fullmatch(word):
        raise FrameError("no KRX symbol")
    return word


def domestic_price(word: str) -> Decimal:
    """Read a price in KRW: a whole number above zero."""
    if not _WHOLE.fullmatch(word) or not (value := Decimal(word)):
        raise FrameError("no price in KRW")
    return value


def hours(word: str) -> MarketHours | None:
    """Read MTYP; a value of KIS's that is not known yet says nothing."""
    if len(word.strip()) > 1:
        raise FrameError("no kind of market")
    return _HOURS.get(word.strip())


def side(word: str) -> Side:
    if word not in _SIDES:
        raise FrameError("neither a buy nor a sell")
    return _SIDES[word]


PRICES = Remembered(price)
QUANTITIES = Remembered(whole)
INSTANTS = Remembered(seoul)
SIZES = Remembered(int)
"""Quantities in words that are known to be digits."""
LISTED = Remembered(listed)
HEADS = Remembered(head)
HOURS = Remembered(hours)
DOMESTIC_SYMBOLS = Remembered(domestic_symbol)
DOMESTIC_PRICES = Remembered(domestic_price)

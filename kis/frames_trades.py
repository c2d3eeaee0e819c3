"""Trades out of frames: HDFSCNT0 (US), a record at a time or a whole frame at once, and H0STCNT0.

Whatever columns KIS adds behind those that are known are skipped.
"""

import re
from collections.abc import Callable
from functools import cache
from types import MappingProxyType
from typing import Generic, TypeVar

from kis.frames_fields import (
    DOMESTIC_PRICES,
    DOMESTIC_SYMBOLS,
    HEADS,
    HOURS,
    INSTANTS,
    LISTED,
    PRICES,
    QUANTITIES,
    SIZES,
    FrameError,
    whole,
)
from kis.models import DomesticTrade, MarketHours, Trade

Record = tuple[str, ...]
T = TypeVar("T")

US_COLUMNS = 25
DOMESTIC_COLUMNS = 35
# The first digit of NEW_MKOP_CLS_CODE: before the opening, in session, after it, single price.
_PARTS_OF_DAY = MappingProxyType(
    {
        "1": MarketHours.PRE,
        "2": MarketHours.REGULAR,
        "3": MarketHours.AFTER,
        "4": MarketHours.AFTER,
    }
)

# A trade as KIS writes it: RSYM^SYMB^ZDIV^TYMD^XYMD^XHMS^KYMD^KHMS, OPEN HIGH LOW, LAST, SIGN DIFF
# RATE PBID PASK VBID VASK, EVOL, TVOL, TAMT BIVL ASVL STRN. Possessive: it never goes back.
_SKIP = r"[^^]*+\^"
_TRADE = (
    rf"[^^]++\^[^^]++\^.\^.{{40}})\^{_SKIP * 3}([^^]*+)\^.\^{_SKIP * 6}([0-9]{{1,15}}+)"
    rf"\^([0-9]{{1,15}}+)\^{_SKIP * 4}"
)
_COUNTS = {f"0|HDFSCNT0|{count:03}|": count for count in range(1, 1000)}
_HEAD = len("0|HDFSCNT0|001|")
_new = tuple.__new__


def us_trade(record: Record) -> Trade:
    """Read HDFSCNT0: RSYM SYMB ZDIV TYMD XYMD XHMS KYMD KHMS OPEN HIGH LOW LAST ...

    Raises FrameError.
    """
    if len(record) < US_COLUMNS:
        raise FrameError("too few columns for a trade")
    symbol, exchange = LISTED[f"{record[0]}^{record[1]}"]
    return Trade(
        symbol=symbol,
        exchange=exchange,
        price=PRICES[record[11]],
        quantity=QUANTITIES[record[19]],
        day_volume=whole(record[20]),
        at=INSTANTS[f"{record[6]}^{record[7]}"],
        hours=HOURS[record[25]] if len(record) > US_COLUMNS else None,
    )


class UsTradeFrames(Generic[T]):
    """Reads whole frames of HDFSCNT0, as almost every frame of a stream is one, at once.

    It expects records of the width and of the hours that were seen last; what is not as expected,
    or another frame, goes `otherwise`. Written out for speed: the call of a function takes a tenth
    of a record's time.
    """

    def __init__(self, otherwise: Callable[[str], list[T]]) -> None:
        self._otherwise = otherwise
        self._expect(US_COLUMNS + 1, "1")

    def learn(self, record: Record) -> None:
        """Expect records like this one from now on."""
        if len(record) > US_COLUMNS and len(record[US_COLUMNS]) == 1:
            self._expect(len(record), record[US_COLUMNS])

    def _expect(self, width: int, kind: str) -> None:
        self._hours = HOURS[kind]
        self._lone = _lone_of(kind)
        self._many = _many_of(width, kind)

    def read(self, text: str) -> list[Trade] | list[T]:
        """Give a frame's trades in order."""
        hours = self._hours
        try:
            lone = self._lone(text)
            if lone is not None:
                head, price, quantity, volume = lone.groups()
                symbol, exchange, at = HEADS[head]
                paid, shares, day = PRICES[price], SIZES[quantity], int(volume)
                return [_new(Trade, (symbol, exchange, paid, shares, day, at, hours))]
            count = _COUNTS.get(text[:_HEAD])
            if count is None:
                return self._otherwise(text)
            found = self._many(text, _HEAD)
            if len(found) != count:  # what fits no record was found too, as blank ones
                return self._otherwise(text)
            trades = []
            for head, price, quantity, volume in found:
                symbol, exchange, at = HEADS[head]
                paid, shares, day = PRICES[price], SIZES[quantity], int(volume)
                trades.append(_new(Trade, (symbol, exchange, paid, shares, day, at, hours)))
        except FrameError:
            return self._otherwise(text)
        return trades


@cache
def _lone_of(kind: str) -> Callable[[str], re.Match[str] | None]:
    # The frame's own head is caught with the record's, and looked at once for all that are like it.
    pattern = rf"(.{{10}}\|001\|{_TRADE}{re.escape(kind)}(?:\^[^^]*+){{0,25}}+"
    return re.compile(pattern).fullmatch


@cache
def _many_of(width: int, kind: str) -> Callable[[str, int], list[tuple[str, ...]]]:
    added = r"\^[^^]*+" * (width - US_COLUMNS - 1)
    pattern = rf"({_TRADE}{re.escape(kind)}{added}(?:\^|\Z)|."
    return re.compile(pattern, re.DOTALL).findall


def domestic_trade(record: Record) -> DomesticTrade:
    """Read H0STCNT0: MKSC_SHRN_ISCD STCK_CNTG_HOUR STCK_PRPR ... BSOP_DATE is the 34th column.

    Raises FrameError.
    """
    if len(record) < DOMESTIC_COLUMNS:
        raise FrameError("too few columns for a trade")
    return DomesticTrade(
        symbol=DOMESTIC_SYMBOLS[record[0]],
        price=DOMESTIC_PRICES[record[2]],
        quantity=QUANTITIES[record[12]],
        day_volume=whole(record[13]),
        at=INSTANTS[f"{record[33]}^{record[1]}"],
        hours=_PARTS_OF_DAY.get(record[34][:1]),
    )

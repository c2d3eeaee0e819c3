"""Trades out of frames: HDFSCNT0 (US), a record at a time or a whole frame at once, and H0STCNT0.

Whatever columns KIS adds behind those that are known are skipped.
"""

import re
from collections.abc import Callable
from functools import cache
from types import MappingProxyType

from kis.frames_fields import (
    DOMESTIC_PRICES,
    DOMESTIC_SYMBOLS,
    HEADS,
    HOURS,
    INSTANTS,
    LISTED,
    PRICES,
    QUANTITIES,
    FrameError,
    whole,
)
from kis.models import DomesticTrade, MarketHours, Trade

Record = tuple[str, ...]

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
# RATE PBID PASK VBID VASK, EVOL, TVOL, TAMT BIVL ASVL STRN, MTYP. Possessive: it never goes back.
_SKIP = r"[^^]*+\^"
_TRADE = (
    rf"([^^]++\^[^^]++\^.\^.{{40}})\^{_SKIP * 3}([^^]*+)\^.\^{_SKIP * 6}([^^]*+)"
    rf"\^([0-9]{{1,15}}+)\^{_SKIP * 4}(.)"
)
_LONE = re.compile(rf"0\|HDFSCNT0\|001\|{_TRADE}(?:\^[^^]*+){{0,25}}+").fullmatch
_COUNTS = MappingProxyType({f"0|HDFSCNT0|{count:03}|": count for count in range(1, 1000)})
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


class UsTradeFrames:
    """Reads whole frames of HDFSCNT0, as almost every frame of a stream is one, at once.

    It expects records of the width that was seen last; what is not as expected, is left to be read
    record by record. Written out for speed: a function's call is a tenth of a record's time.
    """

    def __init__(self) -> None:
        self.expect(US_COLUMNS + 1)

    def expect(self, width: int) -> None:
        """Expect records of so many columns from now on."""
        self._many = _of_width(max(width, US_COLUMNS + 1))

    def read(self, text: str) -> list[Trade] | None:
        """Give a frame's trades; None when it is another frame, or not as expected."""
        try:
            lone = _LONE(text)
            if lone is not None:
                head, price, quantity, volume, kind = lone.groups()
                symbol, exchange, at = HEADS[head]
                paid, shares = PRICES[price], QUANTITIES[quantity]
                values = (symbol, exchange, paid, shares, int(volume), at, HOURS[kind])
                return [_new(Trade, values)]
            count = _COUNTS.get(text[:_HEAD])
            if count is None:
                return None
            found = self._many(text, _HEAD)
            if len(found) != count:  # what fits no record was found too, as blank ones
                return None
            trades = []
            for head, price, quantity, volume, kind in found:
                symbol, exchange, at = HEADS[head]
                paid, shares = PRICES[price], QUANTITIES[quantity]
                values = (symbol, exchange, paid, shares, int(volume), at, HOURS[kind])
                trades.append(_new(Trade, values))
        except FrameError:
            return None
        return trades


@cache
def _of_width(width: int) -> Callable[[str, int], list[tuple[str, ...]]]:
    added = r"\^[^^]*+" * (width - US_COLUMNS - 1)
    return re.compile(rf"{_TRADE}{added}(?:\^|\Z)|.", re.DOTALL).findall


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

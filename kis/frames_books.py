"""Books out of frames: HDFSASP0 (US, ten levels or one) and H0STASP0 (KRX, ten levels).

A level without shares is no level: KIS fills the places that are empty with zeros.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from kis.frames_fields import (
    DOMESTIC_PRICES,
    DOMESTIC_SYMBOLS,
    INSTANTS,
    LISTED,
    PRICES,
    QUANTITIES,
    FrameError,
    Remembered,
)
from kis.models import SEOUL, DomesticBook, Level, OrderBook

Record = tuple[str, ...]

ONE_LEVEL = 17
TEN_LEVELS = 71
DOMESTIC_COLUMNS = 43
_FIRST = 11
_STEP = 6  # PBID PASK VBID VASK DBID DASK
_HALF_A_DAY = timedelta(hours=12)


def us_book(record: Record) -> OrderBook:
    """Read HDFSASP0: RSYM SYMB ZDIV XYMD XHMS KYMD KHMS BVOL AVOL BDVL ADVL, then the levels.

    Older frames have one level and 17 columns. Raises FrameError.
    """
    if len(record) < ONE_LEVEL or 2 * ONE_LEVEL <= len(record) < TEN_LEVELS:
        raise FrameError("not the columns of a book")
    end = TEN_LEVELS if len(record) >= TEN_LEVELS else ONE_LEVEL
    symbol, exchange = LISTED[f"{record[0]}^{record[1]}"]
    bid, ask, bid_size, ask_size = (record[_FIRST + at : end : _STEP] for at in range(4))
    return OrderBook(
        symbol=symbol,
        exchange=exchange,
        bids=_levels(bid, bid_size, PRICES),
        asks=_levels(ask, ask_size, PRICES),
        at=INSTANTS[f"{record[5]}^{record[6]}"],
    )


def domestic_book(record: Record, received: datetime) -> DomesticBook:
    """Read H0STASP0: MKSC_SHRN_ISCD BSOP_HOUR HOUR_CLS_CODE ASKP1..10 BIDP1..10 and their sizes.

    KIS sends the time alone: the day is the one that brings it nearest to `received` (aware).
    Raises FrameError.
    """
    if len(record) < DOMESTIC_COLUMNS:
        raise FrameError("too few columns for a book")
    return DomesticBook(
        symbol=DOMESTIC_SYMBOLS[record[0]],
        bids=_levels(record[13:23], record[33:43], DOMESTIC_PRICES),
        asks=_levels(record[3:13], record[23:33], DOMESTIC_PRICES),
        at=_nearest(record[1], received),
    )


def _levels(
    prices: Iterable[str], sizes: Iterable[str], read: Remembered[Decimal]
) -> tuple[Level, ...]:
    return tuple(
        Level(price=read[price], quantity=quantity)
        for price, quantity in zip(prices, map(QUANTITIES.__getitem__, sizes), strict=True)
        if quantity
    )


def _nearest(time: str, received: datetime) -> datetime:
    here = received.astimezone(SEOUL)
    at = INSTANTS[f"{here:%Y%m%d}^{time}"]
    if at - here > _HALF_A_DAY:
        return at - timedelta(days=1)
    if here - at > _HALF_A_DAY:
        return at + timedelta(days=1)
    return at

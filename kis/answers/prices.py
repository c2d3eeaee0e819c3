"""Quotes, books and bars.

Source: KIS's field tables; the domestic quote's names (주식현재가 시세, FHKST01010100) as KIS's own
samples and other clients spell them, since that page is not among them.
"""

from datetime import datetime
from decimal import Decimal
from itertools import pairwise

from kis.answers.fields import Row, day, instant, number, price, shares, silent, text
from kis.errors import KisBadAnswer
from kis.models import (
    NEW_YORK,
    DailyBar,
    DomesticQuote,
    Exchange,
    Level,
    MinuteBar,
    OrderBook,
    PriceDetail,
    Quote,
)

BOOK_DEPTH = 10
_DAILY = ("open", "high", "low", "clos")
_MINUTE = ("open", "high", "low", "last")


def blank_quote(row: Row) -> bool:
    """Tell the answer about a symbol that the exchange does not list."""
    return silent(row, "last", "base", "tvol")


def quote(row: Row, symbol: str, exchange: Exchange) -> Quote:
    return Quote(
        symbol=symbol,
        exchange=exchange,
        last=price(row, "last"),
        previous_close=price(row, "base"),
        volume=shares(row, "tvol"),
    )


def detail(row: Row, symbol: str, exchange: Exchange) -> PriceDetail:
    return PriceDetail(
        symbol=symbol,
        exchange=exchange,
        open=_traded_price(row, "open"),
        high=_traded_price(row, "high"),
        low=_traded_price(row, "low"),
        last=price(row, "last"),
        previous_close=price(row, "base"),
        volume=shares(row, "tvol"),
        tick=price(row, "e_hogau"),
        exchange_rate=price(row, "t_rate"),
        year_high=price(row, "h52p"),
        year_low=price(row, "l52p"),
        tradable=text(row, "e_ordyn"),
    )


def book(head: Row, levels: Row, symbol: str, exchange: Exchange) -> OrderBook:
    """Read the book; its clock is Seoul's (KIS's example shows 09:00 after a New York evening)."""
    try:
        at = instant(text(head, "dymd") + text(head, "dhms"), "%Y%m%d%H%M%S", 14)
    except ValueError:
        raise KisBadAnswer("dymd and dhms are not an instant") from None
    bids, asks = _side(levels, "bid"), _side(levels, "ask")
    if any(better.price < worse.price for better, worse in pairwise(bids)):
        raise KisBadAnswer("pbid1 to pbid10 do not fall")
    if any(better.price > worse.price for better, worse in pairwise(asks)):
        raise KisBadAnswer("pask1 to pask10 do not rise")
    return OrderBook(symbol=symbol, exchange=exchange, bids=bids, asks=asks, at=at)


def domestic_quote(row: Row, code: str) -> DomesticQuote:
    return DomesticQuote(
        code=code,
        last=price(row, "stck_prpr"),
        base=price(row, "stck_sdpr"),
        open=_traded_price(row, "stck_oprc"),
        high=_traded_price(row, "stck_hgpr"),
        low=_traded_price(row, "stck_lwpr"),
        volume=shares(row, "acml_vol"),
    )


def untraded_bar(row: Row, *, newest: bool) -> bool:
    """Tell filler rows, and days on which nothing traded, from bars.

    The newest day may have a volume, of the pre-market, before it has a price.
    """
    return silent(row, *_DAILY) and (newest or silent(row, "tvol"))


def untraded_minute(row: Row) -> bool:
    """Tell filler rows from minute bars."""
    return silent(row, *_MINUTE, "evol")


def daily_bar(row: Row) -> DailyBar:
    """Read a bar. KIS's open may lie outside its own low and high until it is corrected."""
    bar = DailyBar(
        day=day(row, "xymd"),
        open=price(row, "open"),
        high=price(row, "high"),
        low=price(row, "low"),
        close=price(row, "clos"),
        volume=shares(row, "tvol"),
    )
    if bar.low > bar.high:
        raise KisBadAnswer("a daily bar whose low is above its high")
    return bar


def minute_bar(row: Row, symbol: str, minutes: int, now: datetime) -> MinuteBar:
    """Read a bar; it is stamped with its start, and not complete before its end has passed."""
    word = text(row, "xymd") + text(row, "xhms")
    try:
        start = instant(word, "%Y%m%d%H%M%S", 14).replace(tzinfo=NEW_YORK)
    except ValueError:
        raise KisBadAnswer("xymd and xhms are not an instant") from None
    bar = MinuteBar(
        symbol=symbol,
        start=start,
        minutes=minutes,
        open=price(row, "open"),
        high=price(row, "high"),
        low=price(row, "low"),
        close=price(row, "last"),
        volume=shares(row, "evol"),
        complete=now.timestamp() >= start.timestamp() + 60 * minutes,
    )
    if bar.low > bar.high:
        raise KisBadAnswer("a minute bar whose low is above its high")
    return bar


def _traded_price(row: Row, name: str) -> Decimal | None:
    """Read a price that is zero (and then none) until the first trade of the day."""
    return number(row, name) or None


def _side(row: Row, side: str) -> tuple[Level, ...]:
    """Read one side of a book: KIS fills the levels that are empty with zeros."""
    levels: list[Level] = []
    for place in range(1, BOOK_DEPTH + 1):
        name = f"p{side}{place}"
        # Outside the US there is one level, and the others are not even sent.
        if place > 1 and name not in row:
            break
        level = Level(price=number(row, name), quantity=shares(row, f"v{side}{place}"))
        if level.price:
            levels.append(level)
    return tuple(levels)

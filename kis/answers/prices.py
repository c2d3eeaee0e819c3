"""Quotes and bars."""

from kis.answers.fields import Row, day, price, shares, text
from kis.errors import KisBadAnswer
from kis.models import DailyBar, Exchange, Quote


def quote(row: Row, symbol: str, exchange: Exchange) -> Quote:
    return Quote(
        symbol=symbol,
        exchange=exchange,
        last=price(row, "last"),
        previous_close=price(row, "base"),
        volume=shares(row, "tvol"),
    )


def untraded_bar(row: Row) -> bool:
    """Tell filler rows, and a day on which nothing has traded yet, from bars."""
    names = ("open", "high", "low", "clos")
    return all(not text(row, name).strip("0.") for name in names)


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

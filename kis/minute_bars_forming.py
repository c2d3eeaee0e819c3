"""A minute bar that is still forming: trades go in, in any order, and the same bar comes out."""

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from decimal import Decimal

from kis.models import DomesticTrade, MinuteBar, Trade

Tick = Trade | DomesticTrade

_Place = tuple[datetime, int]
"""Where a trade stands among the others: its second, and the day's volume with it."""


class Forming:
    """Open, high, low, close and volume of the trades between two instants.

    `inner` is from when on all trades until `end` belong here: where another session closes at
    `start`, some trades of that instant are the other's (`shared`).
    """

    __slots__ = (
        "_close", "_first", "_high", "_last", "_low", "_open", "_volume", "end", "inner", "start",
    )  # fmt: skip

    def __init__(self, start: datetime, end: datetime, trade: Tick, *, shared: bool) -> None:
        self.start = start
        self.inner = start + timedelta.resolution if shared else start
        self.end = end
        self._first = self._last = (trade.at, trade.day_volume)
        self._open = self._high = self._low = self._close = trade.price
        self._volume = trade.quantity

    def add(self, trade: Tick) -> None:
        """Take one trade that belongs here."""
        price, place = trade.price, (trade.at, trade.day_volume)
        if price > self._high:
            self._high = price
        elif price < self._low:
            self._low = price
        if place >= self._last:
            self._last, self._close = place, price
        elif place < self._first:
            self._first, self._open = place, price
        self._volume += trade.quantity

    def add_all(self, trades: Sequence[Tick]) -> datetime | None:
        """Take trades by columns, and give the newest instant among them.

        None, and nothing is taken, when not all of them belong here or some traded nothing.
        """
        *_, prices, quantities, volumes, instants, _ = zip(*trades, strict=True)
        seconds = set(instants)  # far fewer than trades, and a frame's instants are one object each
        earliest: datetime = min(seconds)
        latest: datetime = max(seconds)
        if earliest < self.inner or latest >= self.end or not all(quantities):
            return None
        if list(volumes) == sorted(volumes) and (instants[0], instants[-1]) == (earliest, latest):
            first, last = 0, -1
        else:
            places = list(zip(instants, volumes, strict=True))
            first, last = places.index(min(places)), places.index(max(places))
        self._widen(prices, (instants[first], volumes[first]), (instants[last], volumes[last]))
        if (instants[first], volumes[first]) == self._first:
            self._open = prices[first]
        if (instants[last], volumes[last]) == self._last:
            self._close = prices[last]
        self._volume += sum(quantities)
        return latest

    def _widen(self, prices: Sequence[Decimal], first: _Place, last: _Place) -> None:
        # A stream's equal prices are one object, whose hash is known: a set is quicker than a look.
        distinct = set(prices)
        highest, lowest = max(distinct), min(distinct)
        self._high = max(self._high, highest)
        self._low = min(self._low, lowest)
        self._first = min(self._first, first)
        self._last = max(self._last, last)

    def bar(self, symbol: str, minutes: int, zone: tzinfo | None, *, complete: bool) -> MinuteBar:
        return MinuteBar(
            symbol=symbol,
            start=self.start.astimezone(zone),
            minutes=minutes,
            open=self._open,
            high=self._high,
            low=self._low,
            close=self._close,
            volume=self._volume,
            complete=complete,
        )

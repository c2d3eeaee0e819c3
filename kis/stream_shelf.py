"""Where a stream's items wait to be fetched; what overflows is counted, and announced as a gap."""

import asyncio
from collections import deque
from dataclasses import dataclass
from datetime import datetime

from kis.models import (
    DomesticBook,
    DomesticNotice,
    DomesticTrade,
    ExecutionNotice,
    Feed,
    OrderBook,
    StreamGap,
    StreamState,
    Trade,
)

Price = Trade | DomesticTrade | OrderBook | DomesticBook
Item = Price | ExecutionNotice | DomesticNotice | StreamState | StreamGap

MOST_WAITING = 50_000
_Key = tuple[Feed, str]
OVERFLOW = "nobody fetched the items in time"


@dataclass(slots=True)
class _Lost:
    first: datetime
    last: datetime
    count: int


class Shelf:
    """A queue of items. Prices may overflow, into gaps; notices, states and other gaps may not."""

    def __init__(self) -> None:
        self.overflowed = 0
        self._items: deque[Item] = deque()
        self._news = asyncio.Event()
        self._lost: dict[_Key, _Lost] = {}
        self._ended = False

    async def take(self) -> Item | None:
        """Wait for the next item; None when nothing will come any more."""
        while not self._items:
            if self._lost:
                self._announce()
            elif self._ended:
                return None
            else:
                self._news.clear()
                await self._news.wait()
        return self._items.popleft()

    def put(self, item: Item) -> None:
        """Add what must not be lost."""
        if self._lost and len(self._items) < MOST_WAITING:
            self._announce()
        self._items.append(item)
        self._news.set()

    def put_price(self, item: Price) -> None:
        """Add what may be lost when nobody fetches it: then a gap will stand in its place."""
        if len(self._items) < MOST_WAITING:
            self.put(item)
            return
        self.overflowed += 1
        feed = Feed.TRADES if isinstance(item, Trade | DomesticTrade) else Feed.BOOKS
        self._lose((feed, item.symbol), item.at, item.at, count=1)

    def put_jump(self, gap: StreamGap) -> None:
        """Add a gap between two trades: when they overflow it goes into the gap in their place.

        A feed that leaves trades out has one with every trade, so it must not grow either.
        """
        if len(self._items) < MOST_WAITING:
            self.put(gap)
            return
        for symbol in gap.symbols:
            self._lose((gap.feed, symbol), gap.start, gap.end, count=0)

    def _lose(self, key: _Key, first: datetime, last: datetime, *, count: int) -> None:
        lost = self._lost.get(key)
        if lost is None:
            self._lost[key] = _Lost(first=first, last=last, count=count)
            return
        lost.first, lost.last = min(lost.first, first), max(lost.last, last)
        lost.count += count

    def end(self) -> None:
        self._ended = True
        self._news.set()

    def _announce(self) -> None:
        for (feed, symbol), lost in self._lost.items():
            self._items.append(
                StreamGap(
                    start=lost.first,
                    end=lost.last,
                    reason=OVERFLOW,
                    symbols=(symbol,),
                    feed=feed,
                    missed=lost.count,
                )
            )
        self._lost.clear()

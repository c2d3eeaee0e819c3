"""Splits in live mode: shares are multiplied once, before the pre-market of the split's day."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Protocol

from kis.simulator.book import Book
from kis.simulator.ledger import Ledger
from kis.simulator.live_market import LiveMarket
from kis.simulator.model import NEW_YORK, Order, Split
from kis.simulator.store import Store
from kis.simulator.timetable import PRE_MARKET

SAME_SPLIT = timedelta(days=10)


class Floor(Protocol):
    """What a split touches: the market's words, the book, the ledger."""

    market: LiveMarket
    book: Book
    ledger: Ledger
    now: datetime

    def expire(self, order: Order, reason: str) -> None: ...


class Splits:
    """The splits that were announced, and which of them have been made."""

    def __init__(self, floor: Floor, store: Store) -> None:
        self._floor = floor
        self._store = store
        self._made = {row["key"] for row in store.kept("split done")}

    def announce(self, split: Split) -> None:
        """Take in a split. Of words about one within ten days the last before its day counts."""
        near = [
            each
            for each in self._floor.market.splits
            if each.symbol == split.symbol and abs(each.day - split.day) <= SAME_SPLIT
        ]
        if any(_key(each.symbol, each.day) in self._made for each in near):
            return
        self._floor.market.announce(split, instead_of=near)
        self.make_due()

    def make_due(self) -> None:
        """Make every split whose day has begun."""
        for split in self._floor.market.splits:
            key = _key(split.symbol, split.day)
            begins = datetime.combine(split.day, PRE_MARKET, NEW_YORK)
            if key not in self._made and begins <= self._floor.now:
                self._made.add(key)
                self._store.keep("split done", key, {"key": key})
                self._make(split, begins)

    def _make(self, split: Split, begins: datetime) -> None:
        """Multiply what is held and end what rests; shares traded since the day stay as they are.

        A fraction of a share is dropped.
        """
        floor = self._floor
        for order in floor.book.open_orders(split.symbol):
            if order.at < begins:
                floor.expire(order, f"액면분할, split {split.new}:{split.old}")
        held = floor.ledger.account.held(split.symbol)
        traded = any(f.symbol == split.symbol and f.day >= split.day for f in floor.ledger.fills)
        if held.quantity and not traded:
            quantity = held.quantity * split.new // split.old
            average = held.average * Decimal(split.old) / split.new
            floor.ledger.transfer(split.symbol, quantity, average)


def _key(symbol: str, day: date) -> str:
    return f"{symbol}|{day}"

"""Splits of what is held: shares are multiplied once, before the pre-market of the split's day."""

from datetime import date, datetime
from decimal import Decimal

from kis.simulator.exchange import Exchange
from kis.simulator.model import NEW_YORK, Split
from kis.simulator.store import Store
from kis.simulator.timetable import PRE_MARKET


class Splits:
    """The splits of an exchange's market, and which of them have been made."""

    def __init__(self, floor: Exchange, store: Store) -> None:
        self._floor = floor
        self._store = store
        self._made = {row["key"] for row in store.kept("split done")}

    def wait(self) -> None:
        """Make what is due, and the rest when market time comes to it."""
        self.make_due()
        for split in self._floor.market.splits:
            if _begins(split) > self._floor.now:
                self._floor.later(_begins(split), self.make_due)

    def make_due(self) -> None:
        """Make every split whose day has begun."""
        for split in self._floor.market.splits:
            key = key_of(split.symbol, split.day)
            if key not in self._made and _begins(split) <= self._floor.now:
                self._made.add(key)
                self._store.keep("split done", key, {"key": key})
                self._make(split, _begins(split))

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


def _begins(split: Split) -> datetime:
    return datetime.combine(split.day, PRE_MARKET, NEW_YORK)


def key_of(symbol: str, day: date) -> str:
    return f"{symbol}|{day}"

"""Splits in live mode: announced, and announced again with another day."""

from datetime import timedelta

from kis.simulator.exchange import Exchange
from kis.simulator.live.market import LiveMarket
from kis.simulator.model import Split
from kis.simulator.splits import Splits, key_of
from kis.simulator.store import Store

SAME_SPLIT = timedelta(days=10)


class LiveSplits(Splits):
    """The splits that were announced."""

    def __init__(self, floor: Exchange, market: LiveMarket, store: Store) -> None:
        super().__init__(floor, store)
        self._market = market

    def announce(self, split: Split) -> None:
        """Take in a split. Of words about one within ten days the last before its day counts."""
        near = [
            each
            for each in self._market.splits
            if each.symbol == split.symbol and abs(each.day - split.day) <= SAME_SPLIT
        ]
        if any(key_of(each.symbol, each.day) in self._made for each in near):
            return
        self._market.announce(split, instead_of=near)
        self.make_due()

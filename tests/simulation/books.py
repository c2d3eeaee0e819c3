"""The ledgers' shares as the journal tells them, kept by the judge itself."""

from collections import Counter
from dataclasses import dataclass, field

from bot.events import (
    CycleChanged,
    CycleStarted,
    Event,
    ForeignFillDecided,
    ForeignFillSeen,
    RoundCorrected,
    RoundSettled,
    SharesSetAside,
)
from strategy.changes import ShareSplit
from strategy.model import Side


@dataclass
class Books:
    """Shares by cycle, those set aside by symbol, and what hand trades have moved by order."""

    cycles: dict[int, tuple[str, int]] = field(default_factory=dict)
    aside: Counter[str] = field(default_factory=Counter)
    _by_hand: dict[tuple[str, str, str], int] = field(default_factory=dict)
    _decided: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    _splits: dict[tuple[str, str], ShareSplit] = field(default_factory=dict)

    def read(self, event: Event) -> None:
        """Follow one line of the journal."""
        match event:
            case CycleStarted(cycle_id=cycle_id, cycle=cycle):
                self.cycles[cycle_id] = cycle.rules.symbol, cycle.quantity
            case CycleChanged(cycle_id=cycle_id, after=cycle, change=change):
                self.cycles[cycle_id] = cycle.rules.symbol, cycle.quantity
                if isinstance(change, ShareSplit):
                    self._splits[cycle.rules.symbol, f"{event.from_session}"] = change
            case RoundSettled(cycle_id=cycle_id, after=cycle):
                self.cycles[cycle_id] = cycle.rules.symbol, cycle.quantity
            case RoundCorrected(cycle_id=cycle_id, after=cycle):
                self.cycles[cycle_id] = cycle.rules.symbol, cycle.quantity
            case SharesSetAside(symbol=symbol, quantity=quantity):
                self.aside[symbol] = quantity
            case ForeignFillSeen(symbol=symbol, number=number, session=session):
                signed = event.quantity if event.side is Side.BUY else -event.quantity
                self._by_hand[symbol, f"{session}", number] = signed
            case ForeignFillDecided(symbol=symbol, number=number, session=session):
                signed = event.quantity if event.side is Side.BUY else -event.quantity
                self._decided[symbol, f"{session}", number] += signed
            case _:
                pass

    def ours(self, symbol: str) -> int:
        return sum(held for named, held in self.cycles.values() if named == symbol)

    def explain(self, symbol: str) -> set[int]:
        """List what the account may hold of ours, with what was done by hand or without."""
        ours = self.ours(symbol)
        told = [key for key in self._by_hand if key[0] == symbol]
        left = sum(self._in_new_shares(key, self._decided[key]) for key in told)
        seen = sum(self._in_new_shares(key, 0) for key in told)
        return {ours, ours + left, ours + seen}

    def _in_new_shares(self, key: tuple[str, str, str], decided: int) -> int:
        """Count what is left of a hand trade in the shares after the splits booked since."""
        symbol, session, _ = key
        moved = self._by_hand[key] - decided
        left = abs(moved)
        for (named, first), split in sorted(self._splits.items()):
            if named == symbol and first > session:
                left = left * split.new // split.old
        return left if moved > 0 else -left

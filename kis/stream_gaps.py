"""What a stream did not see: while it was disconnected, and where KIS's day volume jumps."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from kis.models import DomesticTrade, Feed, StreamGap, Trade
from kis.stream_connection import Registration
from kis.stream_desk import Subject

JUMP = "the day's volume jumped: KIS did not send every trade"


class DayVolumes(dict[str, Trade | DomesticTrade | None]):
    """The last trade of each symbol that is watched; None before the first.

    KIS counts the day's volume up with every trade, so a trade whose volume is not the last one's
    and its own quantity tells of trades that never came.
    """

    def jump(self, last: Trade | DomesticTrade, trade: Trade | DomesticTrade) -> StreamGap | None:
        """Say what is missing between two trades of a symbol whose volumes do not join."""
        before = last.day_volume
        if trade.day_volume == before:
            return None  # the same once more, be it a second later
        if trade.day_volume < before:
            if trade.at <= last.at:
                # Late or repeated: the volume up to here has been seen already.
                self[trade.symbol] = last
                return None
            before = 0  # a new day
        missed = trade.day_volume - trade.quantity - before
        if missed <= 0:
            return None
        return StreamGap(
            start=last.at, end=trade.at, reason=JUMP, symbols=(trade.symbol,), missed=missed
        )


@dataclass(frozen=True, slots=True)
class _Open:
    start: datetime
    reason: str
    subject: Subject


class Interruptions:
    """Registrations that a lost connection interrupted, until KIS has taken them again."""

    def __init__(self) -> None:
        self._open: dict[Registration, _Open] = {}

    def __bool__(self) -> bool:
        return bool(self._open)

    def begin(
        self, lost: Iterable[tuple[Registration, Subject]], start: datetime, reason: str
    ) -> None:
        for registration, subject in lost:
            self._open.setdefault(registration, _Open(start, reason, subject))

    def end(self, registration: Registration, at: datetime) -> StreamGap | None:
        """Close the gap of a registration, if it has one."""
        was = self._open.pop(registration, None)
        if was is None:
            return None
        notices = was.subject.feed is Feed.NOTICES
        return StreamGap(
            start=was.start,
            end=max(at, was.start),
            reason=was.reason,
            symbols=() if notices else (was.subject.symbol,),
            feed=was.subject.feed,
        )

    def of(self, feed: Feed, symbol: str) -> Registration | None:
        """Find the open gap that something of a symbol has just ended."""
        for registration, was in self._open.items():
            if was.subject.feed is feed and (feed is Feed.NOTICES or was.subject.symbol == symbol):
                return registration
        return None

"""Minute bars out of trades, as KIS's chart has them: no trades, no bar.

Trades may come late and out of order: KIS stamps to the second, but counts the day's volume up
with every trade, so instant and volume together say which was first. A bar is final when the
trades have moved on by the grace; what comes after that is counted and handed back, and never
merged into another bar.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from kis.minute_bars_forming import Forming, Tick
from kis.minute_bars_hours import Hours, Session
from kis.models import SEOUL, Feed, MinuteBar, StreamGap

__all__ = ["MinuteBars", "Progress", "Session", "join", "merge"]

GRACE = timedelta(seconds=5)
_MOST_REMEMBERED = 100
_BATCH = 8  # fewer trades are taken one by one: columns would cost more than they save
_MOST_AT_ONCE = 500  # columns of more would wake Python's garbage collector, which costs more
_GAPS_KEPT = timedelta(days=1)


class Progress(NamedTuple):
    """What a batch of trades brought about: bars that are final now, and trades that came late."""

    bars: Sequence[MinuteBar]
    late: Sequence[Tick]


_NOTHING = Progress((), ())  # after nearly every trade: one for all of them


class MinuteBars:
    """The bars of one symbol, while its trades come in.

    `minutes` is the length of a bar (1, 5, 15). `since` is from when on every trade was heard: a
    bar that began before is not complete. A registration takes a moment, so the first trade's own
    instant is the safe choice. `late` counts trades that came after their bar was final, `outside`
    those that belong to no session, `empty` those of no shares, which make no bar.
    """

    def __init__(
        self,
        symbol: str,
        sessions: Iterable[Session],
        *,
        since: datetime,
        minutes: int = 1,
        grace: timedelta = GRACE,
    ) -> None:
        self.late = 0
        self.outside = 0
        self.empty = 0
        self._symbol = symbol
        self._hours = Hours(sessions, minutes)
        self._minutes = minutes
        self._since = since
        self._grace = grace
        self._forming: dict[datetime, Forming] = {}
        self._newest: Forming | None = None
        self._seen: datetime | None = None
        self._due: datetime | None = None  # when the first of the forming bars is final
        self._gaps: list[StreamGap] = []
        self._final: deque[MinuteBar] = deque(maxlen=_MOST_REMEMBERED)

    def add(self, trades: Sequence[Tick]) -> Progress:
        """Take trades of the symbol, in any order; quickest when they are of one minute."""
        if len(trades) < _BATCH:
            late = [trade for trade in trades if not self._take(trade)]
        else:
            parts = range(0, len(trades), _MOST_AT_ONCE)
            late = [one for at in parts for one in self._add(trades[at : at + _MOST_AT_ONCE])]
        bars = self._finish()
        if not bars and not late:
            return _NOTHING
        self.late += len(late)
        return Progress(bars, late)

    def until(self, now: datetime) -> list[MinuteBar]:
        """Make final what ended before `now` by the grace, though no trade has come since.

        While the stream is disconnected, bars that this gives may be amended by the gap to come.
        """
        self._move_on(now)
        return self._finish()

    def gap(self, gap: StreamGap) -> list[MinuteBar]:
        """Mark what a gap touches as incomplete; final bars that it touches are given again."""
        if gap.feed is not Feed.TRADES or self._symbol not in gap.symbols:
            return []
        self._remember(gap)
        amended = []
        for place, bar in enumerate(self._final):
            if bar.complete and _touches(gap, bar.start, self._end(bar.start)):
                self._final[place] = replace(bar, complete=False)
                amended.append(self._final[place])
        return amended

    def _add(self, trades: Sequence[Tick]) -> list[Tick]:
        """Put trades where they belong, and give those that came too late."""
        if len(trades) >= _BATCH and self._take_all(trades):
            return []
        # They may begin a minute: when the first has begun its bar, the others may go at once.
        late = [trade for trade in trades[:1] if not self._take(trade)]
        rest = trades[1:]
        if len(rest) < _BATCH or not self._take_all(rest):
            late += [trade for trade in rest if not self._take(trade)]
        return late

    def _take_all(self, trades: Sequence[Tick]) -> bool:
        """Put trades into the newest bar by columns, if all of them belong there."""
        newest = self._newest
        if newest is None or not newest.inner <= trades[0].at < newest.end:
            return False
        latest = newest.add_all(trades)
        if latest is None:
            return False
        self._move_on(latest)
        return True

    def _take(self, trade: Tick) -> bool:
        """Put a trade where it belongs; False when its bar is final already."""
        newest, at = self._newest, trade.at
        if newest is not None and newest.inner <= at < newest.end and trade.quantity:
            newest.add(trade)
            self._move_on(at)
            return True
        place = self._hours.place(at, trade.hours)
        if trade.quantity == 0 or place is None:
            self.empty += trade.quantity == 0
            self.outside += trade.quantity != 0
            return True
        start, end = place
        if self._seen is not None and end + self._grace <= self._seen:
            return False
        forming = self._forming.get(start)
        if forming is None:
            shared = self._hours.shared(start)
            forming = self._forming[start] = Forming(start, end, trade, shared=shared)
            self._due = self._next_due()
            if self._newest is None or start > self._newest.start:
                self._newest = forming
        else:
            forming.add(trade)
        self._move_on(at)
        return True

    def _move_on(self, at: datetime) -> None:
        if self._seen is None or at > self._seen:
            self._seen = at

    def _finish(self) -> list[MinuteBar]:
        seen, due = self._seen, self._due
        if seen is None or due is None or seen < due:  # as after nearly every trade
            return []
        done = sorted(
            start for start, bar in self._forming.items() if bar.end + self._grace <= seen
        )
        bars = [self._close(self._forming.pop(start)) for start in done]
        self._final.extend(bars)
        self._due = self._next_due()
        self._gaps = [gap for gap in self._gaps if seen - gap.end < _GAPS_KEPT]
        if self._newest is not None and self._newest.start not in self._forming:
            self._newest = None
        return bars

    def _next_due(self) -> datetime | None:
        ends = [bar.end for bar in self._forming.values()]
        return min(ends) + self._grace if ends else None

    def _close(self, forming: Forming) -> MinuteBar:
        whole = forming.start >= self._since and not any(
            _touches(gap, forming.start, forming.end) for gap in self._gaps
        )
        return forming.bar(self._symbol, self._minutes, self._hours.zone, complete=whole)

    def _remember(self, gap: StreamGap) -> None:
        """Keep gaps that meet as one: a feed that leaves trades out has one after every trade."""
        last = self._gaps[-1] if self._gaps else None
        if last is not None and last.start <= gap.end and gap.start <= last.end:
            self._gaps.pop()
            gap = replace(gap, start=min(last.start, gap.start), end=max(last.end, gap.end))
        self._gaps.append(gap)

    def _end(self, start: datetime) -> datetime:
        place = self._hours.place(start)
        return start if place is None else place[1]


def _touches(gap: StreamGap, start: datetime, end: datetime) -> bool:
    return gap.start < end and gap.end >= start


def merge(bars: Iterable[MinuteBar], sessions: Iterable[Session], minutes: int) -> list[MinuteBar]:
    """Merge the bars of one symbol, oldest first, into longer ones.

    A minute that is missing is taken for one without trades. Raises ValueError for bars outside
    the sessions.
    """
    hours = Hours(sessions, minutes)
    merged: dict[float, MinuteBar] = {}
    for bar in bars:
        place = hours.place(bar.start.astimezone(SEOUL))
        if place is None:
            raise ValueError("a bar outside the sessions")
        start = place[0].astimezone(bar.start.tzinfo)
        _add(merged, replace(bar, start=start, minutes=minutes))
    return list(merged.values())


def join(
    chart: Iterable[MinuteBar], live: Iterable[MinuteBar], sessions: Iterable[Session]
) -> list[MinuteBar]:
    """Join the chart's bars with a stream's, oldest first: no bar twice, and no hole.

    A complete bar of the stream stands; one that was given again takes its own place. For a minute
    that the stream saw in part (it began later, or there was a gap) the chart's figures win. Where
    both saw a part, the widest of both stands, and is not complete. KIS's chart gives the trades of
    the closing instant a bar of their own, which goes into the last bar here as it does in the
    stream's. Raises ValueError when the bars are not of one symbol and length.
    """
    charted = tuple(chart)
    streamed = {bar.start.timestamp(): bar for bar in live}.values()
    kinds = {(bar.symbol, bar.minutes) for bar in (*charted, *streamed)}
    if len(kinds) > 1:
        raise ValueError("bars of one symbol and one length are joined")
    joined: dict[float, MinuteBar] = {}
    for _, minutes in kinds:
        for bar in _with_closings(charted, Hours(sessions, minutes)):
            _add(joined, bar)
    for bar in streamed:
        known = joined.get(bar.start.timestamp())
        if bar.complete or known is None:
            joined[bar.start.timestamp()] = bar
        elif not known.complete:
            volume = max(known.volume, bar.volume)
            joined[bar.start.timestamp()] = _joined(known, bar, volume=volume)
    return [joined[start] for start in sorted(joined)]


def _with_closings(chart: Iterable[MinuteBar], hours: Hours) -> Iterable[MinuteBar]:
    for bar in chart:
        at = bar.start.astimezone(SEOUL)
        place = hours.place(at) if hours.shared(at) else None
        zone = bar.start.tzinfo
        yield bar if place is None else replace(bar, start=place[0].astimezone(zone))


def _add(bars: dict[float, MinuteBar], bar: MinuteBar) -> None:
    start = bar.start.timestamp()
    known = bars.get(start)
    bars[start] = bar if known is None else _joined(known, bar, volume=known.volume + bar.volume)


def _joined(earlier: MinuteBar, later: MinuteBar, *, volume: int) -> MinuteBar:
    return replace(
        earlier,
        high=max(earlier.high, later.high),
        low=min(earlier.low, later.low),
        close=later.close,
        volume=volume,
        complete=earlier.complete and later.complete,
    )

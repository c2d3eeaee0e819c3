"""The market of live mode: nothing is made up, everything was seen at KIS.

A session's close is provisional until noon in Seoul of the next day, when KIS has done correcting
it; a bar that was asked for from then on is official.
"""

from bisect import insort
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from kis.simulator.live import tape
from kis.simulator.live.tape import Tape
from kis.simulator.market import Market, Print
from kis.simulator.model import SEOUL, Bar, Session, Split
from kis.simulator.store import Store

CORRECTED_AT = time(12, 0)


def corrected_at(day: date) -> datetime:
    """Give the instant from which a session's official close can be known."""
    return datetime.combine(day + timedelta(days=1), CORRECTED_AT, SEOUL)


class LiveMarket(Market):
    """The symbols' bars and tapes, written to the store as they come in."""

    def __init__(
        self, store: Store, symbols: Mapping[str, str], now: Callable[[], datetime]
    ) -> None:
        super().__init__(0, {})
        self._store = store
        self._known = symbols
        self._now = now
        self._official: set[tuple[str, date]] = set()
        self._tapes: dict[tuple[str, date], Tape] = {}
        for row in store.kept("bar"):
            self._put(row["symbol"], _bar(row), official=row["official"])
        for row in store.kept("tape"):
            kept = tape.from_record(row)
            self._tapes[kept.symbol, kept.day] = kept
        for row in store.kept("split"):
            self._announce(_split(row))

    # -- what comes in ----------------------------------------------------------------------

    def keep(self, symbol: str, bar: Bar, *, official: bool) -> None:
        """Write a daily bar; one that is official already stays so."""
        official = official or self.official(symbol, bar.day) is not None
        if self.official(symbol, bar.day) == bar:
            return
        self._put(symbol, bar, official=official)
        self._store.keep(
            "bar",
            f"{symbol}|{bar.day}",
            {
                "symbol": symbol,
                "day": bar.day.isoformat(),
                "open": str(bar.open),
                "high": str(bar.high),
                "low": str(bar.low),
                "close": str(bar.close),
                "volume": bar.volume,
                "official": official,
            },
        )

    def traded(self, symbol: str, day: date, trade: Print, *, regular: bool) -> None:
        """Write a trade on the tape of its day."""
        self._record(self.tape(symbol, day).traded(trade, regular=regular))

    def polled(self, symbol: str, day: date, price: Decimal) -> None:
        """Write a price that was asked for: it is shown, and fills nothing."""
        self._record(replace(self.tape(symbol, day), polled=Print(self._now(), price, 0)))

    def announce(self, split: Split, *, instead_of: Iterable[Split] = ()) -> None:
        """Write a split that was announced, instead of what was said about it before."""
        for each in instead_of:
            self.splits = tuple(kept for kept in self.splits if kept != each)
            self._store.forget("split", f"{each.symbol}|{each.day}")
        self._announce(split)
        self._store.keep(
            "split",
            f"{split.symbol}|{split.day}",
            {
                "symbol": split.symbol,
                "day": split.day.isoformat(),
                "new": split.new,
                "old": split.old,
            },
        )

    # -- what is asked ----------------------------------------------------------------------

    @property
    def symbols(self) -> Iterable[str]:
        return self._known.keys()

    def tape(self, symbol: str, day: date) -> Tape:
        return self._tapes.get((symbol, day), Tape(symbol=symbol, day=day))

    def official(self, symbol: str, day: date) -> Bar | None:
        """Give a day's bar once its close is official."""
        if (symbol, day) not in self._official:
            return None
        return self._bars[symbol][day]

    def provisional_close(self, symbol: str, day: date) -> Decimal | None:
        """Give what the close of a finished session looks like so far, in USD."""
        bar = self._bars.get(symbol, {}).get(day)
        if bar is not None:
            return bar.close
        last = self.tape(symbol, day).last
        return None if last is None else last.price

    def latest(self, symbol: str, until: date) -> tuple[date, Decimal] | None:
        """Give the newest price that may be shown, and its day."""
        days = [day for (name, day), seen in self._tapes.items() if name == symbol and seen.shown]
        newest = max((day for day in days if day <= until), default=None)
        bars = self.days_until(symbol, until)
        if newest is not None and (not bars or bars[-1] <= newest):
            shown = self.tape(symbol, newest).shown
            return None if shown is None else (newest, shown.price)
        return (bars[-1], self._bars[symbol][bars[-1]].close) if bars else None

    def asked_for(self, symbol: str, day: date) -> Decimal | None:
        """Give the newest price that KIS was asked for, in USD: never one that a trade told."""
        polled = self.tape(symbol, day).polled
        if polled is not None:
            return polled.price
        before = [each for each in self._days.get(symbol, []) if each < day]
        return self._bars[symbol][before[-1]].close if before else None

    def bar(self, symbol: str, day: date) -> Bar | None:
        kept = self._bars.get(symbol, {}).get(day)
        return kept or self.tape(symbol, day).bar()

    def days_until(self, symbol: str, day: date) -> list[date]:
        """Give the days with a bar; one whose close should be official by now and is not has none.

        A plan that was made from a close which KIS may still correct would be a guess.
        """
        return [
            each
            for each in self._days.get(symbol, [])
            if each <= day
            and ((symbol, each) in self._official or self._now() < corrected_at(each))
        ]

    def last_regular(self, symbol: str, day: date) -> Decimal:
        price = self.provisional_close(symbol, day)
        if price is None:
            raise LookupError(f"{symbol} has no close on {day}")
        return price

    def path(self, symbol: str, session: Session) -> tuple[Print, ...]:
        return self.tape(symbol, session.day).path()

    # -- inside -----------------------------------------------------------------------------

    def _put(self, symbol: str, bar: Bar, *, official: bool) -> None:
        bars = self._bars.setdefault(symbol, {})
        if bar.day not in bars:
            insort(self._days.setdefault(symbol, []), bar.day)
        bars[bar.day] = bar
        if official:
            self._official.add((symbol, bar.day))

    def _record(self, seen: Tape) -> None:
        self._tapes[seen.symbol, seen.day] = seen
        self._store.keep("tape", f"{seen.symbol}|{seen.day}", seen.record())

    def _announce(self, split: Split) -> None:
        others = [s for s in self.splits if (s.symbol, s.day) != (split.symbol, split.day)]
        self.splits = tuple(sorted([*others, split], key=lambda one: (one.day, one.symbol)))


def _bar(row: dict[str, str]) -> Bar:
    opening, high, low, close = (Decimal(row[name]) for name in ("open", "high", "low", "close"))
    return Bar(date.fromisoformat(row["day"]), opening, high, low, close, int(row["volume"]))


def _split(row: dict[str, str]) -> Split:
    day = date.fromisoformat(row["day"])
    return Split(row["symbol"], day, int(row["new"]), int(row["old"]))

"""Bars page by page, back through the years: never a silent hole.

KIS has no key to the next page of a chart; the oldest bar of one page is what the next is asked by.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from kis.answers import prices as answers
from kis.errors import KisBadAnswer, ReadError
from kis.models import DailyBar, Exchange, Listing, MinuteBar
from kis.reads import Question, Reader, naming, rows_of
from kis.wire import prices as wire
from kis.wire.codes import DAILY, MINUTES

MOST_PAGES = 400
"""Pages that one question may take: at 100 days each, more than 150 years of sessions."""

OnPage = Callable[[int, date], None]

When = TypeVar("When", date, datetime)
Bar = TypeVar("Bar", DailyBar, MinuteBar)


@dataclass(frozen=True, kw_only=True, slots=True)
class DailyChart:
    """The daily bars of a symbol, `adjusted` for splits by KIS or as they were traded."""

    reader: Reader
    tr_id: str
    symbol: str
    exchange: Exchange
    adjusted: bool

    async def page(self, until: date | None) -> dict[date, DailyBar]:
        """Ask for up to 100 days up to `until`, without filler rows and days without a trade.

        Raises the ReadError family: KisBadAnswer for a malformed bar, for two different ones of
        one day and for a day after `until`.
        """
        query = wire.daily_query(self.symbol, self.exchange, until, adjusted=self.adjusted)
        question = Question(tr_id=self.tr_id, path=DAILY, query=query)
        reply = await self.reader.ask(question)
        bars: dict[date, DailyBar] = {}
        with naming(question):
            for row in rows_of(reply, "output2"):
                if not answers.untraded_bar(row, newest=not bars):
                    bar = answers.daily_bar(row)
                    _not_after(bar.day, until)
                    _add(bars, bar.day, bar)
        return bars

    async def back(self, start: date, end: date, on_page: OnPage | None) -> Listing[DailyBar]:
        """Page back from `end` to `start`; each page is asked by the oldest day of the one before.

        So every two pages share a day. A page without it leaves a hole, and the listing ends
        there and says so; a page with that day alone is where KIS's history begins.
        """
        found: dict[date, DailyBar] = {}
        until, reason = end, f"more than {MOST_PAGES} pages"
        for number in range(1, MOST_PAGES + 1):
            try:
                page = await self.page(until)
            except ReadError as error:
                if number == 1:
                    raise
                reason = f"page {number} failed: {error}"
                break
            if number > 1 and until not in page:
                reason = f"page {number} does not hold {until}, where the one before ended"
                break
            news = _merge(found, page)
            if news and on_page is not None:
                on_page(len(found), min(found))
            if not news or min(found) <= start:
                reason = ""
                break
            until = min(found)
        days = sorted(day for day in found if start <= day <= end)
        return Listing(rows=tuple(found[day] for day in days), complete=not reason, reason=reason)


@dataclass(frozen=True, kw_only=True, slots=True)
class MinuteChart:
    """The bars of `minutes` minutes of a symbol; those that end after `now` are running still."""

    reader: Reader
    tr_id: str
    symbol: str
    exchange: Exchange
    minutes: int
    now: datetime

    async def page(self, until: datetime | None) -> dict[datetime, MinuteBar]:
        """Ask for up to 120 bars, the last one starting at `until`; raises like DailyChart."""
        query = wire.minutes_query(self.symbol, self.exchange, self.minutes, until)
        question = Question(tr_id=self.tr_id, path=MINUTES, query=query)
        reply = await self.reader.ask(question)
        bars: dict[datetime, MinuteBar] = {}
        with naming(question):
            for row in rows_of(reply, "output2"):
                if not answers.untraded_minute(row):
                    bar = answers.minute_bar(row, self.symbol, self.minutes, self.now)
                    _not_after(bar.start, until)
                    _add(bars, bar.start, bar)
        return bars

    async def back(self, since: datetime) -> Listing[MinuteBar]:
        """Page back from the newest bar to `since`.

        KIS keeps about a month: a page without bars before `since` leaves the listing incomplete.
        """
        found: dict[datetime, MinuteBar] = {}
        until: datetime | None = None
        reason = f"more than {MOST_PAGES} pages"
        for number in range(1, MOST_PAGES + 1):
            try:
                page = await self.page(until)
            except ReadError as error:
                if number == 1:
                    raise
                reason = f"page {number} failed: {error}"
                break
            if not page:
                reason = f"KIS has no older minutes than {min(found, default='none at all')}"
                break
            _merge(found, page)
            if min(found) <= since:
                reason = ""
                break
            # KIS's page: one bar before the oldest is the key to the next page.
            until = min(found) - timedelta(minutes=self.minutes)
        starts = sorted(start for start in found if start >= since)
        rows = tuple(found[start] for start in starts)
        return Listing(rows=rows, complete=not reason, reason=reason)


def _not_after(when: When, until: When | None) -> None:
    if until is not None and when > until:
        raise KisBadAnswer(f"a bar of {when} lies after {until}, the last one asked for")


def _add(bars: dict[When, Bar], when: When, bar: Bar) -> None:
    if bars.setdefault(when, bar) != bar:
        raise KisBadAnswer(f"two different bars of {when}")


def _merge(found: dict[When, Bar], page: dict[When, Bar]) -> int:
    """Add an older page, and count what is new in it."""
    newest, before = max(found, default=None), len(found)
    for when, bar in page.items():
        if when != newest:  # it may be running still, and have moved since
            _add(found, when, bar)
    return len(found) - before

"""A table of traded bars that answers like KIS, for the tests of the price store."""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from bot.clock import SEOUL
from bot.laboratory import price_file
from bot.laboratory.price_source import Fetched, OnPage
from bot.laboratory.price_store import PriceStore
from bot.laboratory.price_update import Update, Wanted, update
from bot.sessions import Calendar, session_on
from strategy.corporate_actions import SplitOn
from strategy.model import Bar

T = TypeVar("T")

CALENDAR = Calendar()
NOON_AFTER = datetime(2026, 11, 21, 13, 0, tzinfo=SEOUL)
"""The afternoon in Seoul after the session of 2026-11-20: all is corrected."""

LAST = date(2026, 11, 20)


def sessions(count: int, last: date = LAST) -> list[date]:
    """Name the last so many sessions, oldest first."""
    days = [each.day for each in CALENDAR.between(last - timedelta(days=2 * count + 20), last)]
    return days[-count:]


def price(text: object) -> Decimal:
    return Decimal(str(text))


def bar(day: date, close: object = 60, *, opening: object = None, volume: int = 90_000) -> Bar:
    """Make a quiet bar; its range is a dollar each way."""
    end = price(close)
    start = end if opening is None else price(opening)
    return Bar(
        day=day,
        open=start,
        high=max(start, end) + 1,
        low=min(start, end) - 1,
        close=end,
        volume=volume,
    )


def traded(days: Sequence[date], splits: Sequence[SplitOn] = (), *, close: int = 60) -> list[Bar]:
    """Make bars of a price that stands still at `close` in the last shares but for its splits."""
    bars = []
    for place, day in enumerate(days):
        shares = price_file.shares_since(day, splits)
        factor = Decimal(shares.numerator) / shares.denominator
        end = round((close + Decimal(place % 7) / 4) * factor, 4)
        volume = max(int((90_000 + 1000 * (place % 5)) / shares), 1)
        bars.append(bar(day, end, volume=volume))
    return bars


@dataclass
class Table:
    """A `DailySource`: what KIS has of one symbol, and what goes wrong with it."""

    bars: list[Bar]
    splits: list[SplitOn] = field(default_factory=list)
    announces: bool = False
    adjusts: bool = False
    cut_at: date | None = None
    silent: Exception | None = None
    name: str = "KIS"
    exchange: str = "NASDAQ"
    asked: list[tuple[date, date]] = field(default_factory=list)

    async def history(self, start: date, end: date, on_page: OnPage) -> Fetched:
        self.asked.append((start, end))
        if self.silent is not None:
            raise self.silent
        found = tuple(each for each in self.bars if start <= each.day <= end)
        if found:
            on_page(len(found), found[0].day)
        if self.cut_at is None or not found or found[0].day >= self.cut_at:
            return Fetched(bars=found)
        kept = tuple(each for each in found if each.day >= self.cut_at)
        return Fetched(bars=kept, reason="page 2 failed: EGW00300")

    async def adjusted(self, until: date) -> Mapping[date, Bar]:
        if self.silent is not None:
            return {}
        splits = self.splits if self.adjusts else []
        page = [each for each in self.bars if each.day <= until][-100:]
        return {each.day: _adjusted(each, splits) for each in page}

    async def announced(self, start: date, end: date) -> Sequence[SplitOn]:
        if not self.announces:
            return []
        return [each for each in self.splits if start <= each.day <= end]


def _adjusted(each: Bar, splits: Sequence[SplitOn]) -> Bar:
    shares = price_file.shares_since(each.day, splits)
    factor = Decimal(shares.denominator) / shares.numerator
    opening, high, low, close = (
        round(figure * factor, 4) for figure in (each.open, each.high, each.low, each.close)
    )
    return Bar(day=each.day, open=opening, high=high, low=low, close=close, volume=each.volume)


def run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


def updated(
    home: Path,
    table: Table,
    *,
    start: date | None = None,
    end: date | None = None,
    now: datetime = NOON_AFTER,
    calendar: Calendar = CALENDAR,
) -> Update:
    return run(
        update(
            PriceStore(home),
            table,
            Wanted(symbol="TQQQ", start=start, end=end),
            calendar=calendar,
            now=now,
            on_page=lambda _count, _oldest: None,
        )
    )


def csv_of(home: Path) -> str:
    return PriceStore(home).path("TQQQ").read_text(encoding="utf-8")


def closed_on(day: date) -> Calendar:
    """Give a calendar on which a day is no session."""
    return Calendar(overrides={day: None})


def open_on(day: date) -> Calendar:
    """Give a calendar on which a day is a session."""
    return Calendar(overrides={day: session_on(day)})

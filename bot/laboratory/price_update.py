"""Bringing a symbol's stored bars up to date: what to ask for, what was split, what changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypedDict

from bot.clock import SEOUL
from bot.errors import MuhanError
from bot.laboratory.price_repair import find_seams
from bot.laboratory.price_seams import Seam
from bot.laboratory.price_source import DailySource, Fetched, OnPage
from bot.laboratory.price_store import Card, PriceStore, Stored, StoreDamaged
from bot.sessions import Calendar
from strategy.model import Bar

EARLIEST = date(1960, 1, 1)
"""No US listing that KIS serves has daily bars before it."""

ASKED_AGAIN = 10
"""Sessions of the store that every update asks for again: KIS corrects, and splits come late."""

CORRECTED_BY = time(12, 0)
"""By noon in Seoul KIS has corrected the bars of the night (domain/kis.md 6.6)."""

_ONE_DAY = timedelta(days=1)


class NoBars(MuhanError):
    """KIS has no bars of the symbol in those days."""


class OtherSource(MuhanError):
    """The store holds another market's prices."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """A symbol and the days wanted of it: all there are, when none are named."""

    symbol: str
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """A stored bar that KIS shows differently now, as traded."""

    before: Bar
    after: Bar


@dataclass(frozen=True, kw_only=True, slots=True)
class Update:
    """What an update did: `corrected` bars had been provisional, `changed` ones had not.

    `anew` says that what was stored before was damaged, and is not there any more.
    """

    stored: Stored
    added: int
    corrected: tuple[Change, ...]
    changed: tuple[Change, ...]
    new_seams: tuple[Seam, ...]
    anew: bool


async def update(
    store: PriceStore,
    source: DailySource,
    wanted: Wanted,
    *,
    calendar: Calendar,
    now: datetime,
    on_page: OnPage,
) -> Update:
    """Ask for what the store lacks and for its last days again, and write it.

    A damaged store is fetched anew. An asking that was cut short keeps what came, and the next
    update asks for the rest. Raises MuhanError with nothing written, and OSError.
    """
    old, anew = _stored(store, wanted.symbol)
    if old is not None and old.card.source != source.name:
        raise _other_source(wanted.symbol, old.card.source, source.name)
    start, end = _window(old, wanted, calendar, now)
    fetched = await source.history(start, end, on_page) if start <= end else Fetched(bars=())
    fresh = [bar for bar in fetched.bars if _is_sound(bar)]
    if not fresh and old is None:
        raise _no_bars(wanted.symbol)
    bars = _joined(old, fresh)
    seams, jumps = await find_seams(source, old, bars, start)
    whole_from, earliest = _wholeness(old, start, fetched, bars)
    card = Card(
        symbol=wanted.symbol,
        exchange=source.exchange,
        source=source.name,
        asked_at=now,
        whole_from=whole_from,
        earliest=earliest,
        reason=fetched.reason,
        provisional=_provisional(old, fresh, now),
        seams=seams,
        jumps=jumps,
        **_oddities(old, fetched, bars, calendar),
    )
    stored = Stored(card=store.write(card, bars), bars=tuple(bars))
    return _told(old, stored, fresh, anew=anew)


def last_finished(calendar: Calendar, now: datetime) -> date:
    """Name the last New York session that is over."""
    session = calendar.current_or_next(now)
    return calendar.previous(session.day).day


def _stored(store: PriceStore, symbol: str) -> tuple[Stored | None, bool]:
    try:
        return store.read(symbol), False
    except StoreDamaged:
        return None, True


def _window(
    old: Stored | None, wanted: Wanted, calendar: Calendar, now: datetime
) -> tuple[date, date]:
    """Choose the days to ask for; a store that covers what is wanted has its last days asked."""
    end = last_finished(calendar, now)
    start = wanted.start or EARLIEST
    if old is None:
        return start, min(end, wanted.end or end)
    if old.card.earliest or start >= old.card.whole_from:
        return old.bars[-ASKED_AGAIN:][0].day, end
    return start, end


def _is_sound(bar: Bar) -> bool:
    """Tell a bar that contradicts itself: KIS's open may, until it is corrected."""
    return bar.low <= min(bar.open, bar.close) and max(bar.open, bar.close) <= bar.high


def _joined(old: Stored | None, fresh: Sequence[Bar]) -> list[Bar]:
    known = {} if old is None else {bar.day: bar for bar in old.bars}
    bars = known | {bar.day: bar for bar in fresh}
    return [bars[day] for day in sorted(bars)]


def _wholeness(
    old: Stored | None, start: date, fetched: Fetched, bars: Sequence[Bar]
) -> tuple[date, bool]:
    """Say from which day on every session was asked for, and whether KIS has none before it."""
    asked = min((bar.day for bar in fetched.bars), default=None)
    whole = not fetched.reason
    if old is not None and (asked is None or asked <= old.last):
        # It joins what was whole already; a whole answer may reach further back.
        if whole and start < old.card.whole_from:
            return _whole_since(start, bars)
        return old.card.whole_from, old.card.earliest
    if whole:
        return _whole_since(start, bars)
    return asked or start, False


def _whole_since(start: date, bars: Sequence[Bar]) -> tuple[date, bool]:
    return (bars[0].day, True) if start == EARLIEST else (start, False)


def _provisional(old: Stored | None, fresh: Sequence[Bar], now: datetime) -> date | None:
    """Name the day whose bar KIS may still correct."""
    if not fresh:
        return old.card.provisional if old else None
    last = fresh[-1].day
    return last if now < datetime.combine(last + _ONE_DAY, CORRECTED_BY, SEOUL) else None


class _Oddities(TypedDict):
    gaps: tuple[date, ...]
    strays: tuple[date, ...]
    odd: tuple[date, ...]


def _oddities(
    old: Stored | None, fetched: Fetched, bars: Sequence[Bar], calendar: Calendar
) -> _Oddities:
    sessions = {each.day for each in calendar.between(bars[0].day, bars[-1].day)}
    days = {bar.day for bar in bars}
    odd = {bar.day for bar in fetched.bars} | set(old.card.odd if old else ())
    return _Oddities(
        gaps=tuple(sorted(sessions - days)),
        strays=tuple(sorted(days - sessions)),
        odd=tuple(sorted(odd - days)),
    )


def _told(old: Stored | None, stored: Stored, fresh: Sequence[Bar], *, anew: bool) -> Update:
    known = {} if old is None else {bar.day: bar for bar in old.bars}
    changes = [
        Change(before=known[bar.day], after=bar)
        for bar in fresh
        if bar.day in known and known[bar.day] != bar
    ]
    provisional = None if old is None else old.card.provisional
    seams = () if old is None else old.card.seams
    return Update(
        stored=stored,
        added=sum(bar.day not in known for bar in fresh),
        corrected=tuple(change for change in changes if change.after.day == provisional),
        changed=tuple(change for change in changes if change.after.day != provisional),
        new_seams=tuple(seam for seam in stored.card.seams if seam not in seams),
        anew=anew,
    )


def _no_bars(symbol: str) -> NoBars:
    return NoBars(
        f"한투에 그 기간의 {symbol} 일봉이 없습니다: 종목과 날짜를 확인해 주세요.",
        f"KIS has no daily bars of {symbol} in those days: look at the ticker and the dates.",
    )


def _other_source(symbol: str, stored: str, asked: str) -> OtherSource:
    return OtherSource(
        f"저장된 {symbol} 시세는 {stored}에서 받은 것이라 {asked}의 시세와 섞지 않습니다: "
        "MUHAN_HOME을 따로 정해 주세요.",
        f"The stored prices of {symbol} are from {stored} and are not mixed with those of {asked}: "
        "set another MUHAN_HOME.",
    )

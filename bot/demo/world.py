"""The demo's market: bars and the sessions they were traded in, as values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.errors import CalendarEnded, MuhanError
from bot.laboratory.bars import FileRefused, read_bars
from bot.sessions import OVERRIDES_NAME, Calendar, Session, session_on
from kis.simulator.market import seeded_bars
from kis.simulator.model import Bar, Split
from kis.simulator.model import Session as MarketSession
from kis.simulator.scenarios import Scenario

FIRST_DAY = date(2026, 10, 2)
LAST_DAY = date(2027, 12, 30)
OFFERED = ("TQQQ", "SOXL")
"""Symbols that the chat's setup offers: a made-up market has them all."""


class WorldRefused(MuhanError):
    """The prices or the dates asked for make no market."""


@dataclass(frozen=True, kw_only=True, slots=True)
class World:
    """Sessions, oldest first, and each symbol's bars; the first session is only history."""

    sessions: tuple[Session, ...]
    bars: Mapping[str, Sequence[Bar]]

    def market_sessions(self) -> list[MarketSession]:
        return [MarketSession(each.day, each.open, each.close) for each in self.sessions]

    def between(self, start: date | None, end: date | None) -> tuple[Session, ...]:
        """List the sessions that can be traded: every one but the first, inside the dates."""
        return tuple(
            each
            for each in self.sessions[1:]
            if (start is None or each.day >= start) and (end is None or each.day <= end)
        )


def seeded(
    seed: int,
    symbol: str,
    *,
    start: date | None = None,
    scenario: Scenario = Scenario.ORDINARY,
    splits: Sequence[Split] = (),
) -> World:
    """Make the market of a seed: sessions from the day before `start` to the calendar's end.

    A scenario begins with the first session that can be traded.
    """
    calendar = Calendar()
    first = calendar.previous(start).day if start else FIRST_DAY
    sessions = tuple(calendar.between(first, max(LAST_DAY, first)))
    if len(sessions) < 2:
        raise WorldRefused(
            f"{start}부터는 달력에 거래일이 없습니다: {LAST_DAY} 이전으로 정해 주세요.",
            f"The calendar has no sessions from {start} on: choose a day before {LAST_DAY}.",
        )
    days = [each.day for each in sessions]
    bars = {
        each: seeded_bars(seed, each, days, scenario, since=days[1], splits=splits)
        for each in dict.fromkeys((symbol, *OFFERED))
    }
    return World(sessions=sessions, bars=bars)


def from_files(paths: Mapping[str, Path]) -> World:
    """Read a market from CSV files by symbol. Raises WorldRefused with the file's own sentence."""
    bars: dict[str, list[Bar]] = {}
    for symbol, path in paths.items():
        try:
            read = read_bars(path, allow_penny=True)
        except FileRefused as error:
            raise WorldRefused(f"시세를 쓸 수 없습니다: {error}", f"No market: {error}") from error
        bars[symbol] = [
            Bar(each.day, each.open, each.high, each.low, each.close, each.volume) for each in read
        ]
    days = sorted({each.day for rows in bars.values() for each in rows})
    calendar = Calendar()
    return World(sessions=tuple(_session(calendar, day) for day in days), bars=bars)


def files_of(prices: Path, symbol: str | None) -> dict[str, Path]:
    """Name the CSV files by symbol: one file (by its stem unless said), or all of a folder."""
    if prices.is_dir():
        return {path.stem.upper(): path for path in sorted(prices.glob("*.csv"))}
    return {symbol or prices.stem.upper(): prices}


def _session(calendar: Calendar, day: date) -> Session:
    """A day that has a bar is a session, whatever the calendar says."""
    try:
        return calendar.session(day) or session_on(day)
    except CalendarEnded:
        return session_on(day)


def write_overrides(home: Path, traded: Sequence[Session]) -> None:
    """Tell the bot where this market differs from New York's calendar, in its own override file."""
    calendar = Calendar()
    here = {each.day: each for each in traded}
    lines = [
        f"{each.day},closed"
        for each in calendar.between(traded[0].day, traded[-1].day)
        if each.day not in here
    ] + [
        f"{each.day},{each.open:%H:%M},{each.close:%H:%M}"
        for each in traded
        if calendar.session(each.day) != each
    ]
    if lines:
        (home / OVERRIDES_NAME).write_text("\n".join(sorted(lines)) + "\n", encoding="utf-8")

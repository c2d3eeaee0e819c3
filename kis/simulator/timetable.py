"""The day's phases, and every market event in its order."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import IntEnum

from kis.simulator.model import NEW_YORK, SEOUL, ZERO, Phase, Session

PRE_MARKET = time(4, 0)
AFTER_MARKET_END = time(20, 0)
GATEWAY_OPENS_AFTER = timedelta(minutes=10)
AUCTION_CUT_OFF = timedelta(minutes=10)
HORIZON = timedelta(hours=24)
DAYTIME = (time(10, 0), time(16, 0))


class EventKind(IntEnum):
    """What happens to the market; the numbers order events of one instant."""

    PRE_MARKET = 0
    OPEN = 1
    PRINT = 2
    CLOSE = 3
    REPORT = 4
    AFTER_MARKET_END = 5
    DAYTIME_END = 6


@dataclass(frozen=True, slots=True, order=True)
class Event:
    at: datetime
    kind: EventKind
    day: date
    symbol: str = ""
    price: Decimal = ZERO
    volume: int = 0


class Timetable:
    """Sessions in UTC, the phase of an instant, and the instants that matter."""

    def __init__(self, sessions: Sequence[Session]) -> None:
        if not sessions:
            raise ValueError("the simulator needs at least one session")
        self.sessions = sorted(
            (Session(s.day, s.open.astimezone(UTC), s.close.astimezone(UTC)) for s in sessions),
            key=lambda session: session.day,
        )
        self._pre = [_at(session.day, PRE_MARKET) for session in self.sessions]
        self._opens = [session.open for session in self.sessions]
        self._closes = [session.close for session in self.sessions]
        self.by_day = {session.day: session for session in self.sessions}

    @property
    def horizon(self) -> datetime:
        """The last instant that time may reach: a day after the last session's close."""
        return self.sessions[-1].close + HORIZON

    def session_at(self, now: datetime) -> Session | None:
        """Give the session whose day is running, from pre-market to after-market's end."""
        index = bisect_right(self._pre, now) - 1
        if index < 0 or now >= _at(self.sessions[index].day, AFTER_MARKET_END):
            return None
        return self.sessions[index]

    def phase(self, now: datetime) -> Phase:
        session = self.session_at(now)
        if session is None:
            return Phase.CLOSED
        if now < session.open:
            return Phase.PRE
        return Phase.REGULAR if now < session.close else Phase.AFTER

    def gateway_is_warming_up(self, now: datetime) -> bool:
        """Tell whether an order would meet EGW00202 (first ten minutes of the pre-market)."""
        session = self.session_at(now)
        return session is not None and now < _at(session.day, PRE_MARKET) + GATEWAY_OPENS_AFTER

    def latest_started(self, now: datetime) -> Session | None:
        """Give the latest session whose regular trading has begun."""
        index = bisect_right(self._opens, now) - 1
        return self.sessions[index] if index >= 0 else None

    def next_open(self, now: datetime) -> Session | None:
        index = bisect_right(self._opens, now)
        return self.sessions[index] if index < len(self.sessions) else None

    def next_close(self, now: datetime) -> Session | None:
        index = bisect_right(self._closes, now)
        return self.sessions[index] if index < len(self.sessions) else None

    def next_pre_market(self, now: datetime) -> datetime | None:
        index = bisect_right(self._pre, now)
        return self._pre[index] if index < len(self._pre) else None

    def following(self, day: date, count: int = 1) -> date:
        """Give the session day `count` sessions after a day, or week days past the table."""
        later = [session.day for session in self.sessions if session.day > day][:count]
        if len(later) == count:
            return later[-1]
        last = later[-1] if later else day
        for _ in range(count - len(later)):
            last += timedelta(days=3 if last.weekday() == 4 else 1)
        return last

    def agenda(self, index: int, lag: timedelta) -> list[Event]:
        """Give one session's events but its prints, in order."""
        session = self.sessions[index]
        return sorted(
            [
                Event(daytime(session.day)[1], EventKind.DAYTIME_END, session.day),
                Event(self._pre[index], EventKind.PRE_MARKET, session.day),
                Event(session.open, EventKind.OPEN, session.day),
                Event(session.close, EventKind.CLOSE, session.day),
                Event(session.close + lag, EventKind.REPORT, session.day),
                Event(_at(session.day, AFTER_MARKET_END), EventKind.AFTER_MARKET_END, session.day),
            ]
        )

    def index_at(self, now: datetime) -> int:
        """Give the index of the session that began last, or 0."""
        return max(bisect_right(self._pre, now) - 1, 0)


def daytime(day: date) -> tuple[datetime, datetime]:
    """Give when the daytime market (주간거래) ahead of a session begins and ends, by Seoul."""
    begins, ends = (datetime.combine(day, moment, SEOUL) for moment in DAYTIME)
    return begins.astimezone(UTC), ends.astimezone(UTC)


def _at(day: date, moment: time) -> datetime:
    return datetime.combine(day, moment, NEW_YORK).astimezone(UTC)

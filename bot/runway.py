"""How long the money lasts: sessions until USD run out, and the days on which won stay won."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache

from holidays import HolidayBase, country_holidays

from bot.clock import SEOUL
from bot.errors import CalendarEnded
from bot.sessions import Calendar, Session
from strategy.model import ZERO, Cycle

BANKS_OPEN, BANKS_CLOSE = time(9, 0), time(15, 30)
"""When banks in Seoul trade won for dollars at the day's own spread; outside it is dearer."""
ONE_DAY = timedelta(days=1)
_SATURDAY = 5
FAR = 250
"""Sessions beyond which nobody needs a date: about a year."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Need:
    """What the buys of one session may take from the account (USD), by cycle."""

    cycle_id: int
    symbol: str
    per_session: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class Runway:
    """For how many sessions `usd` pay `per_session`, if every buy fills and nothing is sold.

    `short_on` is the first session that they do not pay, None beyond a year or without a need.
    `shut` are the days before it, and up to a week ahead, on which won are not exchanged though New
    York trades.
    """

    usd: Decimal
    per_session: Decimal
    sessions: int
    short_on: date | None
    shut: tuple[date, ...] = ()

    @property
    def warns(self) -> bool:
        """Tell whether USD run out at, or right after, days on which none can be bought.

        Right after: by the next day on which banks open, which may be too late to notice.
        """
        return (
            self.short_on is not None
            and bool(self.shut)
            and self.short_on <= _bank_day_after(self.shut[-1])
        )


def need_of(cycle_id: int, cycle: Cycle, unit: Decimal | None) -> Need:
    """Give a cycle's need: the day's unit of its last plan, else its money over its splits."""
    known = unit or cycle.unit or cycle.principal / cycle.rules.splits
    return Need(
        cycle_id=cycle_id,
        symbol=cycle.rules.symbol,
        per_session=min(known, max(cycle.cash, ZERO)),
    )


def runway(usd: Decimal, needs: Iterable[Need], calendar: Calendar, first: Session) -> Runway:
    """Count the sessions from `first` on that `usd` pay for.

    An upper bound of what is spent: sales bring USD back, and rungs seldom fill.
    """
    per_session = sum((need.per_session for need in needs), ZERO)
    if per_session <= 0:
        return Runway(usd=usd, per_session=ZERO, sessions=0, short_on=None)
    count = int(max(usd, ZERO) // per_session)
    short_on = _session_after(calendar, first, count) if count < FAR else None
    return Runway(
        usd=usd,
        per_session=per_session,
        sessions=count,
        short_on=short_on,
        shut=shut_days(calendar, first.day, short_on),
    )


def shut_days(calendar: Calendar, first: date, short_on: date | None) -> tuple[date, ...]:
    """List the Korean holidays among the sessions until USD run out, a week ahead at the most."""
    last = min(first + timedelta(days=7), date(calendar.last_year, 12, 31))
    if short_on is not None:
        last = min(last, short_on)
    days = [session.day for session in calendar.between(first, last)]
    return tuple(day for day in days if not banks_open(day))


def _session_after(calendar: Calendar, first: Session, count: int) -> date | None:
    """Find the session so many after `first`; None where the calendar does not reach."""
    last_known = date(calendar.last_year, 12, 31)
    end = min(first.day + timedelta(days=2 * count + 15), last_known)
    sessions: Sequence[Session] = calendar.between(first.day, end)
    return sessions[count].day if count < len(sessions) else None


def banks_open(day: date) -> bool:
    """Tell whether won are exchanged and settled in Seoul on a day: weekdays but holidays."""
    return day.weekday() < _SATURDAY and day not in korean_holidays()


def _bank_day_after(day: date) -> date:
    following = day + ONE_DAY
    while not banks_open(following):
        following += ONE_DAY
    return following


def banks_next(now: datetime) -> datetime | None:
    """Say when banks open next in Seoul; None while they are open at an aware instant."""
    here = now.astimezone(SEOUL)
    if banks_open(here.date()) and BANKS_OPEN <= here.time() < BANKS_CLOSE:
        return None
    day = here.date() if here.time() < BANKS_OPEN else here.date() + ONE_DAY
    while not banks_open(day):
        day += ONE_DAY
    return datetime.combine(day, BANKS_OPEN, SEOUL)


def settled_in_seoul(session: date, calendar: Calendar) -> date:
    """Give the day on which a trade of a session settles in Seoul: New York's T+1, and a day.

    New York settles on no federal holiday, though it may trade on one (Columbus Day, Veterans
    Day); Seoul on no holiday of its own. KIS's own date, where it is known, is the better one.
    """
    try:
        local = calendar.following(session).day
        while local in _federal_holidays():
            local = calendar.following(local).day
    except CalendarEnded:  # the year's last trades: no session is known after them, weekdays are
        local = session + ONE_DAY
        while local.weekday() >= _SATURDAY or local in _federal_holidays():
            local += ONE_DAY
    settled = local + ONE_DAY
    while not banks_open(settled):
        settled += ONE_DAY
    return settled


@lru_cache(maxsize=1)
def korean_holidays() -> HolidayBase:
    return country_holidays("KR")


@lru_cache(maxsize=1)
def _federal_holidays() -> HolidayBase:
    return country_holidays("US")

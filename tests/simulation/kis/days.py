"""The days of the simulated market: sessions begin, prices come, some are called off.

Each session begins at 03:30 in New York, half an hour before its pre-market.
"""

from datetime import UTC, date, datetime, timedelta
from functools import partial

from bot.errors import CalendarEnded
from bot.sessions import Calendar, Session
from tests.simulation.faults import Fault
from tests.simulation.kis.book import Day
from tests.simulation.kis.exchange import Exchange
from tests.simulation.kis.mishaps import Mishaps
from tests.simulation.kis.plans import Plans
from tests.simulation.market import HISTORY, PRE_MARKET
from tests.simulation.world import World

BEGINS = timedelta(minutes=30)
_SATURDAY = 5


class Days:
    """Brings one session after the other about, as the calendar has them."""

    def __init__(
        self,
        world: World,
        calendar: Calendar,
        exchange: Exchange,
        mishaps: Mishaps,
        plans: Plans,
    ) -> None:
        self._world = world
        self._calendar = calendar
        self._exchange = exchange
        self._mishaps = mishaps
        self._plans = plans

    def begin(self) -> None:
        """Arrange the session that runs now, or the next one."""
        self._arrange(self._calendar.current_or_next(self._world.now))

    def _arrange(self, session: Session) -> None:
        begins = session.open.astimezone(UTC) - PRE_MARKET - BEGINS
        if begins <= self._world.now:
            self._start(session)
        else:
            self._world.at(begins, lambda: self._start(session))

    def _start(self, session: Session) -> None:
        off = self._mishaps.strikes(Fault.CALENDAR, f"{session.day} is called off")
        day = _day(session, closed=off)
        before = self._exchange.book.get(self._calendar.previous(session.day).day, [])
        self._exchange.begin(day)
        self._plans.split(day)
        self._plans.plan(day, before)
        self._circumstances(session)
        for symbol, tape in self._exchange.market.tapes.items():
            for one in tape.plan(session):
                self._world.at(one.at, partial(self._exchange.happen, symbol, one))
        self._world.at(day.closes, self._exchange.close)
        self._world.at(day.closes + timedelta(hours=1), lambda: self._after(session))

    def _circumstances(self, session: Session) -> None:
        """Count holidays, half days and the weeks around a change of clocks."""
        gap = session.day - self._calendar.previous(session.day).day
        between = [session.day - timedelta(days=n) for n in range(1, gap.days)]
        if session.early_close or any(day.weekday() < _SATURDAY for day in between):
            self._mishaps.met(Fault.CALENDAR)
        week = timedelta(days=7)
        if (session.open + week).utcoffset() != (session.open - week).utcoffset():
            self._mishaps.met(Fault.DAYLIGHT_SAVING)

    def _after(self, session: Session) -> None:
        try:
            following = self._calendar.following(session.day)
        except CalendarEnded:
            return
        self._plans.announce(_day(following, closed=False))
        self._arrange(following)


def past_of(calendar: Calendar, now: datetime) -> list[date]:
    """Give the sessions before the world's first one, oldest first."""
    day = calendar.current_or_next(now).day
    past: list[date] = []
    while len(past) < HISTORY:
        day = calendar.previous(day).day
        past.append(day)
    return past[::-1]


def _day(session: Session, *, closed: bool) -> Day:
    opens = session.open.astimezone(UTC)
    return Day(
        day=session.day,
        pre=opens - PRE_MARKET,
        opens=opens,
        closes=session.close.astimezone(UTC),
        closed=closed,
    )

"""The days of the simulated market: sessions begin, prices come, splits and closures happen.

Each session begins at 03:30 in New York, half an hour before its pre-market.
"""

from datetime import UTC, date, datetime, timedelta
from functools import partial

from bot.errors import CalendarEnded
from bot.sessions import Calendar, Session
from tests.simulation.kis.exchange import Day, Exchange
from tests.simulation.market import HISTORY, PRE_MARKET
from tests.simulation.world import World

BEGINS = timedelta(minutes=30)


class Days:
    """Brings one session after the other about, as the calendar has them."""

    def __init__(self, world: World, calendar: Calendar, exchange: Exchange) -> None:
        self._world = world
        self._calendar = calendar
        self._exchange = exchange

    def begin(self) -> None:
        """Arrange the session that runs now, or the next one."""
        self._arrange(self._calendar.current_or_next(self._world.now))

    def _arrange(self, session: Session) -> None:
        opens = session.open.astimezone(UTC)
        begins = opens - PRE_MARKET - BEGINS
        if begins <= self._world.now:
            self._start(session)
        else:
            self._world.at(begins, lambda: self._start(session))

    def _start(self, session: Session) -> None:
        opens, closes = session.open.astimezone(UTC), session.close.astimezone(UTC)
        day = Day(day=session.day, pre=opens - PRE_MARKET, opens=opens, closes=closes, closed=False)
        self._exchange.begin(day)
        for symbol, tape in self._exchange.market.tapes.items():
            for one in tape.plan(session):
                self._world.at(one.at, partial(self._exchange.happen, symbol, one))
        self._world.at(closes, self._exchange.close)
        self._world.at(closes + timedelta(hours=1), lambda: self._after(session))

    def _after(self, session: Session) -> None:
        try:
            following = self._calendar.following(session.day)
        except CalendarEnded:
            return
        self._arrange(following)


def past_of(calendar: Calendar, now: datetime) -> list[date]:
    """Give the sessions before the world's first one, oldest first."""
    day = calendar.current_or_next(now).day
    past: list[date] = []
    while len(past) < HISTORY:
        day = calendar.previous(day).day
        past.append(day)
    return past[::-1]

"""Where in its session an instant stands: the bar that it belongs to."""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from kis.models import SEOUL, MarketHours


class Session(NamedTuple):
    """Hours in which trades make bars, opening and closing instant included (aware).

    Regular hours, an early close, pre- and after-market: each is a session of its own, and bars
    are counted from its opening. The closing auction's trade is stamped with the close and belongs
    to the last bar. Where the next session opens at that instant, it is that one's, unless `hours`
    tells: a trade of the closing session's hours stays there.
    """

    opens: datetime
    closes: datetime
    hours: MarketHours | None = None


class Hours:
    """The bars' places in a list of sessions. Raises ValueError when they overlap.

    `zone` is the one in which the sessions were given, and their bars are.
    """

    def __init__(self, sessions: Iterable[Session], minutes: int) -> None:
        if minutes < 1:
            raise ValueError("a bar takes a minute at least")
        given = tuple(sessions)
        self.zone = given[0].opens.tzinfo if given else SEOUL
        # In one zone without daylight saving, as trades are: comparing is quick and never odd.
        here = (
            Session(opens.astimezone(SEOUL), closes.astimezone(SEOUL), hours)
            for opens, closes, hours in given
        )
        self._sessions = sorted(here, key=lambda session: session.opens)
        if any(session.opens >= session.closes for session in self._sessions):
            raise ValueError("a session opens before it closes")
        if any(one.closes > next_one.opens for one, next_one in pairwise(self._sessions)):
            raise ValueError("sessions do not overlap")
        self._opens = [session.opens for session in self._sessions]
        self._closes = frozenset(session.closes for session in self._sessions)
        self._length = timedelta(minutes=minutes)

    def place(
        self, at: datetime, hours: MarketHours | None = None
    ) -> tuple[datetime, datetime] | None:
        """Give the start and the end of the bar that an instant of such hours belongs to."""
        number = bisect_right(self._opens, at) - 1
        if number < 0:
            return None
        if hours is not None and number and at == self._opens[number] and self.shared(at):
            number -= self._sessions[number - 1].hours is hours
        opens, closes, _ = self._sessions[number]
        if at > closes:
            return None
        inside = min(at, closes - timedelta.resolution)
        start = opens + (inside - opens) // self._length * self._length
        return start, min(start + self._length, closes)

    def shared(self, at: datetime) -> bool:
        """Tell whether a session closes at an instant: its trades may be of two sessions."""
        return at in self._closes

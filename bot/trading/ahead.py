"""Which session comes next for a cycle, and from which a change counts."""

from datetime import date, datetime

from bot.sessions import Calendar
from bot.timetable import timetable


def next_planned(
    calendar: Calendar,
    now: datetime,
    *,
    latest: date | None = None,
    first_session: date | None = None,
) -> date:
    """Give the first session that can still be planned: no round yet, its deadline ahead."""
    session = calendar.current_or_next(now)
    while (
        timetable(session).deadline <= now
        or (latest is not None and session.day <= latest)
        or (first_session is not None and session.day < first_session)
    ):
        session = calendar.following(session.day)
    return session.day


def next_untouched(calendar: Calendar, now: datetime) -> date:
    """Give the first session whose evening has not begun: a position taken over starts there."""
    session = calendar.current_or_next(now)
    while timetable(session).propose_at <= now:
        session = calendar.following(session.day)
    return session.day

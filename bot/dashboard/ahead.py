"""What happens next: the hours of a session's day in Seoul's time, and which of them are over."""

from dataclasses import dataclass
from datetime import datetime

from bot.addresses import Venue
from bot.dashboard.words import Both
from bot.errors import CalendarEnded
from bot.sessions import Calendar
from bot.timetable import DEFAULT_HOURS, REHEARSAL_HOURS, Timetable, timetable


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One of the day's hours (aware)."""

    at: datetime
    what: Both


def steps(table: Timetable) -> tuple[Step, ...]:
    """Name the hours of a session's day, in their order."""
    session = table.session
    named = [
        Step(at=table.propose_at, what=("계획과 알림", "the plan is made and told")),
        Step(at=table.send_from, what=("주문 시작", "orders go out from here")),
        Step(at=session.open, what=("미국장 개장", "New York opens")),
        Step(at=table.deadline, what=("승인과 주문 마감", "last call for approval and orders")),
        Step(at=session.close, what=("미국장 마감", "New York closes")),
        Step(at=table.settle_at, what=("정산과 결과", "the result is booked and told")),
    ]
    return tuple(sorted(named, key=lambda step: step.at))


def day_at(calendar: Calendar, venue: str, now: datetime) -> Timetable | None:
    """Give the hours of the day that is on at an instant, else of the next one.

    A day is on until it is settled. None past the last year that the calendar knows.
    """
    hours = REHEARSAL_HOURS if venue == Venue.PAPER else DEFAULT_HOURS
    try:
        coming = calendar.current_or_next(now)
        before = timetable(calendar.previous(coming.day), hours)
        return before if now < before.settle_at else timetable(coming, hours)
    except CalendarEnded:
        return None

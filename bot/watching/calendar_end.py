"""The session calendar ends with a year: the owner hears of it a fortnight before (row 50)."""

from datetime import date, timedelta

from bot.clock import NEW_YORK
from bot.events import CalendarEnding
from bot.storage.watch_projections import calendar_ending, told_already
from bot.trading.desk import Desk

BEFORE = (14, 7, 3, 1, 0)
ONE_DAY = timedelta(days=1)


class CalendarGuard:
    """Tell of the calendar's end so many days before, and when it has come."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._seen: date | None = None

    async def look(self) -> None:
        """Tell once at each of the days before the end; once a day is looked at."""
        today = self._desk.clock.now().astimezone(NEW_YORK).date()
        if today == self._seen:
            return
        last_day = date(self._desk.calendar.last_year, 12, 31)
        left = (last_day - today).days + 1
        reached = [days for days in BEFORE if left <= days]
        if reached:
            event = CalendarEnding(last_day=last_day, days=reached[-1])
            async with self._desk.recording() as recording:
                if not await told_already(recording.transaction, calendar_ending(event)):
                    await recording.record(event)
        self._seen = today

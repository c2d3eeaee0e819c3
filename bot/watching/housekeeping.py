"""Once a day, when no order is out or due, the state file is tidied: see `bot.storage.keeping`."""

from datetime import date, datetime, time, timedelta

import structlog

from bot.clock import SEOUL
from bot.storage.failing import StorageFailing
from bot.storage.keeping import Keeping
from bot.trading.desk import Desk

FROM, UNTIL = time(13, 0), time(17, 0)
"""Seoul: after the closes are final (12:00), and well before the evening's plan (18:20)."""

log = structlog.get_logger(__name__)


class Housekeeping:
    """Tidy in the early afternoon of Seoul; a bot that was off then does so the day after."""

    def __init__(self, desk: Desk, keeping: Keeping) -> None:
        self._desk = desk
        self._keeping = keeping
        self._done: date | None = None

    async def look(self) -> datetime | None:
        """Tidy where it is time and not done yet today; answer when it is next."""
        now = self._desk.clock.now().astimezone(SEOUL)
        if now.time() < FROM:
            return _at(now.date())
        if now.time() < UNTIL and self._done != now.date():
            self._done = now.date()  # before it: what fails is not tried again every minute
            await self._tidy(now)
        return _at(now.date() + timedelta(days=1))

    async def _tidy(self, now: datetime) -> None:
        try:
            kept = await self._keeping.keep(now)
        except (StorageFailing, OSError) as failing:
            # Whoever has to write something hears of the disk by himself; nobody stops for a broom.
            log.warning("the state file could not be tidied", reason=_reason(failing))
            return
        if kept.rows or kept.given_back:
            log.info("tidied the state file", rows=kept.rows, given_back=kept.given_back)


def _reason(failing: StorageFailing | OSError) -> str:
    return failing.reason if isinstance(failing, StorageFailing) else str(failing.strerror)


def _at(day: date) -> datetime:
    return datetime.combine(day, FROM, SEOUL)

"""A program that starts again and again holds its orders: each start would else send what it can.

Five starts without an orderly end in ten minutes are one alarm. The orders wait until the process
has lived ten minutes; a day's orders are not lost by that (the deadline is hours away).
"""

from datetime import datetime, timedelta

import structlog

from bot.events import OrdersFreed, OrdersHeld
from bot.storage.failing import StorageFailing
from bot.storage.starts import Starts
from bot.trading.desk import Desk
from bot.trading.holds import Hold

MANY = 5
WITHIN = timedelta(minutes=10)
QUIET = timedelta(hours=1)

log = structlog.get_logger(__name__)


class RestartGuard:
    """Count the starts of late; `again` is there while there were too many."""

    def __init__(self, desk: Desk, starts: Starts) -> None:
        self._desk = desk
        self._starts = starts
        self._until: datetime | None = None

    @property
    def again(self) -> bool:
        return self._until is not None

    async def begin(self) -> None:
        """Note this start; hold orders back and tell once an hour when there were too many."""
        now = self._desk.clock.now()
        try:
            count = await self._starts.begin(now, within=WITHIN)
            if count < MANY:
                return
            self._until = now + WITHIN
            self._desk.holds.put(Hold.RESTARTS, str(count))
            log.error("started again and again; orders wait", starts=count)
            if not await self._starts.held_since(now - QUIET):
                await self._starts.held(now)
                async with self._desk.recording() as recording:
                    held = OrdersHeld(why=Hold.RESTARTS.value, detail=str(count))
                    await recording.record(held)
        except StorageFailing:
            log.warning("this start could not be noted")

    async def look(self) -> datetime | None:
        """Let orders go when the process has lived long enough; answer when that is."""
        if self._until is None:
            return None
        if self._desk.clock.now() < self._until:
            return self._until
        self._until = None
        self._desk.holds.lift(Hold.RESTARTS)
        async with self._desk.recording() as recording:
            await recording.record(OrdersFreed(why=Hold.RESTARTS.value))
        return None

    async def end(self) -> None:
        """Note that the process ends as it should."""
        try:
            await self._starts.end()
        except StorageFailing:
            log.warning("this end could not be noted")

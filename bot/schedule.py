"""When the bot looks whether something is due: it only wakes, it decides nothing.

On the machine's clock APScheduler wakes it, and every minute besides: a laptop that slept, a clock
that jumped and a job that misfired all end in one more look. On the simulator's clock the clock
itself wakes it.
"""

import asyncio
from datetime import timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.bus import Bus
from bot.clock import Clock, SystemClock
from bot.commands import RunDue, Wake
from bot.events import (
    CycleChanged,
    CycleStarted,
    Event,
    ForeignFillDecided,
    OrderRecognised,
    OrderResent,
    OrdersFreed,
    ResendDeclined,
    RoundApproved,
    RoundCurtailed,
    RoundRestored,
    RoundSkipped,
    SplitDismissed,
    TradingResumed,
    UnattendedSet,
)

HEARTBEAT = timedelta(minutes=1)


class Schedule:
    """Ask `RunDue` at the times it names, at every nudge, and once a minute."""

    def __init__(self, bus: Bus, clock: Clock) -> None:
        self._bus = bus
        self._clock = clock
        self._nudged = asyncio.Event()

    async def run(self) -> None:
        """Look and rest in turn until cancelled."""
        undo = self._bus.notify(
            CycleChanged,
            CycleStarted,
            ForeignFillDecided,
            OrderRecognised,
            OrderResent,
            OrdersFreed,
            ResendDeclined,
            RoundApproved,
            RoundCurtailed,
            RoundRestored,
            RoundSkipped,
            SplitDismissed,
            TradingResumed,
            UnattendedSet,
            to=self._heard,
            name="schedule",
        )
        alarm = _Alarm(self._nudged) if isinstance(self._clock, SystemClock) else None
        try:
            while True:
                self._nudged.clear()
                wake = await self._bus.ask(RunDue())
                if alarm is not None:
                    alarm.set(wake)
                    await self._nudged.wait()
                else:
                    await self._clock.sleep_until(wake.at, hold=wake.hold, nudge=self._nudged)
        finally:
            undo()
            if alarm is not None:
                alarm.close()

    def _heard(self, event: Event) -> None:
        by = getattr(event, "by", None)
        if by is None or by.kind != "schedule":
            self._nudged.set()


class _Alarm:
    """APScheduler with two jobs that set one event: the next instant, and the heartbeat."""

    def __init__(self, ring: asyncio.Event) -> None:
        self._ring = ring
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._scheduler.add_job(
            self._strike,
            IntervalTrigger(seconds=int(HEARTBEAT.total_seconds()), timezone="UTC"),
            id="heartbeat",
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
        )
        self._scheduler.start()

    def set(self, wake: Wake) -> None:
        self._scheduler.add_job(
            self._strike,
            DateTrigger(run_date=wake.at, timezone="UTC"),
            id="wake",
            replace_existing=True,
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
        )

    def close(self) -> None:
        self._scheduler.shutdown(wait=False)

    async def _strike(self) -> None:
        self._ring.set()

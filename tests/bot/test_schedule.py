"""The schedule only wakes: at the times it is told, and when the owner or the bus nudges it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.bus import Bus
from bot.clock import SystemClock
from bot.commands import RunDue, Wake
from bot.events import Event, RoundApproved, RoundSubmitted, TradingResumed
from bot.nursery import Nursery
from bot.schedule import Schedule, _Alarm
from bot.trading.model import CONSOLE, SCHEDULE

FAR = timedelta(days=1)


class Looks:
    """The one who is asked: counts, and answers with the waits it was given, then far away."""

    def __init__(self, *waits: timedelta) -> None:
        self.waits = list(waits)
        self.count = 0
        self.more = asyncio.Condition()

    async def run_due(self, _command: RunDue) -> Wake:
        async with self.more:
            self.count += 1
            self.more.notify_all()
        wait = self.waits.pop(0) if self.waits else FAR
        return Wake(at=SystemClock().now() + wait)

    async def reached(self, count: int) -> None:
        async with asyncio.timeout(60), self.more:
            await self.more.wait_for(lambda: self.count >= count)


@pytest.fixture
async def bus() -> AsyncIterator[Bus]:
    async with Nursery() as nursery:
        yield Bus(nursery)


async def settled() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_a_time_that_has_passed_already_is_looked_at_at_once(bus: Bus) -> None:
    looks = Looks(-FAR, timedelta(seconds=-1))
    bus.handle(RunDue, looks.run_due)
    async with Nursery() as nursery:
        nursery.start(Schedule(bus, SystemClock()).run(), name="schedule")
        await looks.reached(3)
        await settled()
        assert looks.count == 3


@pytest.mark.parametrize(
    ("event", "looked"),
    [
        (TradingResumed(by=CONSOLE), 2),
        (RoundApproved(round_id="r", slots=(), by=CONSOLE), 2),
        (RoundApproved(round_id="r", slots=(), by=SCHEDULE), 1),
        (RoundSubmitted(round_id="r"), 1),
    ],
)
async def test_what_the_owner_does_is_looked_at_now_and_our_own_doings_are_not(
    bus: Bus, event: Event, looked: int
) -> None:
    looks = Looks()
    bus.handle(RunDue, looks.run_due)
    async with Nursery() as nursery:
        nursery.start(Schedule(bus, SystemClock()).run(), name="schedule")
        await looks.reached(1)
        await settled()
        bus.publish(event)
        await bus.drained()
        await looks.reached(looked)
        await settled()
        assert looks.count == looked


async def test_both_jobs_run_however_late_they_are() -> None:
    """APScheduler's own grace is one second: a laptop that slept would skip the day."""
    alarm = _Alarm(asyncio.Event())
    alarm.set(Wake(at=SystemClock().now() + FAR))
    scheduler: AsyncIOScheduler = alarm._scheduler
    jobs = {job.id: job for job in scheduler.get_jobs()}
    assert set(jobs) == {"heartbeat", "wake"}
    for job in jobs.values():
        assert (job.misfire_grace_time, job.coalesce, job.max_instances) == (None, True, 1)
    assert jobs["heartbeat"].trigger.interval == timedelta(minutes=1)
    alarm.close()

"""Market time: the machine's clock, and the simulator's own against the real simulator."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from bot.bus import Bus
from bot.clock import SimulatorClock, SystemClock
from bot.commands import RunDue, Wake
from bot.nursery import Nursery
from bot.schedule import Schedule
from kis.simulator.config import Pace, PaceKind
from tests.kis.simulator.desk import Desk, quick, running

HOUR = timedelta(hours=1)
START = datetime(2026, 10, 7, 9, tzinfo=UTC)
MANUAL = Pace()
JUMP = Pace(kind=PaceKind.JUMP)


@asynccontextmanager
async def market(pace: Pace) -> AsyncIterator[tuple[Desk, SimulatorClock]]:
    """A simulator and a clock that keeps its poll open."""
    async with (
        running(quick(pace=pace), with_token=False) as desk,
        Nursery() as nursery,
        asyncio.timeout(60),
    ):
        clock = SimulatorClock(desk.url)
        await clock.start()
        nursery.start(clock.run(), name="clock")
        yield desk, clock
        await clock.stop()


async def party(desk: Desk) -> dict[str, object]:
    parties = (await desk.control("GET", "clock"))["parties"]
    assert len(parties) == 1
    found: dict[str, object] = parties[0]
    return found


async def until_idle(desk: Desk) -> dict[str, object]:
    found = await party(desk)
    while not found["idle"]:
        found = await party(desk)
    return found


async def test_the_machines_clock_is_aware_and_does_not_wait_for_the_past() -> None:
    clock = SystemClock()
    assert clock.now().utcoffset() == timedelta(0)
    async with asyncio.timeout(60):
        await clock.sleep_until(clock.now() - HOUR)
        await clock.sleep(0)


async def test_the_machines_clock_is_woken_by_a_nudge() -> None:
    clock, nudge = SystemClock(), asyncio.Event()
    nudge.set()
    async with asyncio.timeout(60):
        await clock.sleep_until(clock.now() + HOUR, nudge=nudge, hold="approval")


def test_an_unread_simulators_clock_tells_no_time() -> None:
    with pytest.raises(RuntimeError, match="start"):
        SimulatorClock("http://127.0.0.1:1").now()


async def test_a_simulator_that_is_not_there_is_a_connection_error() -> None:
    clock = SimulatorClock("http://127.0.0.1:1")
    with pytest.raises(aiohttp.ClientError):
        await clock.start()
    await clock.close()


async def test_time_jumps_to_each_sleepers_instant_in_turn() -> None:
    async with market(JUMP) as (_, clock):
        woken: list[tuple[str, datetime]] = []

        async def sleeper(name: str, after: timedelta) -> None:
            await clock.sleep_until(START + after)
            with clock.working():
                woken.append((name, clock.now()))

        async with asyncio.TaskGroup() as group:
            group.create_task(sleeper("late", 3 * HOUR))
            group.create_task(sleeper("early", HOUR))
        assert woken == [("early", START + HOUR), ("late", START + 3 * HOUR)]


async def test_time_stands_still_while_somebody_works() -> None:
    async with market(JUMP) as (desk, clock), asyncio.TaskGroup() as group:
        task = group.create_task(clock.sleep_until(START + HOUR))
        with clock.working():
            for _ in range(20):
                assert not (await party(desk))["idle"]
            assert clock.now() == START
            assert not task.done()
        await task
        assert clock.now() == START + HOUR


async def test_a_worker_that_sleeps_lets_time_go_on_and_works_again_after_it() -> None:
    async with market(JUMP) as (desk, clock), asyncio.TaskGroup() as group:
        other = asyncio.Event()
        group.create_task(clock.sleep_until(START + HOUR, nudge=other))
        with clock.working():
            await clock.sleep(90)
            for _ in range(20):
                assert not (await party(desk))["idle"]
            assert clock.now() == START + timedelta(seconds=90)
            other.set()


async def test_an_open_approval_is_told_and_holds_time() -> None:
    async with market(JUMP) as (desk, clock), asyncio.TaskGroup() as group:
        nudge = asyncio.Event()
        task = group.create_task(clock.sleep_until(START + HOUR, hold="approval", nudge=nudge))
        found = await until_idle(desk)
        assert found["hold"] == "approval"
        assert found["until"] is not None
        assert clock.now() == START
        nudge.set()
        await task
        assert clock.now() == START


async def test_what_has_passed_is_not_waited_for() -> None:
    async with market(MANUAL) as (_, clock):
        await clock.sleep_until(START - HOUR)
        nudge = asyncio.Event()
        nudge.set()
        await clock.sleep_until(START + HOUR, nudge=nudge)
        assert clock.now() == START


async def test_time_moved_by_hand_wakes_who_is_due_and_waits_for_their_work() -> None:
    async with market(MANUAL) as (desk, clock), asyncio.TaskGroup() as group:
        seen: list[datetime] = []

        async def work() -> None:
            for hours in (1, 2):
                await clock.sleep_until(START + hours * HOUR)
                with clock.working():
                    await asyncio.sleep(0)
                    seen.append(clock.now())
            await clock.sleep_until(START + 99 * HOUR, nudge=end)

        end = asyncio.Event()
        group.create_task(work())
        await until_idle(desk)
        await desk.go((START + 3 * HOUR).isoformat())
        assert seen == [START + HOUR, START + 2 * HOUR]
        end.set()


async def test_a_clock_that_stops_no_longer_holds_time() -> None:
    async with running(quick(), with_token=False) as desk:
        clock = SimulatorClock(desk.url)
        await clock.start()
        assert not (await party(desk))["idle"]
        await clock.stop()
        assert (await desk.control("GET", "clock"))["parties"] == []


async def test_the_last_sessions_end_is_known() -> None:
    async with running(quick(), with_token=False) as desk:
        for sessions_left in (10, 0):
            clock = SimulatorClock(desk.url)
            await clock.read()
            assert clock.over is (sessions_left == 0)
            await clock.close()
            for _ in range(sessions_left):
                await desk.go("close")


async def test_the_schedule_looks_at_each_time_it_was_told_on_the_simulators_clock() -> None:
    async with market(JUMP) as (_, clock), Nursery() as nursery:
        bus = Bus(nursery, working=clock.working)
        looks: list[datetime] = []
        done = asyncio.Event()

        async def run_due(_command: RunDue) -> Wake:
            looks.append(clock.now())
            if len(looks) == 4:
                done.set()
            return Wake(at=clock.now() + HOUR)

        bus.handle(RunDue, run_due)
        nursery.start(Schedule(bus, clock).run(), name="schedule")
        await done.wait()
        assert looks[:4] == [START + n * HOUR for n in range(4)]

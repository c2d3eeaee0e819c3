"""The simulation's own floor: time, death, the disk and the wire do what their docstrings say."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.storage.database import Database, opened
from bot.storage.failing import StorageFailing
from tests.simulation.assassin import Assassin
from tests.simulation.clock import SimClock
from tests.simulation.disk import Disk
from tests.simulation.facts import Died, JournalWritten, Slept, Stuck
from tests.simulation.faults import quiet
from tests.simulation.loop import MOST_STEPS, Deadlock, Spinning, VirtualLoop
from tests.simulation.machine import Machine
from tests.simulation.process import Points, Process
from tests.simulation.world import World

START = datetime(2026, 10, 7, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def world() -> World:
    return World(7, START, quiet())


def process_in(world: World, *, kill_at: int | None = None) -> Process:
    machine = Machine(world)
    return Process(1, world, machine, Assassin(world, kill_at), Points())


# -- time ----------------------------------------------------------------------------------------


def test_time_jumps_to_the_next_timer(world: World) -> None:
    VirtualLoop(world).run_until_complete(asyncio.sleep(3600))
    assert world.now == START + 60 * MINUTE


def test_the_world_goes_on_before_a_later_timer(world: World) -> None:
    seen: list[datetime] = []
    world.later(10, lambda: seen.append(world.now))
    VirtualLoop(world).run_until_complete(asyncio.sleep(60))
    assert seen == [START + timedelta(seconds=10)]


def test_a_timer_is_never_early(world: World) -> None:
    loop = VirtualLoop(world)

    async def many() -> None:
        for thousandth in range(1, 500):
            wanted = loop.time() + thousandth / 997
            await asyncio.sleep(wanted - loop.time())
            assert loop.time() >= wanted - 2e-9

    loop.run_until_complete(many())


def test_the_shortest_of_timers_lets_time_move(world: World) -> None:
    loop = VirtualLoop(world)
    waiting = loop.create_future()
    loop.call_at(1e-18, waiting.set_result, None)
    loop.run_until_complete(waiting)
    assert world.now > START


def test_nothing_to_wait_for_is_a_deadlock(world: World) -> None:
    loop = VirtualLoop(world)
    with pytest.raises(Deadlock):
        loop.run_until_complete(loop.create_future())


async def _spin() -> None:
    while True:  # noqa: ASYNC110 - this is the bug that is to be seen
        await asyncio.sleep(0)


def test_turning_without_time_is_spinning(world: World) -> None:
    loop = VirtualLoop(world)
    with pytest.raises(Spinning):
        loop.run_until_complete(_spin())
    assert loop.turns == MOST_STEPS + 1


def test_a_thread_is_a_call_at_once(world: World) -> None:
    async def ask() -> list[int]:
        return await asyncio.to_thread(sorted, [2, 1])

    assert VirtualLoop(world).run_until_complete(ask()) == [1, 2]


# -- the machine's clock -------------------------------------------------------------------------


def test_a_wall_clock_that_jumps_wakes_the_schedule_within_a_minute(world: World) -> None:
    process = process_in(world)
    clock = SimClock(world, process.machine)
    nudge = asyncio.Event()
    world.later(60, lambda: process.machine.set_clock(timedelta(hours=1)))

    async def sleep() -> None:
        await clock.sleep_until(clock.now() + timedelta(hours=5), nudge=nudge)

    process.live(sleep)
    assert nudge.is_set()
    assert MINUTE < world.now - START <= 2 * MINUTE


@pytest.mark.parametrize("suspends", [True, False])
def test_a_machine_that_sleeps_lets_the_world_go_on_and_its_program_not(
    world: World, suspends: bool
) -> None:
    process = process_in(world)
    span = timedelta(hours=3)
    seen: list[datetime] = []
    world.later(60, lambda: process.machine.sleep(span, suspends=suspends))
    world.later(3600, lambda: seen.append(world.now))

    async def work() -> None:
        await asyncio.sleep(120)

    process.live(work)
    late = START + MINUTE + span
    assert seen == [START + 60 * MINUTE]
    assert [fact.since for fact in world.facts if isinstance(fact, Slept)] == [START + MINUTE]
    assert abs(world.now - (late + MINUTE if suspends else late)) <= timedelta(milliseconds=1)


# -- death ---------------------------------------------------------------------------------------


def test_a_killed_process_acts_no_more(world: World) -> None:
    process = process_in(world, kill_at=1)
    done: list[str] = []

    async def act(name: str) -> None:
        process.point(name)
        done.append(name)

    async def program() -> None:
        other = asyncio.get_running_loop().create_task(act("other, first"))
        try:
            await other
            await act("killed here")
        finally:
            try:
                await act("last words")
            finally:
                await asyncio.sleep(60)
                done.append("a minute later")

    process.live(program)
    assert done == ["other, first"]
    assert not process.alive
    assert [(fact.point, fact.why) for fact in world.facts if isinstance(fact, Died)] == [
        (1, "killed at killed here")
    ]


def test_a_process_may_be_ended_between_its_points(world: World) -> None:
    process = process_in(world)
    world.later(30, lambda: process.doom("its plug was pulled"))
    process.live(lambda: asyncio.sleep(60))
    assert world.now == START + timedelta(seconds=30)
    assert process.why == "its plug was pulled"


def test_a_program_that_fails_is_a_death_with_its_reason(world: World) -> None:
    async def fail() -> None:
        raise ValueError("no such thing")

    process = process_in(world)
    process.live(fail)
    assert process.why == "ValueError: no such thing"


def test_a_program_that_cannot_go_on_is_a_fact(world: World) -> None:
    process = process_in(world)
    process.live(_spin)
    assert [fact.why for fact in world.facts if isinstance(fact, Stuck)] == [process.why]


# -- the disk ------------------------------------------------------------------------------------

Work = Callable[[Database], Awaitable[None]]


def on_disk(process: Process, path: Path, work: Work) -> None:
    disk = Disk(process)

    async def program() -> None:
        async with opened(path, disk.connect) as database:
            await work(database)

    process.live(program)


async def _write(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.execute("INSERT INTO preference VALUES ('mark', 'x')")


def _written(path: Path) -> bool:
    with sqlite3.connect(path) as connection:
        return bool(connection.execute("SELECT 1 FROM preference WHERE name = 'mark'").fetchall())


def test_a_write_that_ended_well_is_in_the_file(world: World, tmp_path: Path) -> None:
    on_disk(process_in(world), tmp_path / "state", _write)
    assert _written(tmp_path / "state")


@pytest.mark.fault(54)
def test_a_kill_before_the_commit_leaves_nothing_and_after_it_everything(
    world: World, tmp_path: Path
) -> None:
    on_disk(process_in(world), tmp_path / "state", lambda _: asyncio.sleep(0))
    for kill_at, durable in ((0, False), (1, True)):
        process = process_in(world, kill_at=kill_at)
        on_disk(process, tmp_path / "state", _write)
        assert process.why.startswith("killed at disk.commit")
        assert _written(tmp_path / "state") is durable


@pytest.mark.fault(61)
def test_a_full_disk_takes_nothing_until_there_is_room_again(world: World, tmp_path: Path) -> None:
    process = process_in(world)

    async def work(database: Database) -> None:
        process.machine.full_until = world.now + MINUTE
        with pytest.raises(StorageFailing):
            await _write(database)
        await asyncio.sleep(61)
        await _write(database)

    on_disk(process, tmp_path / "state", work)
    assert process.why == "ended by itself"
    assert _written(tmp_path / "state")


@pytest.mark.fault(62)
def test_a_failing_disk_fails_before_and_after_the_write_is_durable(
    world: World, tmp_path: Path
) -> None:
    found: set[tuple[str, bool]] = set()

    async def work(database: Database) -> None:
        process.machine.failing_until = world.now + timedelta(hours=1)
        for number in range(200):
            came = "to the write"
            try:
                async with database.transaction() as tx:
                    await tx.execute("INSERT INTO preference VALUES (?, '')", (str(number),))
                    came = "to the commit"
                came = "to its end"
            except StorageFailing:
                pass
            row = await database.one("SELECT 1 FROM preference WHERE name = ?", (str(number),))
            found.add((came, row is not None))

    process = process_in(world)
    on_disk(process, tmp_path / "state", work)
    assert process.why == "ended by itself"
    assert found == {
        ("to the write", False),
        ("to the commit", False),
        ("to the commit", True),
        ("to its end", True),
    }


def test_a_commit_that_grew_the_journal_is_a_fact(world: World, tmp_path: Path) -> None:
    async def work(database: Database) -> None:
        async with database.transaction() as tx:
            await tx.insert("INSERT INTO journal (at, type, body) VALUES ('', 'X', '')")

    on_disk(process_in(world), tmp_path / "state", work)
    assert [fact.seq for fact in world.facts if isinstance(fact, JournalWritten)] == [1]


def test_a_line_that_was_undone_is_no_fact_of_the_next_commit(world: World, tmp_path: Path) -> None:
    async def work(database: Database) -> None:
        with suppress(LookupError):
            async with database.transaction() as tx:
                await tx.insert("INSERT INTO journal (at, type, body) VALUES ('', 'X', '')")
                raise LookupError
        async with database.transaction() as tx:
            await tx.execute("INSERT INTO preference VALUES ('a', '')")

    process = process_in(world)
    on_disk(process, tmp_path / "state", work)
    assert process.why == "ended by itself"
    assert not any(isinstance(fact, JournalWritten) for fact in world.facts)

"""Background tasks: errors are logged under the task's name, and the end is the end."""

import asyncio

from structlog.testing import capture_logs

from bot.nursery import Nursery


async def test_an_error_in_the_background_is_logged_with_its_tasks_name() -> None:
    async def fail() -> None:
        raise ArithmeticError("broken")

    with capture_logs() as lines:
        async with Nursery() as nursery:
            await nursery.start(fail(), name="websocket")
            assert nursery.failed.is_set()
    assert [(line["event"], line["task"], line["log_level"]) for line in lines] == [
        ("background task failed", "websocket", "error")
    ]


async def test_what_still_runs_at_the_exit_is_cancelled_and_waited_for() -> None:
    ended: list[str] = []

    async def wait() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            ended.append("tidied up")

    async with Nursery() as nursery:
        nursery.start(wait(), name="waiter")
        await asyncio.sleep(0)
    assert ended == ["tidied up"]


async def test_one_failure_leaves_the_other_tasks_running() -> None:
    async def fail() -> None:
        raise ArithmeticError

    done = asyncio.Event()

    async def work() -> None:
        await asyncio.sleep(0)
        done.set()

    async with Nursery() as nursery:
        nursery.start(fail(), name="failing")
        nursery.start(work(), name="working")
        async with asyncio.timeout(60):
            await done.wait()


async def test_cancelling_a_task_is_no_failure() -> None:
    async with Nursery() as nursery:
        task = nursery.start(asyncio.Event().wait(), name="waiter")  # type: ignore[arg-type] # its True is of no use
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        assert not nursery.failed.is_set()


async def test_whoever_asked_is_told_that_a_task_failed() -> None:
    told: list[str] = []

    async def breaks() -> None:
        raise ValueError("a bug")

    async with Nursery(on_failure=lambda: told.append("failed")) as nursery:
        nursery.start(breaks(), name="breaks")
        await nursery.failed.wait()
    assert told == ["failed"]

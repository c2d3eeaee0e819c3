"""The only caller of create_task: tasks with a name, whose errors are never lost."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Self

import structlog

log = structlog.get_logger(__name__)


class Nursery:
    """Keep background tasks: a failure is logged with its task's name and told to `on_failure`.

    Leaving the context cancels whatever still runs and waits for it.
    """

    def __init__(self, *, on_failure: Callable[[], None] = lambda: None) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        self._on_failure = on_failure
        self.failed = asyncio.Event()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def start(self, work: Coroutine[Any, Any, None], *, name: str) -> asyncio.Task[None]:
        """Run `work` in the background under `name`; cancel the answered task to stop it."""
        task = asyncio.create_task(self._guard(work, name), name=name)  # noqa: TID251 - the one place
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _guard(self, work: Coroutine[Any, Any, None], name: str) -> None:
        try:
            await work
        except Exception:  # the nursery is one of the three places where any error stops
            log.exception("background task failed", task=name)
            self.failed.set()
            self._on_failure()

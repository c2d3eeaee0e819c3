"""The laboratory's bench: one work at a time in a worker process, however many people look on.

Streamlit draws every look anew; what runs meanwhile stands here, in a thread with an event loop.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from functools import lru_cache
from itertools import count
from pathlib import Path

from bot.errors import MuhanError
from bot.laboratory.errand import Brought, Step
from bot.laboratory.grid_errand import Grid
from bot.laboratory.workshop import OnStep, Workshop

Result = Brought | Grid
Work = Callable[[Workshop, OnStep], Awaitable[Result]]


class Job:
    """Somebody's work: how far it is, and at its end what it brought or why it did not.

    A later one has a higher number.
    """

    def __init__(self, number: int, user_id: int, title: str) -> None:
        self.number = number
        self.user_id = user_id
        self.title = title
        self.step = Step(name="start", done=0, total=0)
        self.future: Future[Result] = Future()

    async def hear(self, step: Step) -> None:
        self.step = step

    @property
    def over(self) -> bool:
        return self.future.done()

    @property
    def stopped(self) -> bool:
        return self.future.cancelled()

    @property
    def result(self) -> Result | None:
        """Give what it brought; None while it runs, and where it brought nothing."""
        ended = self.over and not self.stopped and self.future.exception() is None
        return self.future.result() if ended else None

    @property
    def error(self) -> MuhanError | None:
        """Give why it brought nothing; None where it was stopped."""
        found = self.future.exception() if self.over and not self.stopped else None
        if found is None or isinstance(found, MuhanError):
            return found
        return MuhanError(
            f"계산을 하지 못했습니다 ({found}): 디스크와 메모리를 확인하고 다시 해 주세요.",
            f"The work could not be done ({found}): look at the disk and at memory, and try again.",
        )


class Bench:
    """Begin a work, look at it, stop it. Asked from Streamlit's threads."""

    def __init__(self, home: Path) -> None:
        self.workshop = Workshop(home)
        self._loop = asyncio.new_event_loop()
        self._lock = threading.Lock()
        self._numbers = count(1)
        self._running: Job | None = None
        self._last: dict[tuple[int, type[Result]], Job] = {}
        threading.Thread(target=self._loop.run_forever, name="laboratory", daemon=True).start()

    def running(self) -> Job | None:
        """Give the work that is not over, whoever began it."""
        job = self._running
        return None if job is None or job.over else job

    def begin(self, user_id: int, title: str, kind: type[Result], work: Work) -> Job | None:
        """Begin a work that brings a kind of result; None while another one runs."""
        with self._lock:
            if self.running() is not None:
                return None
            job = Job(next(self._numbers), user_id, title)
            job.future = asyncio.run_coroutine_threadsafe(self._carried(job, work), self._loop)
            self._running = self._last[user_id, kind] = job
            return job

    def last(self, user_id: int, kind: type[Result]) -> Job | None:
        """Give what a person had run last of a kind."""
        return self._last.get((user_id, kind))

    async def _carried(self, job: Job, work: Work) -> Result:
        return await work(self.workshop, job.hear)


@lru_cache(maxsize=1)
def bench_of(home: Path) -> Bench:
    """Give the bench of a MUHAN_HOME: there is one in the process."""
    return Bench(home)

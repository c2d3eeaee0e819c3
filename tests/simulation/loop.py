"""An event loop whose time is the world's: when nothing is ready, time jumps to what comes next.

`loop.time()` is this machine's monotonic clock, from 0 at the loop's birth: it starts small because
a float of 1.7e9 s has steps coarser than asyncio's own clock resolution, and timers would never
fire. There are no sockets and no threads here.
"""

import asyncio
import math
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.simulation.world import World

RESOLUTION = 1e-6
MOST_STEPS = 10_000
"""Turns of the loop in one virtual second before it counts as spinning (I8)."""


class Deadlock(Exception):
    """Nothing is ready, no timer runs and nothing in the world is going to happen."""


class Spinning(Exception):
    """The loop turns and turns while time stands still."""


class _Jump:
    """What asyncio asks to wait for sockets: it lets the world go on instead."""

    def __init__(self, loop: "VirtualLoop") -> None:
        self._loop = loop

    def select(self, timeout: float | None) -> list[Any]:
        if self._loop.busy:
            self._loop.turn()
        else:
            self._loop.wait(timeout)
        return []


class VirtualLoop(asyncio.BaseEventLoop):
    """Run one process's coroutines in a world; `woken` is called whenever the world has gone on.

    Raises Deadlock and Spinning out of `run_until_complete`.
    """

    def __init__(self, world: World, woken: Callable[[], None] = lambda: None) -> None:
        super().__init__()
        self.set_debug(enabled=False)
        self._clock_resolution = RESOLUTION
        self._selector = _Jump(self)
        self._world = world
        self._woken = woken
        self._birth = world.now
        self._suspended = timedelta()
        self._second = 0
        self._turns = 0
        self.turns = 0
        self.dead = False

    def time(self) -> float:
        return (self._world.now - self._birth - self._suspended).total_seconds()

    def suspend(self, slept: timedelta) -> None:
        """Take a span of the world's time out of this machine's monotonic clock."""
        self._suspended += slept

    @property
    def busy(self) -> bool:
        """Whether something is ready to run without any waiting."""
        return bool(self._ready) or self._stopping  # type: ignore[attr-defined]

    # -- time ------------------------------------------------------------------------------------

    def turn(self) -> None:
        """Count a turn that takes no time; a dead process takes none."""
        if self.dead:
            self._woken()
        self.turns += 1
        second = int(self.time())
        if second != self._second:
            self._second, self._turns = second, 0
        self._turns += 1
        if self._turns > MOST_STEPS:
            raise Spinning(f"{self._turns} turns of the loop within a second")

    def wait(self, timeout: float | None) -> None:
        """Let the world go on until a timer of ours is due or something happened, if sooner."""
        self.turns += 1
        upcoming = self._world.next_at
        if timeout is None:
            if upcoming is None:
                raise Deadlock("no timer is running and nothing is going to happen")
            self._world.advance(upcoming)
        else:
            # A microsecond is the finest step of the world's time. A timer must never be early, and
            # time must move: aiolimiter would wait for 1e-18 s again and again.
            steps = max(1, math.ceil(timeout * 1e6 - 1e-3))
            due = self._world.now + timedelta(microseconds=steps)
            self._world.advance(due if upcoming is None or due < upcoming else upcoming)
        self._woken()

    # -- what asyncio wants of a loop --------------------------------------------------------------

    def run_in_executor(  # type: ignore[override]
        self, executor: Any, func: Callable[..., Any], *args: Any
    ) -> asyncio.Future[Any]:
        """Call at once: a thread would take the order of things out of our hands."""
        del executor
        answered = self.create_future()
        try:
            answered.set_result(func(*args))
        except Exception as error:  # noqa: BLE001 - whatever it is belongs to whoever awaits
            answered.set_exception(error)
        return answered

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        if not self.dead:
            super().call_exception_handler(context)

    def _process_events(self, event_list: list[Any]) -> None:
        del event_list

    def _write_to_self(self) -> None:
        return

    def _asyncgen_finalizer_hook(self, agen: Any) -> None:
        if not self.dead:
            super()._asyncgen_finalizer_hook(agen)  # type: ignore[misc]

    def __del__(self) -> None:
        """Nothing is open: there are no sockets and no threads."""

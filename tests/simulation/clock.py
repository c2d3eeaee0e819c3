"""The machine's clock as the program reads it: true time and the machine's error."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from tests.simulation.machine import Machine
from tests.simulation.world import World


class SimClock:
    """A `bot.clock.Clock`; it waits on the monotonic clock, as production does.

    A sleeper with a nudge is the schedule: when the wall clock has jumped its heartbeat looks
    again, so its nudge is set then.
    """

    def __init__(self, world: World, machine: Machine) -> None:
        self._world = world
        self._machine = machine
        self._nudges: dict[asyncio.Event, int] = {}
        machine.jumped = self._look_again

    def now(self) -> datetime:
        return self._world.now + self._machine.skew

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def sleep_until(
        self, at: datetime, *, hold: str | None = None, nudge: asyncio.Event | None = None
    ) -> None:
        del hold
        left = max(0.0, (at - self.now()).total_seconds())
        woken = nudge or asyncio.Event()
        if nudge is not None:
            self._nudges[nudge] = 1
        try:
            await asyncio.wait_for(woken.wait(), left)
        except TimeoutError:
            return
        finally:
            self._nudges.pop(woken, None)

    @contextmanager
    def working(self) -> Iterator[None]:
        yield

    def _look_again(self) -> None:
        for nudge in self._nudges:
            nudge.set()

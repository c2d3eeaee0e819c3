"""One incarnation of the program: its loop, its numbered I/O points, its death.

A dead incarnation acts no more: every port goes through `point`, which raises Killed for ever
after, so that what `finally` blocks do on the way out stays without effect.
"""

import asyncio
import inspect
import warnings
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from bot.errors import MuhanError
from tests.simulation.assassin import Assassin
from tests.simulation.facts import Died, Ready, Slept, Started, Stuck
from tests.simulation.loop import Deadlock, Spinning, VirtualLoop
from tests.simulation.machine import Machine
from tests.simulation.world import World

END_OF_RUN = "end of run"
DEEPEST = 200
"""How many awaits on its way out a dead coroutine may try."""


class Killed(SystemExit):
    """The process is gone. A SystemExit, because asyncio lets only such leave the loop at once."""


@dataclass(kw_only=True)
class Points:
    """Number the I/O points of a whole run, over all incarnations."""

    passed: int = 0


class Process:
    """Run the program once, until it is killed, ends by itself or the run is over."""

    def __init__(
        self, number: int, world: World, machine: Machine, assassin: Assassin, points: Points
    ) -> None:
        self.number = number
        self.alive = True
        self.ready = False
        self.why = ""
        self.world = world
        self.machine = machine
        self.loop = VirtualLoop(world, self._woken)
        self._assassin = assassin
        self._points = points
        self._at_death: list[Callable[[], None]] = []

    def point(self, name: str) -> None:
        """Pass a numbered I/O point; it may be the last. Raises Killed, for ever after."""
        if not self.alive:
            raise Killed
        index = self._points.passed
        self._points.passed += 1
        self.world.trace.add(self.world.now, name)
        fault = self._assassin.strikes(index, recovering=not self.ready)
        if fault is not None:
            self._die(index, f"{fault.value} at {name}")
            raise Killed

    def doom(self, why: str) -> None:
        """End the process between two points, whatever it is waiting for."""
        if self.alive:
            self._die(self._points.passed, why)

    def at_death(self, action: Callable[[], None]) -> None:
        """Have something happen when the process dies: a file closed, a listener gone."""
        self._at_death.append(action)

    def is_ready(self) -> None:
        """Note that start-up is over."""
        self.ready = True
        self.world.note(Ready(at=self.world.now, process=self.number))

    def live(self, program: Callable[[], Awaitable[None]]) -> None:
        """Run the program to its end; `alive` is False afterwards and `why` says what ended it."""
        self.world.note(Started(at=self.world.now, process=self.number))
        try:
            self.loop.run_until_complete(_coroutine(program))
            self._die(self._points.passed, "ended by itself")
        except Killed:
            pass
        except (Deadlock, Spinning) as error:
            why = f"{type(error).__name__}: {error}"
            self.world.note(Stuck(at=self.world.now, process=self.number, why=why))
            self._die(self._points.passed, why)
        except MuhanError as error:
            self._die(self._points.passed, f"{type(error).__name__}: {error.sentence('en')}")
        except Exception as error:  # noqa: BLE001 - what Python itself would print before it exits
            self._die(self._points.passed, f"{type(error).__name__}: {error}")
        finally:
            self._bury()

    def _die(self, point: int, why: str) -> None:
        self.alive = False
        self.why = why
        self.loop.dead = True
        for action in self._at_death:
            action()
        if why != END_OF_RUN:
            self.world.note(Died(at=self.world.now, process=self.number, point=point, why=why))

    def end(self) -> None:
        """End the run with this process alive: nothing is held against it."""
        if self.alive:
            self._die(self._points.passed, END_OF_RUN)

    def _woken(self) -> None:
        """Follow the world: sleep when the machine does, and stop when the process is gone."""
        until = self.machine.asleep_until
        if until is not None:
            since = self.world.now
            self.machine.asleep_until = None
            self.world.advance(until)
            if self.machine.suspends:
                self.loop.suspend(self.world.now - since)
            self.world.note(Slept(at=self.world.now, process=self.number, since=since))
            self.machine.set_clock(self.machine.skew)
        if not self.alive:
            raise Killed

    def _bury(self) -> None:
        """Unwind what the dead left: its `finally` blocks find every port closed."""
        with warnings.catch_warnings():
            # Of what was to be awaited and never will be, nobody wants to hear.
            warnings.simplefilter("ignore", RuntimeWarning)
            for task in asyncio.all_tasks(self.loop):
                task._log_destroy_pending = False  # type: ignore[attr-defined]
                _unwind(task.get_coro())


async def _coroutine(program: Callable[[], Awaitable[None]]) -> None:
    await program()


def _unwind(coroutine: Any) -> None:
    if inspect.getcoroutinestate(coroutine) == inspect.CORO_CREATED:
        # The nursery's guard that never ran holds the work that never ran either.
        for value in coroutine.cr_frame.f_locals.values():
            if inspect.iscoroutine(value):
                value.close()
    for _ in range(DEEPEST):
        try:
            coroutine.throw(Killed())
        except BaseException:  # noqa: BLE001 - it is over, by whatever way
            return

"""The owner's machine: its wall clock may be wrong, it may fall asleep, its disk may be full.

It outlives the processes on it. Rows 51, 52, 53, 61 and 62 of the catalogue are thrown here, a few
times a day each.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from tests.simulation.facts import FaultStruck
from tests.simulation.faults import Fault
from tests.simulation.world import World

EVERY = timedelta(hours=8)
HEARTBEAT = 60.0
"""Seconds after which the schedule looks again when the wall clock jumped (bot/schedule.py)."""


class Machine:
    """`skew` is what the wall clock is ahead of true time (negative: behind)."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.skew = timedelta()
        self.asleep_until: datetime | None = None
        self.suspends = False
        self.full_until: datetime | None = None
        self.failing_until: datetime | None = None
        self.jumped: Callable[[], None] = lambda: None
        self._troubles: dict[Fault, Callable[[], str]] = {
            Fault.CLOCK_WRONG: self._set_wrong,
            Fault.ASLEEP: self._fall_asleep,
            Fault.WAKES_TWICE: self._wake,
            Fault.DISK_FULL: self._fill,
            Fault.DISK_FAILS: self._fail,
        }
        world.later(0.0, self._spell)

    @property
    def disk_full(self) -> bool:
        return self.full_until is not None and self._world.now < self.full_until

    @property
    def disk_fails(self) -> bool:
        return self.failing_until is not None and self._world.now < self.failing_until

    def set_clock(self, skew: timedelta) -> None:
        """Move the wall clock; sleepers hear of it within a heartbeat, as on a real machine."""
        self.skew = skew
        self.beat()

    def beat(self) -> None:
        """Have the schedule's heartbeat look, within its minute."""
        wait = self._world.chance("machine heartbeat").uniform(0.0, HEARTBEAT)
        self._world.later(wait, self._jump)

    def _jump(self) -> None:
        self.jumped()  # of the process that runs then

    def sleep(self, span: timedelta, *, suspends: bool) -> None:
        """Stand still from now on; `suspends` stops the monotonic clock too, as closing a lid."""
        self.asleep_until = self._world.now + span
        self.suspends = suspends

    def _spell(self) -> None:
        """Throw for the next hours' troubles and spread those that come over them."""
        chance = self._world.chance("machine")
        for fault in self._troubles:
            if self._world.strikes(fault):
                after = chance.uniform(0.0, EVERY.total_seconds())
                self._world.later(after, lambda fault=fault: self._strike(fault))  # type: ignore[misc]
        self._world.later(EVERY.total_seconds(), self._spell)

    def _strike(self, fault: Fault) -> None:
        detail = self._troubles[fault]()
        self._world.note(FaultStruck(at=self._world.now, fault=fault.value, detail=detail))

    def _span(self, shortest: float, longest: float) -> timedelta:
        """Throw a span of seconds: short ones are as likely as long ones, by factors."""
        chance = self._world.chance("machine")
        return timedelta(seconds=round(shortest * (longest / shortest) ** chance.random(), 3))

    def _set_wrong(self) -> str:
        chance = self._world.chance("machine")
        skew = timedelta(seconds=chance.choice((-3600, -120, -45, -20, 20, 45, 120, 3600)))
        self.set_clock(skew)
        right_again = self._span(600, 43_200).total_seconds()
        self._world.later(right_again, lambda: self.set_clock(timedelta()))
        return f"{skew.total_seconds():.0f} s for {right_again:.0f} s"

    def _fall_asleep(self) -> str:
        span = self._span(5, 36_000)
        suspends = self._world.chance("machine").random() < 0.5
        self.sleep(span, suspends=suspends)
        return f"{span.total_seconds():.0f} s, {'suspended' if suspends else 'stopped'}"

    def _wake(self) -> str:
        self.jumped()
        return "the schedule fires once more"

    def _fill(self) -> str:
        span = self._span(5, 21_600)
        self.full_until = self._world.now + span
        return f"{span.total_seconds():.0f} s"

    def _fail(self) -> str:
        span = self._span(5, 3_600)
        self.failing_until = self._world.now + span
        return f"{span.total_seconds():.0f} s"

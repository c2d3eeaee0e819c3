"""Throwing for faults at the broker, and writing down those that truly struck."""

from tests.simulation.facts import FaultStruck
from tests.simulation.faults import Fault
from tests.simulation.world import World

MOST = 0.6
"""The likeliest that a throw of several occasions gets: some sessions stay without."""


class Mishaps:
    """A world's faults as the broker meets them: thrown here, counted when they happen."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._today: set[tuple[Fault, str]] = set()

    def on(self, fault: Fault) -> bool:
        """Tell whether the seed has a fault at all."""
        return self._world.swarm.rates.get(fault, 0.0) > 0.0

    def comes(self, fault: Fault, occasions: int = 1) -> bool:
        """Throw for a fault that is still to happen: nothing is counted yet.

        One throw may stand for several occasions: a session is one throw and a whole day of them.
        """
        rate = self._world.swarm.rates.get(fault, 0.0)
        likely = max(rate, min(rate * occasions, MOST))
        return rate > 0.0 and self._world.chance(f"fault {fault}").random() < likely

    def struck(self, fault: Fault, detail: str) -> None:
        """Count a fault that happens here and now."""
        self._world.swarm.hits[fault] += 1
        self._world.note(FaultStruck(at=self._world.now, fault=fault.value, detail=detail))

    def struck_today(self, fault: Fault, what: str) -> None:
        """Count what lasts a session once, when it is met."""
        if (fault, what) not in self._today:
            self._today.add((fault, what))
            self.struck(fault, what)

    def begin_day(self) -> None:
        """Begin a session: what was met is forgotten."""
        self._today.clear()

    def strikes(self, fault: Fault, detail: str, occasions: int = 1) -> bool:
        """Throw for a fault, and count it when it comes."""
        if not self.comes(fault, occasions):
            return False
        self.struck(fault, detail)
        return True

    def met(self, circumstance: Fault) -> None:
        """Count a plain circumstance, which is nobody's fault."""
        self._world.swarm.hits[circumstance] += 1

"""Throwing for faults at the broker, and writing down those that truly struck."""

from tests.simulation.facts import FaultStruck
from tests.simulation.faults import Fault
from tests.simulation.world import World


class Mishaps:
    """A world's faults as the broker meets them: thrown here, counted when they happen."""

    def __init__(self, world: World) -> None:
        self._world = world

    def on(self, fault: Fault) -> bool:
        """Tell whether the seed has a fault at all."""
        return self._world.swarm.rates.get(fault, 0.0) > 0.0

    def comes(self, fault: Fault) -> bool:
        """Throw for a fault that is still to happen: nothing is counted yet."""
        rate = self._world.swarm.rates.get(fault, 0.0)
        return rate > 0.0 and self._world.chance(f"fault {fault}").random() < rate

    def struck(self, fault: Fault, detail: str) -> None:
        """Count a fault that happens here and now."""
        self._world.swarm.hits[fault] += 1
        self._world.note(FaultStruck(at=self._world.now, fault=fault.value, detail=detail))

    def strikes(self, fault: Fault, detail: str) -> bool:
        """Throw for a fault, and count it when it comes."""
        if not self.comes(fault):
            return False
        self.struck(fault, detail)
        return True

    def met(self, circumstance: Fault) -> None:
        """Count a plain circumstance, which is nobody's fault."""
        self._world.swarm.hits[circumstance] += 1

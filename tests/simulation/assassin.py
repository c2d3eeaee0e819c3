"""Who ends processes: at one numbered I/O point, or at any by a seed's rate."""

from tests.simulation.faults import Fault
from tests.simulation.world import World

OFTEN = 40.0
"""A swarm's rate is per occasion, and a day has some hundred points: this evens it out."""
MOST = 400
RESTS = (1.0, 30.0, 7 * 3600.0)
"""Seconds until the program is up again after a kill at a chosen point, by the point's number."""


class Assassin:
    """Decide at every point whether it is the process's last.

    With `kill_at` it is that point's, and in the recovery after it any by the seed's rate.
    """

    def __init__(self, world: World, kill_at: int | None = None) -> None:
        self._world = world
        self._kill_at = kill_at
        self._chance = world.chance("assassin")
        self.kills = 0

    def strikes(self, index: int, *, recovering: bool) -> Fault | None:
        """Tell whether the process dies at this point, and by which row of the catalogue."""
        if self._kill_at is not None and not (recovering and self.kills):
            if index != self._kill_at:
                return None
            self.kills += 1
            return Fault.KILLED
        fault = Fault.KILLED_IN_RECOVERY if recovering else Fault.KILLED
        rate = self._world.swarm.rates.get(fault, 0.0)
        if rate <= 0.0 or self.kills >= MOST:
            return None
        per_point = rate if recovering else rate / OFTEN
        if self._chance.random() >= per_point:
            return None
        self.kills += 1
        self._world.swarm.hits[fault] += 1
        return fault

    def rest(self) -> float:
        """Throw how many seconds pass until the service manager has the program up again."""
        if self._kill_at is not None:
            return RESTS[self._kill_at % len(RESTS)]
        throw = self._chance.random()
        if throw < 0.6:
            return self._chance.uniform(1.0, 5.0)
        if throw < 0.85:
            return self._chance.uniform(5.0, 900.0)
        return self._chance.uniform(900.0, 7 * 3600.0)

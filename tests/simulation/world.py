"""Everything outside the program: true time, chance, what is going to happen, and what did.

One heap of instants drives the world. Nothing here belongs to a process: a request on its way lands
whether or not whoever sent it is still alive. Time is aware UTC; chance has one stream a name, so
that one more throw here moves no other.
"""

import heapq
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

from tests.simulation.facts import Fact
from tests.simulation.faults import Fault, Swarm
from tests.simulation.trace import Trace


class World:
    """One seed's world. `now` only moves by `advance`; `facts` is what the judge reads."""

    def __init__(self, seed: int, start: datetime, swarm: Swarm) -> None:
        self.seed = seed
        self.now = start
        self.start = start
        self.swarm = swarm
        self.facts: list[Fact] = []
        self.trace = Trace()
        self._streams: dict[str, random.Random] = {}
        self._agenda: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = count()

    def chance(self, name: str) -> random.Random:
        """Give the stream of chance of a name; the same name is the same stream."""
        if name not in self._streams:
            self._streams[name] = random.Random(f"{self.seed}/{name}")
        return self._streams[name]

    def strikes(self, fault: Fault) -> bool:
        """Throw for a fault that could happen here and now; count it when it does."""
        rate = self.swarm.rates.get(fault, 0.0)
        if rate <= 0.0 or self.chance(f"fault {fault}").random() >= rate:
            return False
        self.swarm.hits[fault] += 1
        return True

    def later(self, seconds: float, action: Callable[[], None]) -> None:
        """Do something so many seconds from now."""
        self.at(self.now + timedelta(seconds=seconds), action)

    def at(self, instant: datetime, action: Callable[[], None]) -> None:
        """Do something at an instant (now, when that has passed)."""
        heapq.heappush(self._agenda, (max(instant, self.now), next(self._order), action))

    @property
    def next_at(self) -> datetime | None:
        """When the next thing happens; None when nothing will."""
        return self._agenda[0][0] if self._agenda else None

    def advance(self, to: datetime) -> None:
        """Move time forward through everything that is due, in order."""
        while self._agenda and self._agenda[0][0] <= to:
            instant, _, action = heapq.heappop(self._agenda)
            self.now = max(self.now, instant)
            action()
        self.now = max(self.now, to)

    def note(self, fact: Fact) -> None:
        """Write down what truly happened."""
        self.facts.append(fact)
        self.trace.add(self.now, fact)

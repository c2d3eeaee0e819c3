"""Row 78: a flood of ticks over the websocket, and the owner who says /stop or /pause into it."""

from tests.simulation.facts import FaultStruck
from tests.simulation.faults import Fault
from tests.simulation.kis.broker import SimulatedKis
from tests.simulation.market import LISTED, Print
from tests.simulation.owner import Owner
from tests.simulation.world import World

TICKS = 1_000
"""Ticks of a flood that a seed throws; the row's 10^5 have a test of their own."""
DAY = 86400.0


class Flood:
    """Throw for a flood once a day; `pour` makes one."""

    def __init__(self, world: World, broker: SimulatedKis, owner: Owner) -> None:
        self._world = world
        self._broker = broker
        self._owner = owner
        self._chance = world.chance("flood")
        world.later(0.0, self._every_day)

    def _every_day(self) -> None:
        rate = self._world.swarm.rates.get(Fault.FLOOD, 0.0)
        if rate > 0.0 and self._chance.random() < rate:
            self._world.later(self._chance.uniform(0, DAY), self._flood)
        self._world.later(DAY, self._every_day)

    def _flood(self) -> None:
        """Flood whoever listens; nobody does while the program is down."""
        if self._broker.pushes.heard:
            self.pour(TICKS)
            self._owner.mean(self._chance.choice(("/stop", "/pause")))

    def pour(self, ticks: int) -> None:
        """Push so many ticks within a moment, at the market's price."""
        self._world.swarm.hits[Fault.FLOOD] += 1
        detail = f"{ticks} ticks"
        self._world.note(FaultStruck(at=self._world.now, fault=Fault.FLOOD.value, detail=detail))
        pushes, market = self._broker.pushes, self._broker.exchange.market
        for number in range(ticks):
            listed = LISTED[number % 2]
            one = Print(self._world.now, market.last(listed.symbol), "day")
            pushes.trade(listed, one)

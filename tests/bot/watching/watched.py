"""The trading room of the trading tests with the watching joined to it, as the bot's root does."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime

from bot.trading.holds import Hold
from bot.watching.room import Watching
from tests.bot.trading.counter import WorldClock
from tests.bot.trading.floor import Floor


class Wall(WorldClock):
    """The world's clock for whoever asks; a sleep on it lets others run and moves nothing."""

    def __init__(self, world: WorldClock) -> None:
        super().__init__(world.at)
        self._world = world

    def now(self) -> datetime:
        return self._world.now()

    async def sleep(self, seconds: float) -> None:
        del seconds
        await asyncio.sleep(0.001)


@dataclass
class Watched:
    """A floor, its watching, and what was said without the state file."""

    floor: Floor
    watching: Watching
    said: list[tuple[Hold, str]] = field(default_factory=list)


async def watch(floor: Floor) -> Watched:
    """Join the watching to a room and begin."""
    said: list[tuple[Hold, str]] = []

    async def say(hold: Hold, detail: str) -> None:
        said.append((hold, detail))

    watching = Watching(floor.trading, floor.database, Wall(floor.clock), say=say)
    await watching.begin()
    return Watched(floor=floor, watching=watching, said=said)

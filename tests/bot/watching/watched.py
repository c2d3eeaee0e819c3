"""The trading room of the trading tests with the watching joined to it, as the bot's root does."""

from dataclasses import dataclass, field

from bot.trading.holds import Hold
from bot.watching.room import Watching
from tests.bot.trading.floor import Floor


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

    watching = Watching(floor.trading, floor.database, floor.clock, say=say)
    await watching.begin()
    return Watched(floor=floor, watching=watching, said=said)

"""What is wrong with the chat just now, and a day's throws for what will be (rows 67 to 76)."""

import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from tests.simulation.facts import FaultStruck
from tests.simulation.faults import Fault
from tests.simulation.world import World

EVER = datetime.max.replace(tzinfo=UTC)
DOWN_FOR = timedelta(hours=2)
LONGEST_LOG = math.log(3600)  # seconds of retry_after: mostly short, seldom an hour
SHORTEST_CONFLICT, LONGEST_CONFLICT = 20, 3600
SHORTEST_BLOCK, LONGEST_BLOCK = 1800, 3 * 86400
FOR_EVER = 0.1
BY_WEBHOOK = 0.3
DAY = 86400

DAILY = (Fault.CHAT_DOWN, Fault.BLOCKED, Fault.OTHER_POLLER, Fault.OLD_BUTTON, Fault.STRANGER)


class Trouble:
    """Remember until when the chat is down, limited, blocked or polled by somebody else."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._down = self._limited = self._blocked = self._taken = world.start
        self.webhook = ""
        self.begins: dict[Fault, Callable[[], None]] = {}

    def every_day(self) -> None:
        """Throw for the day's troubles, spread what struck over it, and come again tomorrow."""
        chance = self._world.chance("chat day")
        for fault in (*DAILY, Fault.OLD_BUTTON):  # old ones lie about for longer than a day
            if self.comes(fault):
                self._world.later(chance.uniform(0, DAY), self.begins[fault])
        self._world.later(DAY, self.every_day)

    def comes(self, fault: Fault) -> bool:
        """Throw for a fault that is still to happen: nothing is counted yet."""
        rate = self._world.swarm.rates.get(fault, 0.0)
        return rate > 0.0 and self._world.chance(f"fault {fault}").random() < rate

    def struck(self, fault: Fault, detail: str = "") -> None:
        """Count and note a fault that happens here and now."""
        self._world.swarm.hits[fault] += 1
        self._world.note(FaultStruck(at=self._world.now, fault=fault.value, detail=detail))

    # -- what holds now --------------------------------------------------------------------------

    @property
    def down(self) -> bool:
        return self._world.now < self._down

    @property
    def blocked(self) -> bool:
        return self._world.now < self._blocked

    @property
    def for_ever(self) -> bool:
        return self._blocked is EVER

    @property
    def taken(self) -> bool:
        """Tell whether somebody else polls."""
        return self._world.now < self._taken

    def retry_after(self) -> int:
        """Say how many seconds the chat still takes no message; 0 when it does."""
        left = math.ceil((self._limited - self._world.now).total_seconds())
        if left > 0:
            return left
        if not self.comes(Fault.TOO_MANY_REQUESTS):
            return 0
        seconds = round(math.exp(self._world.chance("retry after").random() * LONGEST_LOG))
        self._limited = self._world.now + timedelta(seconds=seconds)
        self.struck(Fault.TOO_MANY_REQUESTS, f"{seconds} s")
        return seconds

    # -- what begins -----------------------------------------------------------------------------

    def go_down(self, spell: timedelta = DOWN_FOR) -> None:
        self._down = self._world.now + spell
        self.struck(Fault.CHAT_DOWN, f"{spell}")

    def block(self) -> timedelta | None:
        """Have the owner block the bot; answer for how long, None for ever."""
        chance = self._world.chance("block")
        if chance.random() < FOR_EVER:
            self._blocked = EVER
            self.struck(Fault.BLOCKED, "for ever")
            return None
        spell = timedelta(seconds=chance.uniform(SHORTEST_BLOCK, LONGEST_BLOCK))
        self._blocked = self._world.now + spell
        self.struck(Fault.BLOCKED, f"{spell.total_seconds():.0f} s")
        return spell

    def unblock(self) -> None:
        self._blocked = self._world.now

    def take_over(self) -> None:
        """Let somebody with the token poll too, or set a webhook that lasts until it is removed."""
        chance = self._world.chance("other poller")
        if chance.random() < BY_WEBHOOK:
            self.webhook = "https://thief.example/hook"
            self.struck(Fault.OTHER_POLLER, "webhook")
            return
        seconds = chance.uniform(SHORTEST_CONFLICT, LONGEST_CONFLICT)
        self._taken = self._world.now + timedelta(seconds=seconds)
        self.struck(Fault.OTHER_POLLER, f"{seconds:.0f} s")

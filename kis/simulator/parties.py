"""Who waits for market time, how a wait ends, and why time cannot be moved."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto

from kis.simulator.model import NEW_YORK


class ClockRefusalError(Exception):
    """Time cannot be moved as asked; the text is the sentence for the caller."""


class PartyBusyError(ClockRefusalError):
    """A party stayed busy longer than anybody waits for it."""


class Woken(Enum):
    """How a wait came to its end."""

    DUE = auto()
    TIMED_OUT = auto()
    REPLACED = auto()
    CLOSING = auto()


@dataclass(slots=True)
class Party:
    """Somebody for whom time stands still until it waits."""

    name: str
    busy_since: float
    until: datetime | None = None
    hold: str | None = None
    waiter: asyncio.Future[Woken] | None = field(default=None, repr=False)

    @property
    def idle(self) -> bool:
        return self.waiter is not None and not self.waiter.done()

    def described(self) -> dict[str, object]:
        """Give the party as the control surface shows it."""
        return {
            "party": self.name,
            "until": None if self.until is None else iso(self.until),
            "hold": self.hold,
            "idle": self.idle,
        }


def iso(instant: datetime) -> str:
    """Write an instant with New York's offset."""
    return instant.astimezone(NEW_YORK).isoformat()

"""What the owner wants of a run once it holds nothing, and that it ended."""

from dataclasses import dataclass
from datetime import date

from bot.events.event import Event
from bot.trading.model import Actor, Afterwards
from strategy.model import Cycle


@dataclass(frozen=True, kw_only=True, slots=True)
class AfterwardsSet(Event):
    """The owner said what becomes of a run when it holds nothing: it goes on, rests, or ends.

    One that goes on after a rest has no round before `first_session`; else that is None.
    """

    cycle_id: int
    symbol: str
    afterwards: Afterwards
    by: Actor
    first_session: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CycleEnded(Event):
    """A run that holds nothing is over: nothing is planned for it any more."""

    cycle_id: int
    symbol: str
    cycle: Cycle
    by: Actor

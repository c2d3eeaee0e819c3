"""What may be asked about the end of a run: that it goes on, rests or ends."""

from dataclasses import dataclass
from datetime import date

from bot.commands.command import Command
from bot.trading.model import Actor, Afterwards


@dataclass(frozen=True, kw_only=True, slots=True)
class SetAfterwards(Command["AfterwardsAnswer"]):
    """Say what becomes of a run when it holds nothing; a round that has not begun to go is skipped.

    Raises `Refusal` when the run is over, or that was said already.
    """

    cycle_id: int
    afterwards: Afterwards
    by: Actor
    tap: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AfterwardsAnswer:
    """What was done at once: `at_rest` says that the run holds nothing.

    `skipped`: its waiting round was skipped; `out`: its round is at the broker already. A run that
    goes on after a rest begins with `first_session`.
    """

    at_rest: bool
    skipped: bool
    out: bool
    ended: bool
    first_session: date | None

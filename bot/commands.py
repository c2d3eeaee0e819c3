"""What may be asked of the running bot: imperative, answered once, errors go back to the asker.

Each command names its answer in its docstring. `tap` is the one-use key of the button that asked;
it is used up in the same transaction as the effect. Questions that only read (status, history) do
not pass here: they read `storage.views`.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Generic, TypeVar

from bot.trading.model import Actor, Approval
from strategy.model import Plan, Rules

Answer_co = TypeVar("Answer_co", covariant=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Command(Generic[Answer_co]):
    """A request whose answer is of the type in brackets."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StartCycle(Command[int]):
    """Begin a cycle; answers its id. Raises `Refusal` when the symbol already runs."""

    rules: Rules
    principal: Decimal
    approval: Approval
    by: Actor


@dataclass(frozen=True, kw_only=True, slots=True)
class ApproveRound(Command[None]):
    """Let a proposed round go out. Raises `Refusal` when it changed, lapsed, or was decided."""

    round_id: str
    digest: str
    by: Actor
    tap: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SkipRound(Command[None]):
    """Let a session pass: before sending the round is void. Raises `Refusal` when too late."""

    round_id: str
    digest: str
    by: Actor
    tap: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ResendOrder(Command[None]):
    """Send an order that was found absent as a new slot. Raises `Refusal` near the cut-off."""

    slot: str
    by: Actor
    tap: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Pause(Command[None]):
    """Hold back buys (and sells, with `everything`) from now on."""

    everything: bool
    by: Actor
    tap: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Resume(Command[None]):
    """Lift a pause, a stop or a mismatch's hold."""

    by: Actor
    tap: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Stop(Command["StopAnswer"]):
    """Let no buy or sell go out from now on; `cancel` also cancels our own open orders."""

    cancel: bool
    by: Actor
    tap: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class StopAnswer:
    """How many of our open orders were asked to be cancelled, and how many are confirmed gone."""

    asked: int
    confirmed: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PreviewPlan(Command["tuple[PlanPreview, ...]"]):
    """Plan the next session of every running cycle from what is known now; sends nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanPreview:
    cycle_id: int
    session: str
    plan: Plan | None
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Wake:
    """When to look again, and why a simulated clock should stand still until then."""

    at: datetime
    hold: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class RunDue(Command[Wake]):
    """Do whatever journal and clock say is due; answers when to ask again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BookFills(Command[None]):
    """Ask the broker for fills of the running session, because a notice hinted at one."""

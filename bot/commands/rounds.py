"""What may be asked about a round and its orders."""

from dataclasses import dataclass

from bot.commands.command import Command
from bot.trading.model import Actor
from strategy.model import Plan


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
class DeclineResend(Command[None]):
    """Leave an absent order unsent. Raises `Refusal` when there is nothing to decline."""

    slot: str
    by: Actor
    tap: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ResolveAmbiguous(Command[None]):
    """Say which of its candidates an order is, or (None) that it is none of them.

    Raises `Refusal` when that is decided already.
    """

    slot: str
    order_number: str | None
    by: Actor
    tap: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CorrectRound(Command[None]):
    """Book a settled round, and those after it, again with what the broker showed later.

    Raises `Refusal` while a round of the cycle is out, and when the ledger was changed since.
    """

    round_id: str
    by: Actor
    tap: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PreviewPlan(Command["tuple[PlanPreview, ...]"]):
    """Plan the next session of every running cycle from what is known now; sends nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanPreview:
    cycle_id: int
    session: str
    plan: Plan | None
    reason: str

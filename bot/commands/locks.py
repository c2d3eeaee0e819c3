"""What may be asked about what guards the account: modes, the emergency stop, consent, people."""

from dataclasses import dataclass, field
from datetime import date

from bot.commands.command import Command
from bot.commands.running import StopAnswer
from bot.trading.model import Actor, Approval


@dataclass(frozen=True, kw_only=True, slots=True)
class Kill(Command[StopAnswer]):
    """Let nothing go out until `Unlock`; `cancel` also cancels our own open orders."""

    cancel: bool
    by: Actor
    tap: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Unlock(Command[None]):
    """Lift the emergency stop; trading is stopped then. Raises `Refusal` for a wrong code.

    The console needs no code, and a venue without real money only where a secret was made.
    """

    by: Actor
    code: str = field(default="", repr=False)
    tap: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AskLock(Command["LockState"]):
    """Say whether the emergency stop is on and what lifts it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LockState:
    """`needs_code`: it is lifted by a code; `has_secret`: the app that shows it was set up."""

    killed: bool
    needs_code: bool
    has_secret: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class PreviewApproval(Command["ApprovalPreview"]):
    """Show what stands in the way of another approval. Raises `Refusal` for no such cycle."""

    cycle_id: int
    approval: Approval


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """One line of the checklist, by a code of its own."""

    name: str
    passed: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ApprovalPreview:
    """A step up with its checklist, or one down, which has none.

    `out` is the session of a round that is on its way already and keeps its approval.
    """

    cycle_id: int
    symbol: str
    before: Approval
    after: Approval
    up: bool
    checks: tuple[Check, ...]
    needs_code: bool
    out: date | None = None

    @property
    def passed(self) -> bool:
        return all(check.passed for check in self.checks)


@dataclass(frozen=True, kw_only=True, slots=True)
class SetApproval(Command[None]):
    """Change who lets a cycle's rounds go out.

    Raises `Refusal` when `before` is not what it is any more, and on the way up when the checklist
    does not hold or, for real money, the code is wrong.
    """

    cycle_id: int
    before: Approval
    after: Approval
    by: Actor
    code: str = field(default="", repr=False)
    tap: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class GiveConsent(Command[None]):
    """Record that the owner has read the risks and agrees. `method` is a version ("4.0")."""

    edition: str
    method: str
    by: Actor
    tap: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Join(Command[str]):
    """Let somebody in by a pairing code; answers his role. Raises `Refusal` for a dead code."""

    user_id: int
    name: str
    code: str = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class RevokePerson(Command[None]):
    """Let somebody in no more."""

    user_id: int
    by: Actor
    tap: str | None = None

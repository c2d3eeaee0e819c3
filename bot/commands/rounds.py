"""What may be asked about a round and its orders."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from bot.commands.command import Command
from bot.commands.running import StopAnswer
from bot.trading.model import Actor, Approval, RoundState, Slot, Unattended
from strategy.model import Plan
from strategy.what_if import Outcome


@dataclass(frozen=True, kw_only=True, slots=True)
class ApproveRound(Command[None]):
    """Let a proposed round go out. Raises `Refusal` when it changed, lapsed, or was decided."""

    round_id: str
    digest: str
    by: Actor
    tap: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SkipRound(Command["SkipAnswer"]):
    """Let a session pass: before sending the round is void, after it our own buys are cancelled.

    `sells` cancels the sells too. Raises `Refusal` from half an hour before the close on, and when
    the round changed or is over.
    """

    round_id: str
    digest: str
    by: Actor
    sells: bool = False
    tap: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SkipAnswer:
    """What calling a round back came to: nothing was out yet, or what its cancels found."""

    void: bool
    cancelled: StopAnswer | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanAgain(Command[None]):
    """Plan a round anew that was skipped before it went out. Raises `Refusal` when it is too late.

    Nothing of the skipped round is revived; the new one waits for its own approval.
    """

    round_id: str
    by: Actor
    tap: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PreviewRestore(Command["RestorePreview"]):
    """Show what of a round that was called back can go out again. Raises `Refusal` for nothing."""

    round_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RestorePreview:
    """The orders that would go out once more, as new ones; `digest` names them."""

    symbol: str
    slots: tuple[Slot, ...]
    digest: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RestoreRound(Command[int]):
    """Send a called-back round's cancelled orders as new ones; answers how many.

    Raises `Refusal` when anything differs from what `digest` names, or it is too late.
    """

    round_id: str
    digest: str
    by: Actor
    tap: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PreviewNow(Command["tuple[NowPreview, ...]"]):
    """Show of every cycle whether tonight's round can be ordered now; sends nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NowPreview:
    """Where a cycle's session stands; `plan` with its `digest` only where it may be ordered now.

    `state` is the round's, None without one. `reason` says why it cannot: a code, with the
    broker's own words behind it.
    """

    cycle_id: int
    symbol: str
    session: date
    approval: Approval
    state: RoundState | None
    plan: Plan | None = None
    digest: str = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderNow(Command[None]):
    """Plan a session that has no round, or a skipped one, and let it go out as it was shown.

    Raises `Refusal` when the plan is another by now, it is too late, or the round goes already.
    """

    cycle_id: int
    session: date
    digest: str
    by: Actor
    tap: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CancelOrders(Command[StopAnswer]):
    """Cancel some of our own orders; answers what the broker's list shows of them afterwards.

    One that has not gone out does not go any more. Raises `Refusal` when none of them can be
    cancelled.
    """

    slots: tuple[str, ...]
    by: Actor
    tap: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SetUnattended(Command[None]):
    """Choose what goes out of a cycle's rounds without a tap.

    Raises `Refusal` for no cycle; for more than before with real money, also when the checklist
    of `SetApproval` does not hold or the code is wrong.
    """

    cycle_id: int
    choice: Unattended
    by: Actor
    code: str = field(default="", repr=False)
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


@dataclass(frozen=True, kw_only=True, slots=True)
class ExplainSession(Command["tuple[Explained, ...]"]):
    """Decide a session's rounds once more from the journal's own inputs; writes nothing."""

    session: date


@dataclass(frozen=True, kw_only=True, slots=True)
class Explained:
    """A round, and what the rules of today make of the ledger and the closes of then.

    `differs` names what is not the same: orders, unit, star, phase, ledger; empty when they agree.
    """

    round_id: str
    closes: tuple[Decimal, ...]
    plan: Plan
    again: Plan | None
    differs: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class SupposeClose(Command["tuple[Supposed, ...]"]):
    """Play the coming session at a supposed close (USD), or so many percent off the last one.

    Raises `Refusal` for a symbol without a cycle and for a close that is no price.
    """

    symbol: str
    close: Decimal | None = None
    percent: Decimal | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Supposed:
    """A cycle's plan for a session and what a close would make of it; `reason` where it has none.

    `previous` is the last known close (USD).
    """

    cycle_id: int
    session: date
    plan: Plan | None = None
    previous: Decimal | None = None
    outcome: Outcome | None = None
    reason: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class CompareAccount(Command["tuple[Compared, ...]"]):
    """Hold every symbol's ledger against the account; writes nothing.

    Raises `Refusal` when the broker does not answer.
    """


@dataclass(frozen=True, kw_only=True, slots=True)
class Compared:
    """A symbol on both sides, in shares.

    `held` is the account's less those set aside (`aside`); `unbooked` are fills that the broker
    lists and the journal lacks, sales negative; `by_hand` told hand trades that no ledger has yet.
    `gone` are our open orders that a complete list does not show, `foreign` open ones not ours.
    """

    symbol: str
    ledger: int
    held: int
    aside: int
    by_hand: int
    unbooked: int
    open_orders: int
    gone: int
    foreign: int
    complete: bool

    @property
    def agrees(self) -> bool:
        """Tell whether nothing is left to be booked or looked into."""
        explained = self.held in (self.ledger, self.ledger + self.by_hand)
        return explained and not self.unbooked and not self.gone and self.complete


@dataclass(frozen=True, kw_only=True, slots=True)
class ReconcileNow(Command[int]):
    """Book what the broker lists and the journal lacks; answers how many orders had news.

    Raises `Refusal` when the broker does not answer.
    """

    by: Actor
    tap: str | None = None

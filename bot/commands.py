"""What may be asked of the running bot: imperative, answered once, errors go back to the asker.

Each command names its answer in its docstring. `tap` is the one-use key of the button that asked;
it is used up in the same transaction as the effect. Questions that only read (status, history) do
not pass here: they read `storage.views`.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Generic, TypeVar

from bot.trading.holds import Hold
from bot.trading.model import Actor, Approval, Fate, RestingOrder
from bot.trading.refusal import Refusal
from strategy.changes import Change, CycleChange, Effect, HandTrade, ShareSplit
from strategy.model import Cycle, Phase, Plan, Rules

Answer_co = TypeVar("Answer_co", covariant=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Command(Generic[Answer_co]):
    """A request whose answer is of the type in brackets."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StartCycle(Command[int]):
    """Begin a cycle; answers its id.

    Raises `Refusal` when the symbol already runs, unless it is to run `beside` that cycle. No round
    comes before `first_session`. `not_ours` shares of the symbol in the account are not the bot's
    (None: as told before).
    """

    rules: Rules
    principal: Decimal
    approval: Approval
    by: Actor
    beside: bool = False
    first_session: date | None = None
    not_ours: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Position:
    """A position to be taken over in mid-cycle, as the owner tells of it (USD, shares).

    `turn`, `principal`, `unit`, `phase` and `step` are `strategy.takeover.import_position`'s.
    `not_ours` shares of the symbol are not the bot's (None: as told before). `no_reservations` is
    the owner's word, where the broker lists no reservation orders.
    """

    rules: Rules
    quantity: int
    average: Decimal
    cash: Decimal
    turn: Decimal | None = None
    principal: Decimal | None = None
    unit: Decimal | None = None
    phase: Phase = Phase.NORMAL
    step: int = 0
    not_ours: int | None = None
    no_reservations: bool = False
    beside: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class PreviewImport(Command["ImportPreview"]):
    """Hold a position against the broker; writes nothing. Raises `Refusal`."""

    position: Position


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportPreview:
    """What taking a position over would begin with, and how the broker sees it.

    `other_cycles` are the shares that cycles of the symbol hold already; `off_by` is the broker's
    average less the given one (USD), None where there is nothing to compare. `resting_known` says
    whether the list of resting orders is whole. `refusals` say what stands in the way.
    """

    cycle: Cycle
    turn_from_cost: Decimal
    turn_needed: bool
    broker_quantity: int
    broker_average: Decimal
    other_cycles: int
    not_ours: int
    off_by: Decimal | None
    resting: tuple[RestingOrder, ...]
    resting_known: bool
    first_session: date
    refusals: tuple[Refusal, ...]
    digest: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportCycle(Command[int]):
    """Take a position over as it was shown; answers the cycle's id.

    Raises `Refusal` when the broker's shares or average differ, T is missing where it has to be
    told, or anything differs from what `digest` names.
    """

    position: Position
    approval: Approval
    digest: str
    by: Actor
    tap: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PreviewChange(Command["ChangePreview"]):
    """Show what a change would do, and from which session; writes nothing. Raises `Refusal`."""

    cycle_id: int
    change: CycleChange


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangePreview:
    """The effect of a change on a cycle as its ledger stands now; `digest` names all of it."""

    cycle_id: int
    symbol: str
    change: Change
    effect: Effect
    turn_from_cost: Decimal
    from_session: date
    waits: bool
    digest: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeCycle(Command[date]):
    """Make a change as it was shown; answers the first session that is planned with it.

    It waits while a round of the cycle is out. Raises `Refusal` when the effect is no longer the
    one that `digest` names, or the cycle cannot take the change. Share splits are `SplitShares`.
    """

    cycle_id: int
    change: CycleChange
    digest: str
    by: Actor
    tap: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PreviewSplit(Command["SplitPreview"]):
    """Show what a share split does to every cycle of a symbol. Raises `Refusal`.

    `first_session` is the first at the new price (None: the next to be planned).
    """

    symbol: str
    split: ShareSplit
    first_session: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SplitPreview:
    """The effects of a split, cycle by cycle, and what becomes of the shares set aside."""

    symbol: str
    cycles: tuple[ChangePreview, ...]
    not_ours_before: int
    not_ours_after: int
    from_session: date
    waits: bool
    digest: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SplitShares(Command[date]):
    """Book a share split on every cycle of a symbol at once; answers its first session.

    Raises `Refusal` like `ChangeCycle`, and when orders were filled at the new price already.
    """

    symbol: str
    split: ShareSplit
    digest: str
    by: Actor
    first_session: date | None = None
    tap: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PreviewForeign(Command["ForeignPreview"]):
    """Show what a hand trade does to a cycle, with the owner's T or the rule's. Raises `Refusal`.

    `session` and `number` name the order at the broker.
    """

    session: date
    number: str
    cycle_id: int
    turn: Decimal | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ForeignPreview:
    """A hand trade as a cycle would take it, and its effect; `counted` when T may be edited."""

    trade: HandTrade
    shown: ChangePreview
    counted: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class AdoptForeign(Command[date]):
    """Take a hand trade into a cycle as it was shown; answers the first session planned with it.

    It waits while a round of the cycle is out. Raises `Refusal` like `ChangeCycle`, and when the
    trade was decided before.
    """

    session: date
    number: str
    cycle_id: int
    digest: str
    by: Actor
    turn: Decimal | None = None
    tap: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SetForeignAside(Command[int]):
    """Call a hand trade's shares not the bot's; answers how many of the symbol are so now.

    Shares bought are set aside, shares sold are taken from those. Raises `Refusal` when the trade
    was decided before, or more was sold than is set aside.
    """

    session: date
    number: str
    by: Actor
    tap: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AdoptMoney(Command["date | None"]):
    """Take USD that moved into a cycle (seed, dividend), or leave them out of every ledger.

    `fate` is SEED, DIVIDEND or LEFT. Answers the first session planned with them, None when left.
    Raises `Refusal` like `ChangeCycle`, and when it was decided before.
    """

    move_id: int
    fate: Fate
    by: Actor
    cycle_id: int | None = None
    digest: str = ""
    tap: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PreviewAcceptance(Command["AcceptancePreview"]):
    """Show what bringing the ledger to the broker's shares does to a cycle. Raises `Refusal`.

    The price is not known: the shares are booked at the last one.
    """

    cycle_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class AcceptancePreview:
    """The missing or surplus shares as a trade, and its effect on the cycle.

    `likely_split` is the ratio ("2:1") that would explain them instead, "" for none.
    """

    trade: HandTrade
    shown: ChangePreview
    ledger: int
    broker: int
    likely_split: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class AcceptBroker(Command[date]):
    """Bring the ledger to the broker's shares by the trade that was shown.

    Raises `Refusal` like `ChangeCycle`, and when the difference is another one by now.
    """

    cycle_id: int
    trade: HandTrade
    digest: str
    by: Actor
    tap: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class DismissSplit(Command[None]):
    """Say that an announced split does not concern the ledger. Raises `Refusal` for no such."""

    symbol: str
    by: Actor
    tap: str | None = None


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
    """How many of our orders stood or may have, how many are seen cancelled, how many may be left.

    A fill that came before its cancel is in neither of the last two.
    """

    asked: int
    confirmed: int
    left: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class HoldOrders(Command[None]):
    """Let no new order go out because of the chat; asked again, nothing happens."""

    why: Hold
    detail: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class FreeOrders(Command[None]):
    """Take back what the chat held orders back for; nothing happens when it does not stand."""

    why: Hold


@dataclass(frozen=True, kw_only=True, slots=True)
class NoteWebhook(Command[None]):
    """Journal, and so tell, that somebody set a webhook on our bot; `host` is where it led."""

    host: str


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

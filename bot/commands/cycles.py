"""What may be asked about a cycle: begin it, take a position over, change it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.commands.command import Command
from bot.trading.model import Actor, Approval, RestingOrder, Unattended
from bot.trading.refusal import Refusal
from strategy.changes import Change, CycleChange, Effect, ShareSplit
from strategy.model import Cycle, Phase, Rules


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
    unattended: Unattended = Unattended.NOTHING
    tap: str | None = None


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
    unattended: Unattended = Unattended.NOTHING


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

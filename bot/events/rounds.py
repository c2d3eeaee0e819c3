"""What happened to a round, from its plan to its settlement."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from bot.events.event import Event, Priority
from bot.trading.model import Actor, Approval, Slot, Unattended
from strategy.cycle import FinishedCycle
from strategy.model import Cycle, Market, Plan


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundProposed(Event):
    """Tonight's orders were planned from the ledger and the closes, and shown to the owner.

    `emulated`: the venue takes no LOC and no MOC, so limit orders near the close stand for them.
    """

    round_id: str
    cycle_id: int
    session: date
    plan: Plan
    market: Market
    digest: str
    approval: Approval
    deadline: datetime
    emulated: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundApproved(Event):
    """A round may go out; its slots are fixed in the order in which they will be sent."""

    priority: ClassVar[Priority] = Priority.ORDER
    round_id: str
    slots: tuple[Slot, ...]
    by: Actor


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundSubmitted(Event):
    """Every slot of a round has been to the counter or has a reason why not."""

    priority: ClassVar[Priority] = Priority.ORDER
    round_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundSkipped(Event):
    """The owner let a session pass without orders."""

    round_id: str
    by: Actor


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundCurtailed(Event):
    """The owner called a round that was out back: its buys, with `sells` everything, end here.

    What stands is cancelled from now on, and nothing more of it is sent; a fill wins.
    """

    priority: ClassVar[Priority] = Priority.ORDER
    round_id: str
    sells: bool
    by: Actor


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundRestored(Event):
    """The owner took back that he let a session pass: what goes out of it is made anew."""

    priority: ClassVar[Priority] = Priority.ORDER
    round_id: str
    by: Actor


@dataclass(frozen=True, kw_only=True, slots=True)
class UnattendedApplied(Event):
    """Nobody decided about a round in time: what the owner had chosen for that goes out."""

    priority: ClassVar[Priority] = Priority.ALARM
    round_id: str
    choice: Unattended


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundLapsed(Event):
    """The deadline came without a tap (or trading was paused or stopped): nothing was sent."""

    priority: ClassVar[Priority] = Priority.ALARM
    round_id: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundMissed(Event):
    """A session passed for which no round could be made."""

    priority: ClassVar[Priority] = Priority.ALARM
    round_id: str
    cycle_id: int
    session: date
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ReminderDue(Event):
    """A round still waits for a tap, so many minutes before its deadline."""

    round_id: str
    minutes: int


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundVerified(Event):
    """After the open every order of a round was looked for at the broker; `missing` are gone."""

    round_id: str
    missing: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundSettled(Event):
    """After the close a session's fills were booked and the cycle moved to its next state.

    `close` is our own LOC or MOC fill's price, or the broker's last price, provisional until noon
    in Seoul.
    """

    round_id: str
    cycle_id: int
    session: date
    before: Cycle
    after: Cycle
    bought: int
    sold: int
    realized: Decimal
    fees: Decimal
    close: Decimal | None
    provisional: bool
    finished: FinishedCycle | None
    notes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundCorrected(Event):
    """The broker showed more of a round after it was settled: it was booked again, by the rules.

    The figures are the round's as they are now. `follows`: it was booked on what another corrected
    round left. `ledger_before` is the cycle as it stood, equal to `after` when nothing changed.
    """

    priority: ClassVar[Priority] = Priority.ALARM
    round_id: str
    cycle_id: int
    session: date
    before: Cycle
    after: Cycle
    ledger_before: Cycle
    bought: int
    sold: int
    realized: Decimal
    fees: Decimal
    finished: FinishedCycle | None
    notes: tuple[str, ...]
    follows: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundForeseen(Event):
    """What a session will have done if its close stays at the last price; nothing is booked by it.

    For a venue that settles at the official close, which comes hours later. USD, shares.
    """

    round_id: str
    session: date
    close: Decimal
    bought: int
    sold: int
    realized: Decimal
    turn: Decimal
    quantity: int


@dataclass(frozen=True, kw_only=True, slots=True)
class CloseConfirmed(Event):
    """A session's official close is final, so that imitated orders can be held against it (USD)."""

    round_id: str
    session: date
    close: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundDelayed(Event):
    """A round's orders are not all out, so many minutes before its deadline, for the reasons named.

    `missing` counts the orders that have not gone out, None while the round waits for its approval.
    """

    priority: ClassVar[Priority] = Priority.ALARM
    round_id: str
    minutes: int
    missing: int | None
    reasons: tuple[str, ...]

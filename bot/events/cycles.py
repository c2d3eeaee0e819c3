"""What happened to a cycle and its symbol by the owner's word."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from bot.events.event import Event, Priority
from bot.trading.model import Actor, Approval, RestingOrder, Unattended
from strategy.changes import Change, CycleChange, ShareSplit
from strategy.model import Cycle


@dataclass(frozen=True, kw_only=True, slots=True)
class CycleStarted(Event):
    """A run of the method began on a symbol, with its rules, its money and what it holds already.

    No round comes before `first_session`. One that was taken over `waits_for_resting` orders of the
    symbol to be gone; `no_reservations` is the owner's word where the broker lists none.
    """

    cycle_id: int
    cycle: Cycle
    approval: Approval
    by: Actor
    first_session: date | None = None
    waits_for_resting: bool = False
    no_reservations: bool = False
    unattended: Unattended = Unattended.NOTHING


@dataclass(frozen=True, kw_only=True, slots=True)
class UnattendedSet(Event):
    """The owner chose what goes out of a cycle's rounds when nobody taps in time.

    `step` is the half minute of the code that allowed it, None where none was needed.
    """

    cycle_id: int
    choice: Unattended
    by: Actor
    step: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeAgreed(Event):
    """The owner's change waits until the round that is out is settled; then it is booked."""

    change_id: int
    cycle_id: int
    symbol: str
    change: CycleChange
    from_session: date
    by: Actor


@dataclass(frozen=True, kw_only=True, slots=True)
class SplitAgreed(Event):
    """The owner told of a share split; it is booked before `from_session` is planned."""

    change_id: int
    symbol: str
    split: ShareSplit
    from_session: date
    by: Actor


@dataclass(frozen=True, kw_only=True, slots=True)
class CycleChanged(Event):
    """A change of the owner's was booked; `from_session` is the first that is planned with it."""

    cycle_id: int
    change: Change
    from_session: date
    before: Cycle
    after: Cycle
    by: Actor
    change_id: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeDropped(Event):
    """A waiting change could not be booked when its time came, and is void."""

    priority: ClassVar[Priority] = Priority.ALARM
    change_id: int
    symbol: str
    change: Change
    korean: str
    english: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SharesSetAside(Event):
    """So many shares of a symbol in the account are not the bot's: the owner's word."""

    symbol: str
    quantity: int
    by: Actor


@dataclass(frozen=True, kw_only=True, slots=True)
class RestingOrdersSeen(Event):
    """Orders that are not ours rest on the symbol of a cycle that was taken over: it sends nothing.

    Not `known` when the broker's list was not whole: then there may be more.
    """

    priority: ClassVar[Priority] = Priority.ALARM
    cycle_id: int
    symbol: str
    orders: tuple[RestingOrder, ...]
    known: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class RestingOrdersGone(Event):
    """No order but ours rests on the symbol any more: the cycle's orders may go out."""

    cycle_id: int
    symbol: str
